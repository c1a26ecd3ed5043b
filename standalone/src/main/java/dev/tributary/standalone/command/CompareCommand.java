package dev.tributary.standalone.command;

import dev.tributary.quality.Comparison;
import dev.tributary.quality.Finding;
import dev.tributary.quality.Taken;
import dev.tributary.standalone.compare.ArmSelection;
import dev.tributary.standalone.compare.ComparisonDesk;
import dev.tributary.standalone.compare.ComparisonReport;
import dev.tributary.standalone.platform.PlatformException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary compare}: how two versions, models or branches differ on live traffic. */
@Command(
    name = "compare",
    description =
        "Compare two versions of a prompt, two models or two branches of an experiment on live"
            + " traffic: cost, latency, tokens, finish reasons, scores, each with its interval and"
            + " a verdict that holds however often one looks.",
    mixinStandardHelpOptions = true)
public final class CompareCommand implements Callable<Integer> {
  @Mixin private ArmOptions arms = new ArmOptions();

  @Option(names = "--from", paramLabel = "VERSION", description = "Version that is the baseline.")
  private @Nullable String from;

  @Option(names = "--model", paramLabel = "MODEL", description = "Model that is the baseline.")
  private @Nullable String model;

  @Option(
      names = "--experiment",
      paramLabel = "BRANCH",
      description = "Branch of an experiment that is the baseline.")
  private @Nullable String experiment;

  @Option(
      names = "--to",
      paramLabel = "OTHER",
      required = true,
      description = "Version, model or branch that is judged.")
  private String to = "";

  @Option(
      names = "--alpha",
      defaultValue = "0.05",
      description =
          "Probability with which any dimension is ever wrongly said to differ (default:"
              + " ${DEFAULT-VALUE}).")
  private double alpha = Comparison.LIVE.alpha();

  @Option(
      names = "--least",
      defaultValue = "100",
      description =
          "Values each arm needs before anything is said, of equal weight and among those that are compared (default: ${DEFAULT-VALUE}).")
  private int least = Comparison.LIVE.least();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--announce",
      description = "Write an event to llm.events for each difference not announced before.")
  private boolean announce;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    ArmSelection selection = selection();
    Comparison comparison = comparison();
    ComparisonDesk desk = new ComparisonDesk(arms.settings(), Clock.systemUTC());
    List<Finding> findings = desk.compare(selection, comparison);
    if (findings.isEmpty()) {
      throw new PlatformException(
          "neither %s nor %s has been seen (%s)"
              .formatted(selection.baseline(), selection.candidate(), selection.by().column()));
    }
    notSeen(selection.baseline(), findings, Finding::ofBaseline);
    notSeen(selection.candidate(), findings, Finding::ofCandidate);
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        json
            ? ComparisonReport.json(selection, alpha, findings)
            : ComparisonReport.text(selection, alpha, findings));
    if (announce) {
      int written = desk.announce(selection, findings);
      spec.commandLine().getErr().printf("%d events written to llm.events%n", written);
    }
    out.flush();
    return 0;
  }

  /** A version that nobody has called is a slip of the pen more often than one to wait for. */
  private void notSeen(String arm, List<Finding> findings, Function<Finding, Taken> part) {
    if (findings.stream().allMatch(finding -> part.apply(finding).all() == 0)) {
      spec.commandLine().getErr().printf("%s has not been seen%n", arm);
    }
  }

  private Comparison comparison() {
    try {
      return new Comparison(alpha, least, Comparison.Reading.ANY_TIME);
    } catch (IllegalArgumentException e) {
      throw new PlatformException("--alpha, --least: " + e.getMessage(), e);
    }
  }

  private ArmSelection selection() {
    if (Stream.of(from, model, experiment).filter(Objects::nonNull).count() != 1) {
      throw new PlatformException(
          "name one baseline: --prompt NAME --from A, --model A or --experiment A, each with --to"
              + " B");
    }
    if (from != null) {
      return arms.selection(ArmSelection.By.PROMPT_VERSION, from, to);
    }
    return model != null
        ? arms.selection(ArmSelection.By.MODEL, model, to)
        : arms.selection(
            ArmSelection.By.EXPERIMENT, Objects.requireNonNull(experiment, "a baseline"), to);
  }
}
