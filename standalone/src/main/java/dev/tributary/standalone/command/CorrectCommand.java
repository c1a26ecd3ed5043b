package dev.tributary.standalone.command;

import dev.tributary.runtime.config.Settings;
import dev.tributary.standalone.correct.CorrectionDesk;
import dev.tributary.standalone.correct.RunOrder;
import dev.tributary.standalone.correct.Selection;
import dev.tributary.standalone.platform.SqlClient;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code tributary correct}: changes lines of the ledger by command, shown before they are made.
 */
@Command(
    name = "correct",
    description = "Correct lines of the ledger: shows what would change, then writes a run.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "price|owner|late|replay|list|resume")
public final class CorrectCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** What every kind of correction takes. */
  static final class Desk {
    @Mixin private ClusterOption cluster = new ClusterOption();

    @Mixin private TenantOption tenant = new TenantOption();

    @Option(
        names = "--wait",
        paramLabel = "SECONDS",
        defaultValue = "600",
        description = "How long to wait for the ledger's owner and for ClickHouse (default: 600).")
    private long waitSeconds = 600;

    String tenant() {
      return tenant.name();
    }

    Path folder() {
      return cluster.folder();
    }

    Settings settings() {
      return cluster.settings();
    }

    SqlClient sql() {
      return cluster.sql();
    }

    Duration patience() {
      return Duration.ofSeconds(waitSeconds);
    }

    CorrectionDesk open(CommandSpec spec) {
      return new CorrectionDesk(settings(), patience(), spec.commandLine().getOut());
    }
  }

  /** Which lines, and whether to write. */
  static final class Lines {
    @Mixin private PeriodOptions period = new PeriodOptions();

    @Option(names = "--feature", description = "Only lines of this feature.")
    private @Nullable String feature;

    @Option(names = "--model", description = "Only lines of this model.")
    private @Nullable String model;

    @Option(names = "--dry-run", description = "Only show what would change; nothing is written.")
    private boolean dryRun;

    @Option(
        names = "--ref",
        paramLabel = "VERSION",
        description = "Reference version (default: the one in force).")
    private @Nullable Long version;

    Selection selection(String tenant) {
      return new Selection(tenant, period.fromUs(), period.untilUs(), feature, model);
    }
  }

  /** Prices again. */
  @Command(
      name = "price",
      description =
          "Price the lines of a period under the prices in force; shows old, new and difference by"
              + " feature, model and day first.",
      mixinStandardHelpOptions = true)
  int price(@Mixin Desk desk, @Mixin Lines lines) {
    return correct(RunOrder.Kind.PRICE, desk, lines);
  }

  /** Applies the ownership table again. */
  @Command(
      name = "owner",
      description =
          "Apply the ownership table in force to the lines of a period; shows the money that moves"
              + " between teams and features first.",
      mixinStandardHelpOptions = true)
  int owner(@Mixin Desk desk, @Mixin Lines lines) {
    return correct(RunOrder.Kind.OWNER, desk, lines);
  }

  /** Books what came beyond memory. */
  @Command(
      name = "late",
      description =
          "Book spans of a period that came when their trace was forgotten (BEYOND_MEMORY); shows"
              + " them first.",
      mixinStandardHelpOptions = true)
  int late(@Mixin Desk desk, @Mixin Lines lines) {
    return correct(RunOrder.Kind.LATE, desk, lines);
  }

  /** Posts what a replay found. */
  @Command(
      name = "replay",
      description = "Post the differences that ./tributary reprocess found, and only those.",
      mixinStandardHelpOptions = true)
  int replay(
      @Mixin Desk desk,
      @Parameters(paramLabel = "ID", description = "Id of the replay.") String id,
      @Option(names = "--dry-run", description = "Only show what would change; nothing is written.")
          boolean dryRun) {
    return desk.open(spec).replay(desk.tenant(), id, dryRun);
  }

  /** Lists runs. */
  @Command(
      name = "list",
      description = "Runs with their state and what became of their commands.",
      mixinStandardHelpOptions = true)
  int list(@Mixin Desk desk) {
    return desk.open(spec).list(desk.tenant());
  }

  private int correct(RunOrder.Kind kind, Desk desk, Lines lines) {
    return desk.open(spec)
        .correct(kind, lines.selection(desk.tenant()), lines.version, lines.dryRun);
  }

  /** Goes on with a run. */
  @Command(
      name = "resume",
      description = "Drive a run that was left in the middle to its end; safe to repeat.",
      mixinStandardHelpOptions = true)
  int resume(
      @Mixin Desk desk,
      @Parameters(paramLabel = "RUN", description = "Number or id of the run.") String run) {
    return desk.open(spec).resume(desk.tenant(), run);
  }
}
