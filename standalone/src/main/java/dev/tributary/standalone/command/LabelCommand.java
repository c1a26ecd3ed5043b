package dev.tributary.standalone.command;

import dev.tributary.schemas.EvalResult;
import dev.tributary.standalone.humanreview.HumanJobs;
import dev.tributary.standalone.humanreview.LabelFile;
import dev.tributary.standalone.humanreview.LangfuseScores;
import dev.tributary.standalone.text.TextFile;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tributary label}: what people said about cases, as scores. */
@Command(
    name = "label",
    description = "Send a queue file that people filled in; lines left open are skipped.",
    mixinStandardHelpOptions = true)
public final class LabelCommand implements Callable<Integer> {
  @Mixin private ClusterOption cluster = new ClusterOption();

  @Parameters(paramLabel = "FILE", description = "Queue file, one JSON object a line.")
  private Path file = Path.of("");

  @Option(
      names = "--langfuse",
      description =
          "The file holds scores as Langfuse's API has them, one JSON object a line; a numeric value"
              + " must be 0 to 1.")
  private boolean isLangfuse;

  @Mixin private TenantOption tenant = new TenantOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    List<String> lines = TextFile.lines(file);
    long nowUs = Clock.systemUTC().millis() * 1_000;
    List<EvalResult> results =
        isLangfuse
            ? LangfuseScores.read(file.toString(), tenant.name(), lines, nowUs)
            : LabelFile.read(file.toString(), tenant.name(), lines, nowUs);
    try (HumanJobs jobs = new HumanJobs(cluster.settings())) {
      jobs.answer(results);
    }
    spec.commandLine().getOut().printf("%d labels sent%n", results.size());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
