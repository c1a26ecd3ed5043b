package dev.tributary.standalone.command;

import dev.tributary.evalworker.EvalWorkerConfig;
import dev.tributary.evalworker.judge.Judge;
import dev.tributary.evalworker.judge.JudgeAgreement;
import dev.tributary.evalworker.judge.JudgeOptions;
import dev.tributary.standalone.platform.ToolSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary judge-check}: how far the configured judge agrees with hand-made cases. */
@Command(
    name = "judge-check",
    description =
        "Ask the configured judge about hand-made cases with known labels and print how far it"
            + " agrees. Costs about 20 short calls.",
    mixinStandardHelpOptions = true)
public final class JudgeCheckCommand implements Callable<Integer> {
  @Option(names = "--config", paramLabel = "FILE", description = "Settings.")
  private @Nullable Path config;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    JudgeOptions options = EvalWorkerConfig.from(ToolSettings.given(config)).judge();
    if (options == null) {
      out.println(
          "No judge is configured, so nothing was measured. Set "
              + EvalWorkerConfig.JUDGE_URL.key()
              + ", its model and its key.");
      out.flush();
      return 0;
    }
    out.printf("%-20s %6s %7s %7s%n", "evaluator", "cases", "agreed", "failed");
    for (JudgeAgreement.Line line : JudgeAgreement.measure(new Judge(options, Clock.systemUTC()))) {
      out.printf(
          "%-20s %6d %7d %7d%n", line.evaluator(), line.cases(), line.agreed(), line.failed());
    }
    out.flush();
    return 0;
  }
}
