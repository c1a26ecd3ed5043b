package dev.tributary.standalone.correct;

import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LineKind;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Topics;
import dev.tributary.standalone.correct.AllocationPlan.PoolHour;
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
 * Posts what differs in pools' hours, one run for each. The owner of the ledger forgets a pool's
 * line once its run is closed, so a second run at the same time could book it twice; therefore the
 * opening carries a token, the first opening counts, and only who holds the run plans what it posts
 * - from the ledger as it is then.
 */
final class AllocationRun {
  /**
   * What became of the runs.
   *
   * @param busy hours that another run holds, left alone
   * @param refused commands the owner refused, by reason
   */
  record Outcome(long commands, List<PoolHour> busy, Map<String, Long> refused) {}

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
  AllocationRun(
      CorrectionClients clients, String tenant, String token, Clock clock, boolean isTakingOver) {
    this.clients = clients;
    this.tenant = tenant;
    this.token = token;
    this.clock = clock;
    this.isTakingOver = isTakingOver;
  }

  /** The booked lines of the hours, read now, against what is wanted. */
  static Map<PoolHour, List<LineChange>> plan(CorrectionClients clients, AllocationPlan plan) {
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
   * @param hours hours in which something differed when last looked
   * @param plans makes the plan of the hours that this run holds
   */
  Outcome post(Collection<PoolHour> hours, Function<Collection<PoolHour>, AllocationPlan> plans) {
    try (RunTopic topic = new RunTopic(clients);
        TopicReader<Correction> reader = clients.reader(Topics.CORRECTIONS)) {
      AllocationRuns runs = new AllocationRuns();
      read(reader, runs);
      for (PoolHour hour : hours) {
        if (isTakingOver && runs.holder(tenant, hour.runId()) != null) {
          boundary(topic, hour, CorrectionCommand.CLOSE_RUN);
        }
        boundary(topic, hour, CorrectionCommand.OPEN_RUN);
      }
      topic.awaitOwner();
      read(reader, runs);
      List<PoolHour> held = new ArrayList<>();
      List<PoolHour> busy = new ArrayList<>();
      hours.forEach(
          hour -> (token.equals(runs.holder(tenant, hour.runId())) ? held : busy).add(hour));
      long sent = send(topic, plan(clients, plans.apply(held)));
      topic.awaitOwner();
      read(reader, runs);
      Set<AllocationRuns.Place> commands = new HashSet<>();
      held.forEach(hour -> commands.addAll(runs.commands(tenant, hour.runId())));
      held.forEach(hour -> boundary(topic, hour, CorrectionCommand.CLOSE_RUN));
      topic.awaitOwner();
      return new Outcome(sent, busy, refused(commands));
    }
  }

  private static void read(TopicReader<Correction> reader, AllocationRuns runs) {
    reader.readNew(record -> runs.add(record.partition(), record.offset(), record.value()));
  }

  private long send(RunTopic topic, Map<PoolHour, List<LineChange>> changes) {
    long sent = 0;
    for (Map.Entry<PoolHour, List<LineChange>> hour : changes.entrySet()) {
      for (LineChange change : hour.getValue()) {
        topic.send(change.key(), command(hour.getKey(), change));
        sent++;
      }
    }
    return sent;
  }

  private Correction command(PoolHour hour, LineChange change) {
    return draft(
            hour, change.after() == null ? CorrectionCommand.REPLACE : CorrectionCommand.ALLOCATE)
        .setCause(EntryCause.ALLOCATION)
        .setSource(change.any().getSource())
        .setItem(change.any().getItem())
        .setExpectedRevision(change.before() == null ? null : change.revision())
        .setCurrentLine(change.before())
        .setTargetLine(change.after())
        .build();
  }

  /** Has the key of the pool's lines, so that it meets their owner. */
  private void boundary(RunTopic topic, PoolHour hour, CorrectionCommand command) {
    topic.send(Keys.trace(tenant, hour.pool()), draft(hour, command).setReason(token).build());
  }

  private Correction.Builder draft(PoolHour hour, CorrectionCommand command) {
    return Correction.newBuilder()
        .setTenant(tenant)
        .setRunId(hour.runId())
        .setCommand(command)
        .setKind(LineKind.ALLOCATION)
        .setIssuedAtUs(ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
  }

  private Map<String, Long> refused(Set<AllocationRuns.Place> commands) {
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
                      new AllocationRuns.Place(of.getSourcePartition(), of.getSourceOffset()))) {
                reasons.merge(of.getReason(), 1L, Long::sum);
              }
            });
      }
    }
    return reasons;
  }
}
