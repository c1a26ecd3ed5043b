package dev.tributary.standalone.correct;

import dev.tributary.runtime.config.Settings;
import dev.tributary.standalone.correct.CorrectionRun.Checkpoint;
import dev.tributary.standalone.correct.CorrectionRun.Outcome;
import dev.tributary.standalone.reference.ReferenceVersions;
import dev.tributary.standalone.text.Table;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a person asks of corrections, with the answers as text. */
public final class CorrectionDesk {
  private static final DateTimeFormatter NEW_ID =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Settings settings;
  private final Duration patience;
  private final PrintWriter out;
  private final Checkpoint checkpoint;

  /**
   * A desk.
   *
   * @param patience how long to wait for the owner of the ledger, and for ClickHouse
   * @param out gets tables and progress
   */
  public CorrectionDesk(Settings settings, Duration patience, PrintWriter out) {
    this(settings, patience, out, Checkpoint.NONE);
  }

  CorrectionDesk(Settings settings, Duration patience, PrintWriter out, Checkpoint checkpoint) {
    this.settings = settings;
    this.patience = patience;
    this.out = out;
    this.checkpoint = checkpoint;
  }

  /**
   * Shows what prices or owners of a reference version would change, and changes it.
   *
   * @param version null: the one in force
   * @param isDryRun true: only shows
   * @return 0; 1 where the owner refused commands
   */
  public int correct(
      RunOrder.Kind kind, Selection selection, @Nullable Long version, boolean isDryRun) {
    ReferenceVersions versions = ReferenceVersions.read(settings, selection.tenant());
    long wanted = version == null ? versions.active() : version;
    versions.view(wanted);
    return perform(new RunOrder(kind, selection, wanted, null), isDryRun);
  }

  private int perform(RunOrder order, boolean isDryRun) {
    try (CorrectionClients clients = CorrectionClients.open(settings, patience)) {
      Difference difference = Difference.of(order.kind());
      Planner planner = Planners.of(clients, order);
      planner.plan(difference::add);
      planner.notes().forEach(this::say);
      if (difference.isEmpty()) {
        say("nothing differs: " + order.describe());
        return 0;
      }
      say(order.describe());
      out.print(difference.print());
      out.flush();
      if (isDryRun) {
        say("nothing was written (--dry-run)");
        return 0;
      }
      return report(CorrectionRun.start(clients, order, this::say, checkpoint));
    }
  }

  /**
   * Runs attribution again over the spans of a period and shows how the ledger differs.
   *
   * @param version null: the one in force
   * @param id null: a new one, of the time
   * @param folder for the application's state
   */
  public int reprocess(
      Selection selection, @Nullable Long version, @Nullable String id, Path folder) {
    ReferenceVersions versions = ReferenceVersions.read(settings, selection.tenant());
    long wanted = version == null ? versions.active() : version;
    versions.view(wanted);
    String replay = id == null ? NEW_ID.format(Instant.now()) : id;
    RunOrder order = new RunOrder(RunOrder.Kind.REPLAY, selection, wanted, replay);
    try (CorrectionClients clients = CorrectionClients.open(settings, patience)) {
      Reprocessing.run(clients, order, replay, folder, patience, this::say);
    }
    int code = perform(order, true);
    say("post the differences with ./tributary correct replay " + replay);
    return code;
  }

  /** Posts the differences of a replay as commands. */
  public int replay(String tenant, String id, boolean isDryRun) {
    RunOrder order;
    try (CorrectionClients clients = CorrectionClients.open(settings, patience)) {
      order = Reprocessing.find(clients, tenant, id).order();
    }
    return perform(order, isDryRun);
  }

  /** Deletes what a replay left on the cluster. */
  public int dropReplay(String id) {
    try (CorrectionClients clients = CorrectionClients.open(settings, patience)) {
      Reprocessing.drop(clients, id);
      say("replay " + id + " is deleted");
      return 0;
    }
  }

  /** Lists a tenant's runs, the latest last, with what became of their commands. */
  public int list(String tenant) {
    try (CorrectionClients clients = CorrectionClients.open(settings, patience);
        RunTopic topic = new RunTopic(clients)) {
      List<Run> runs =
          topic.runs().all().stream().filter(run -> run.tenant().equals(tenant)).toList();
      if (runs.isEmpty()) {
        say("no runs of tenant " + tenant);
        return 0;
      }
      Map<String, Map<String, Long>> refused = topic.refused(runs);
      Table table =
          new Table(
              4, List.of("run", "state", "opened", "order", "commands", "applied", "refused"));
      for (Run run : runs) {
        Map<String, Long> reasons = refused.getOrDefault(run.id(), Map.of());
        long count = reasons.values().stream().mapToLong(Long::longValue).sum();
        table.row(
            List.of(
                run.id(),
                run.state(),
                Instant.EPOCH
                    .plus(run.openedUs(), ChronoUnit.MICROS)
                    .truncatedTo(ChronoUnit.SECONDS)
                    .toString(),
                run.describe(),
                Long.toString(run.count()),
                Long.toString(run.count() - count),
                count == 0 ? "0" : count + " " + reasons));
      }
      out.print(table);
      long waiting = topic.waiting();
      if (waiting > 0) {
        say("%,d records are not applied yet".formatted(waiting));
      }
      out.flush();
      return 0;
    }
  }

  /** Drives a run that was left in the middle to its end. */
  public int resume(String tenant, String run) {
    try (CorrectionClients clients = CorrectionClients.open(settings, patience)) {
      return report(CorrectionRun.resume(clients, tenant, run, this::say, checkpoint));
    }
  }

  private int report(Outcome outcome) {
    long refused = outcome.refused().values().stream().mapToLong(Long::longValue).sum();
    say(
        "run %s: %,d commands, %,d applied, %,d refused"
            .formatted(outcome.runId(), outcome.commands(), outcome.applied(), refused));
    for (Map.Entry<String, Long> reason : outcome.refused().entrySet()) {
      say("  refused %s: %,d".formatted(reason.getKey(), reason.getValue()));
    }
    return refused == 0 ? 0 : 1;
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
