package dev.tributary.standalone.correct;

import dev.tributary.runtime.config.Settings;
import dev.tributary.standalone.correct.CorrectionRun.Checkpoint;
import dev.tributary.standalone.correct.CorrectionRun.Outcome;
import dev.tributary.standalone.reference.ReferenceVersions;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a person asks of corrections, with the answers as text. */
public final class CorrectionDesk {
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
      Planners.of(clients, order).plan(difference::add);
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
