package dev.tributary.standalone.correct;

import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Topics;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;

/**
 * Posts what differs in what is spread, one run for each. The owner of the ledger forgets such a
 * line once its run is closed, so a second run at the same time could book it twice; therefore the
 * opening carries a token, the first opening counts, and only who holds the run plans what it posts
 * - from the ledger as it is then.
 */
final class SpreadRun {
  /**
   * What became of the runs.
   *
   * @param busy what another run holds, left alone
   * @param refused commands the owner refused, by reason
   */
  record Outcome(long commands, List<Spread> busy, Map<String, Long> refused) {}

  private final CorrectionClients clients;
  private final String tenant;
  private final String token;
  private final Clock clock;
  private final boolean isTakingOver;

  /**
   * A run of a tenant.
   *
   * @param token tells this opening from others
   * @param isTakingOver true: closes what another process left open
   */
  SpreadRun(
      CorrectionClients clients, String tenant, String token, Clock clock, boolean isTakingOver) {
    this.clients = clients;
    this.tenant = tenant;
    this.token = token;
    this.clock = clock;
    this.isTakingOver = isTakingOver;
  }

  /** The booked lines, read now, against what is wanted. */
  static Map<Spread, List<LineChange>> plan(CorrectionClients clients, SpreadPlan plan) {
    try (TopicReader<LedgerEntry> ledger = clients.reader(Topics.LEDGER)) {
      for (TopicPartition partition : ledger.partitions()) {
        NetFold<LineChange> fold = plan.fold();
        ledger.read(partition, plan.fromMs(), record -> fold.add(record.value()));
        plan.take(fold);
      }
    }
    return plan.changes();
  }

  /**
   * Posts what differs.
   *
   * @param spreads in which something differed when last looked
   * @param plans makes the plan of those that this run holds
   */
  Outcome post(Collection<Spread> spreads, Function<Collection<Spread>, SpreadPlan> plans) {
    try (RunTopic topic = new RunTopic(clients);
        TopicReader<Correction> reader = clients.reader(Topics.CORRECTIONS)) {
      SpreadRuns runs = new SpreadRuns();
      read(reader, runs);
      for (Spread spread : spreads) {
        if (isTakingOver && runs.holder(tenant, spread) != null) {
          boundary(topic, spread, CorrectionCommand.CLOSE_RUN);
        }
        boundary(topic, spread, CorrectionCommand.OPEN_RUN);
      }
      topic.awaitOwner();
      read(reader, runs);
      List<Spread> held = new ArrayList<>();
      List<Spread> busy = new ArrayList<>();
      spreads.forEach(
          spread -> (token.equals(runs.holder(tenant, spread)) ? held : busy).add(spread));
      long sent = held.isEmpty() ? 0 : send(topic, plan(clients, plans.apply(held)));
      topic.awaitOwner();
      read(reader, runs);
      Set<SpreadRuns.Place> commands = new HashSet<>();
      held.forEach(spread -> commands.addAll(runs.commands(tenant, spread)));
      held.forEach(spread -> boundary(topic, spread, CorrectionCommand.CLOSE_RUN));
      topic.awaitOwner();
      return new Outcome(sent, busy, refused(commands));
    }
  }

  /** The runs of what is spread, as the commands' topic tells them now. */
  static SpreadRuns runs(CorrectionClients clients) {
    SpreadRuns runs = new SpreadRuns();
    try (TopicReader<Correction> reader = clients.reader(Topics.CORRECTIONS)) {
      read(reader, runs);
    }
    return runs;
  }

  private static void read(TopicReader<Correction> reader, SpreadRuns runs) {
    reader.readNew(record -> runs.add(record.partition(), record.offset(), record.value()));
  }

  private long send(RunTopic topic, Map<Spread, List<LineChange>> changes) {
    long sent = 0;
    for (Map.Entry<Spread, List<LineChange>> spread : changes.entrySet()) {
      for (LineChange change : spread.getValue()) {
        topic.send(change.key(), command(spread.getKey(), change));
        sent++;
      }
    }
    return sent;
  }

  private Correction command(Spread spread, LineChange change) {
    return draft(spread, change.after() == null ? CorrectionCommand.REPLACE : spread.command())
        .setCause(spread.cause())
        .setSource(change.any().getSource())
        .setItem(change.any().getItem())
        .setExpectedRevision(change.before() == null ? null : change.revision())
        .setCurrentLine(change.before())
        .setTargetLine(change.after())
        .build();
  }

  /** Has the key of the lines, so that it meets their owner. */
  private void boundary(RunTopic topic, Spread spread, CorrectionCommand command) {
    topic.send(
        Keys.trace(tenant, spread.source()), draft(spread, command).setReason(token).build());
  }

  private Correction.Builder draft(Spread spread, CorrectionCommand command) {
    return Correction.newBuilder()
        .setTenant(tenant)
        .setRunId(spread.runId())
        .setCommand(command)
        .setKind(spread.kind())
        .setIssuedAtUs(ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
  }

  private Map<String, Long> refused(Set<SpreadRuns.Place> commands) {
    Map<String, Long> reasons = new TreeMap<>();
    String topic = clients.name(Topics.CORRECTIONS);
    long fromMs = clock.millis() - TimeUnit.DAYS.toMillis(1);
    try (TopicReader<Rejected> rejected = clients.reader(Topics.REJECTED)) {
      for (TopicPartition partition : rejected.partitions()) {
        rejected.read(
            partition,
            fromMs,
            record -> {
              Rejected of = record.value();
              if (of.getSourceTopic().equals(topic)
                  && commands.contains(
                      new SpreadRuns.Place(of.getSourcePartition(), of.getSourceOffset()))) {
                reasons.merge(of.getReason(), 1L, Long::sum);
              }
            });
      }
    }
    return reasons;
  }
}
