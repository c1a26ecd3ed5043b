package dev.tributary.standalone.command;

import dev.tributary.anomaly.core.Episode;
import dev.tributary.anomaly.core.Policy;
import dev.tributary.anomaly.core.PolicyException;
import dev.tributary.anomaly.core.PolicyYaml;
import dev.tributary.standalone.backtest.EpisodeLines;
import dev.tributary.standalone.backtest.SeriesBacktest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary backtest}: what a policy would have said about a series, offline. */
@Command(
    name = "backtest",
    description = {
      "Try an anomaly policy on a series in a file.",
      "The file has timestamp,value and perhaps n (samples behind the value), with or without a"
          + " header; timestamps are ISO 8601 or seconds, milliseconds, microseconds or nanoseconds"
          + " since the epoch. Standard output gets timestamp,value,anomaly_score,state,baseline."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:done", "2:the series or the policy could not be read"})
public final class BacktestCommand implements Callable<Integer> {
  private static final int UNREADABLE = 2;

  @Option(names = "--series", required = true, paramLabel = "FILE.csv", description = "The series.")
  private Path series = Path.of("");

  @Option(
      names = "--policy",
      paramLabel = "FILE.yaml",
      description = "The policy; without it the defaults of stream-anomaly/README.md.")
  private @Nullable Path policy;

  @Option(
      names = "--episodes",
      paramLabel = "FILE",
      description = "Write the episodes there, a JSON line each.")
  private @Nullable Path episodes;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter errors = spec.commandLine().getErr();
    try {
      List<Episode> found =
          new SeriesBacktest(series, readPolicy(), errors).run(spec.commandLine().getOut());
      if (episodes != null) {
        Path name = series.getFileName();
        EpisodeLines.write(episodes, name == null ? series.toString() : name.toString(), found);
      }
      return 0;
    } catch (IOException | PolicyException e) {
      errors.println("tributary: " + Complaint.of(e));
      return UNREADABLE;
    }
  }

  private PolicyYaml.Parsed readPolicy() throws IOException {
    return policy == null
        ? new PolicyYaml.Parsed(Policy.DEFAULT, false)
        : PolicyYaml.parse(policy.toString(), Files.readString(policy));
  }
}
