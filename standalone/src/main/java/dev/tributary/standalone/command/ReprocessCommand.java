package dev.tributary.standalone.command;

import dev.tributary.standalone.correct.CorrectionDesk;
import dev.tributary.standalone.correct.Selection;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary reprocess}: attribution once more over recorded spans, beside the live one. */
@Command(
    name = "reprocess",
    description =
        "Run attribution again over the spans of a period, into topics of its own, and show how the"
            + " ledger differs.",
    mixinStandardHelpOptions = true)
public final class ReprocessCommand implements Callable<Integer> {
  @Mixin private CorrectCommand.Desk options = new CorrectCommand.Desk();

  @ArgGroup(multiplicity = "1", exclusive = true)
  private What what = new What();

  @Spec private CommandSpec spec = CommandSpec.create();

  private static final class What {
    @Option(
        names = "--drop",
        paramLabel = "ID",
        required = true,
        description = "Delete what a replay left on the cluster.")
    private @Nullable String drop;

    @ArgGroup(exclusive = false, multiplicity = "1")
    private @Nullable Period period;
  }

  private static final class Period extends PeriodOptions {
    @Option(
        names = "--ref",
        paramLabel = "VERSION",
        description = "Reference version (default: the one in force).")
    private @Nullable Long version;

    @Option(
        names = "--id",
        paramLabel = "ID",
        description = "Name of the replay; one that was left in the middle goes on.")
    private @Nullable String id;
  }

  @Override
  public Integer call() {
    CorrectionDesk desk = options.open(spec);
    Period period = what.period;
    if (period == null) {
      String drop = what.drop;
      return desk.dropReplay(drop == null ? "" : drop);
    }
    Selection selection =
        new Selection(options.tenant(), period.fromUs(), period.untilUs(), null, null);
    return desk.reprocess(
        selection, period.version, period.id, options.folder().resolve("replays"));
  }
}
