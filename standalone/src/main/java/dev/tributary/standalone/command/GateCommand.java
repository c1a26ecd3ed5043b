package dev.tributary.standalone.command;

import dev.tributary.pricing.CatalogueException;
import dev.tributary.quality.Comparison;
import dev.tributary.quality.Gate;
import dev.tributary.quality.GatePolicy;
import dev.tributary.quality.GateResult;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.standalone.compare.ArmSelection;
import dev.tributary.standalone.compare.CaseArms;
import dev.tributary.standalone.compare.CaseFile;
import dev.tributary.standalone.compare.Cases;
import dev.tributary.standalone.compare.ComparisonDesk;
import dev.tributary.standalone.compare.GateFile;
import dev.tributary.standalone.compare.GateReport;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.text.Complaint;
import dev.tributary.standalone.text.TextFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code tributary gate}: may a candidate be released? Exits 0 (pass), 1 (fail), 2 (not enough
 * data), and 3 where the question itself is wrong, so that no pipeline takes a mistake for an
 * answer.
 */
@Command(
    name = "gate",
    description =
        "Decide on a release by a policy, over recorded results of an evaluation set or over live"
            + " traffic; prints Markdown.",
    mixinStandardHelpOptions = true,
    exitCodeOnInvalidInput = GateCommand.NO_ANSWER,
    exitCodeOnExecutionException = GateCommand.NO_ANSWER,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:pass",
      "1:fail",
      "2:not enough data",
      "3:no answer: a mistake, see the message"
    })
public final class GateCommand implements Callable<Integer> {
  /** Exit code where the policy, the data or the call is wrong. */
  static final int NO_ANSWER = 3;

  @Mixin private ArmOptions arms = new ArmOptions();

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      required = true,
      description = "What the candidate must not do (YAML).")
  private Path policyFile = Path.of("");

  @Option(
      names = "--cases-baseline",
      paramLabel = "FILE",
      description = "Results of the baseline over an evaluation set (JSON lines).")
  private @Nullable Path casesOfBaseline;

  @Option(
      names = "--cases-candidate",
      paramLabel = "FILE",
      description = "Results of the candidate over the same set.")
  private @Nullable Path casesOfCandidate;

  @Option(names = "--baseline", paramLabel = "VERSION", description = "Version in production.")
  private @Nullable String baseline;

  @Option(names = "--candidate", paramLabel = "VERSION", description = "Version to release.")
  private @Nullable String candidate;

  @Option(names = "--out", paramLabel = "FILE", description = "Write the report there, too.")
  private @Nullable Path out;

  @Option(
      names = "--announce",
      description = "Write the answer to llm.events, unless it was announced before (live only).")
  private boolean announce;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final List<String> notes = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException {
    try {
      boolean isLive = casesOfBaseline == null && casesOfCandidate == null;
      GatePolicy policy = policy(isLive);
      return isLive ? live(policy) : cases(policy);
    } catch (PlatformException
        | CatalogueException
        | ConfigException
        | IOException
        | UncheckedIOException e) {
      spec.commandLine().getErr().println("tributary: " + Complaint.of(e));
      return NO_ANSWER;
    }
  }

  private GatePolicy policy(boolean isLive) throws IOException {
    return GateFile.parse(
        policyFile.toString(),
        TextFile.read(policyFile),
        isLive ? Comparison.Reading.ANY_TIME : Comparison.Reading.ONCE);
  }

  private int cases(GatePolicy policy) throws IOException {
    if (casesOfBaseline == null || casesOfCandidate == null) {
      throw new PlatformException("--cases-baseline and --cases-candidate stand together");
    }
    if (announce) {
      throw new PlatformException("--announce is for live traffic; cases are nobody's");
    }
    Cases before = CaseFile.parse(casesOfBaseline.toString(), TextFile.read(casesOfBaseline));
    Cases after = CaseFile.parse(casesOfCandidate.toString(), TextFile.read(casesOfCandidate));
    note(before, after);
    GateResult result = Gate.decide(policy, CaseArms.of(before, after));
    print(
        policy,
        result,
        "%sCandidate `%s` against baseline `%s`."
            .formatted(
                arms.prompt() == null ? "" : "Prompt `" + arms.prompt() + "`. ",
                candidate == null ? casesOfCandidate : candidate,
                baseline == null ? casesOfBaseline : baseline));
    return result.outcome().code();
  }

  private void note(Cases before, Cases after) {
    List<String> common = new ArrayList<>(before.ids());
    common.retainAll(after.ids());
    String sizes =
        String.format(
            Locale.ROOT, "%,d cases against %,d", after.ids().size(), before.ids().size());
    notes.add(
        common.isEmpty()
            ? sizes + ", none in common: compared as two samples."
            : String.format(
                Locale.ROOT, "%s, %,d in common and compared case by case.", sizes, common.size()));
    if (before.withoutValue() + after.withoutValue() > 0) {
      notes.add(
          String.format(
              Locale.ROOT,
              "Scores without a value, which count as none and not as 0: %,d of the candidate, %,d"
                  + " of the baseline.",
              after.withoutValue(),
              before.withoutValue()));
    }
  }

  private int live(GatePolicy policy) throws IOException, InterruptedException {
    if (baseline == null || candidate == null) {
      throw new PlatformException(
          "name what to decide on: --prompt NAME --baseline A --candidate B, or --cases-baseline"
              + " and --cases-candidate");
    }
    ArmSelection selection = arms.selection(ArmSelection.By.PROMPT_VERSION, baseline, candidate);
    ComparisonDesk desk = new ComparisonDesk(arms.settings(), Clock.systemUTC());
    GateResult result = Gate.decide(policy, desk.arms(selection));
    notes.add(
        "Live traffic, at the same mix of environments, features, workspaces and hours of the day.");
    print(
        policy,
        result,
        "Prompt `%s`: candidate `%s` against baseline `%s`."
            .formatted(selection.prompt(), candidate, baseline));
    if (announce) {
      int written = desk.announce(selection, policy, result);
      spec.commandLine().getErr().printf("%d events written to llm.events%n", written);
    }
    return result.outcome().code();
  }

  private void print(GatePolicy policy, GateResult result, String title) throws IOException {
    String report = GateReport.markdown(title, policy, result, notes);
    if (out != null) {
      Files.writeString(out, report);
    }
    spec.commandLine().getOut().print(report);
    spec.commandLine().getOut().flush();
  }
}
