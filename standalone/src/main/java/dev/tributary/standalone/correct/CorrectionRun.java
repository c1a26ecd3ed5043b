package dev.tributary.standalone.correct;

import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.standalone.platform.PlatformException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Drives a numbered run from wherever it stands to its end: open on every partition, everything
 * before it applied and in ClickHouse, commands for what still differs, all applied, closed. It
 * keeps nothing of its own: killed anywhere, it is driven again from the topics. What is sent twice
 * the owner refuses, since it remembers the lines of an open run.
 */
public final class CorrectionRun {
  private static final int ID_BYTES = 2;

  /**
   * What became of a run.
   *
   * @param commands commands on lines, of all attempts
   * @param refused those the owner refused, by reason
   */
  public record Outcome(String runId, long commands, Map<String, Long> refused) {
    /** Commands that the owner applied. */
    public long applied() {
      return commands - refused.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** Called after every command: where tests end the process. */
  @FunctionalInterface
  interface Checkpoint {
    /** Nothing happens. */
    Checkpoint NONE = sent -> {};

    /** So many commands have been handed to the producer. */
    void sent(long commands);
  }

  private final CorrectionClients clients;
  private final RunTopic topic;
  private final Clock clock;
  private final Consumer<String> progress;
  private final Checkpoint checkpoint;

  private CorrectionRun(
      CorrectionClients clients,
      RunTopic topic,
      Clock clock,
      Consumer<String> progress,
      Checkpoint checkpoint) {
    this.clients = clients;
    this.topic = topic;
    this.clock = clock;
    this.progress = progress;
    this.checkpoint = checkpoint;
  }

  /**
   * Opens a new run and drives it to its end.
   *
   * @throws PlatformException when another run of the tenant is open, or the owner does not answer
   */
  static Outcome start(
      CorrectionClients clients, RunOrder order, Consumer<String> progress, Checkpoint checkpoint) {
    try (RunTopic topic = new RunTopic(clients)) {
      String tenant = order.selection().tenant();
      Runs runs = topic.runs();
      refuseSecond(runs, tenant);
      long number = runs.nextNumber(tenant);
      // Two that start at once choose one number; the ids tell them apart.
      byte[] random = new byte[ID_BYTES];
      new SecureRandom().nextBytes(random);
      String id = number + "-" + HexFormat.of().formatHex(random);
      CorrectionRun driver =
          new CorrectionRun(clients, topic, Clock.systemUTC(), progress, checkpoint);
      Correction opening =
          driver.boundary(tenant, id, number, CorrectionCommand.OPEN_RUN, order.print());
      topic.partitions().forEach(partition -> topic.send(partition, opening));
      topic.flush();
      progress.accept("run " + id + " opens: " + order.describe());
      return driver.drive(tenant, id);
    }
  }

  /** Drives a run that was left in the middle to its end; a closed one is only reported. */
  static Outcome resume(
      CorrectionClients clients,
      String tenant,
      String idOrNumber,
      Consumer<String> progress,
      Checkpoint checkpoint) {
    try (RunTopic topic = new RunTopic(clients)) {
      Run run = topic.runs().find(tenant, idOrNumber);
      CorrectionRun driver =
          new CorrectionRun(clients, topic, Clock.systemUTC(), progress, checkpoint);
      if (run.state().equals("closed") && run.asked().size() == topic.partitions().size()) {
        progress.accept("run " + run.id() + " is closed already");
        return driver.outcome(run);
      }
      if (run.order() == null) {
        throw new PlatformException(
            "run " + run.id() + " was opened by something else: " + run.describe());
      }
      if (run.open().isEmpty()) {
        refuseSecond(topic.runs(), tenant);
      }
      progress.accept("run " + run.id() + " goes on: " + run.describe());
      return driver.drive(tenant, run.id());
    }
  }

  private static void refuseSecond(Runs runs, String tenant) {
    Run open = runs.open(tenant);
    if (open != null) {
      throw new PlatformException(
          "run %s is open (%s); end it with ./tributary correct resume %s"
              .formatted(open.id(), open.describe(), open.number()));
    }
  }

  private Outcome drive(String tenant, String id) {
    openEverywhere(tenant, id);
    topic.awaitOwner();
    clients.awaitClickHouse();
    Run run = topic.runs().find(tenant, id);
    RunOrder order = run.order();
    if (order == null) {
      throw new IllegalStateException("run " + id + " has lost its order");
    }
    long[] sent = {0};
    if (!run.isEnding()) {
      Planners.of(clients, order)
          .plan(
              change -> {
                topic.send(change.key(), change.command(id, run.number(), order, nowUs()));
                sent[0]++;
                checkpoint.sent(sent[0]);
              });
    }
    progress.accept("%,d commands sent; waiting for the ledger's owner".formatted(sent[0]));
    topic.awaitOwner();
    Outcome outcome = outcome(topic.runs().find(tenant, id));
    close(run, topic.partitions());
    return outcome;
  }

  /** A run that was killed while it opened may lack some openings. */
  private void openEverywhere(String tenant, String id) {
    Run run = topic.runs().find(tenant, id);
    RunOrder order = run.order();
    for (int partition : topic.partitions()) {
      if (order != null && !run.asked().contains(partition)) {
        topic.send(
            partition,
            boundary(tenant, id, run.number(), CorrectionCommand.OPEN_RUN, order.print()));
      }
    }
    topic.flush();
    run = topic.runs().find(tenant, id);
    if (!run.refused().isEmpty()) {
      close(run, run.open());
      throw new PlatformException(
          "another run was opened at the same time; run "
              + id
              + " is given up, nothing has changed");
    }
  }

  private void close(Run run, Collection<Integer> partitions) {
    Correction end =
        boundary(run.tenant(), run.id(), run.number(), CorrectionCommand.CLOSE_RUN, "");
    topic.runs();
    for (int partition : java.util.List.copyOf(partitions)) {
      if (run.open().contains(partition)) {
        topic.send(partition, end);
      }
    }
    topic.awaitOwner();
  }

  private Outcome outcome(Run run) {
    return new Outcome(run.id(), run.count(), topic.refused(run));
  }

  private Correction boundary(
      String tenant, String id, long number, CorrectionCommand command, String reason) {
    return Correction.newBuilder()
        .setTenant(tenant)
        .setRunId(id)
        .setRunNumber(number)
        .setCommand(command)
        .setReason(reason)
        .setIssuedAtUs(nowUs())
        .build();
  }

  private long nowUs() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }
}
