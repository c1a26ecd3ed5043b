package dev.tributary.standalone.command;

import dev.tributary.anomaly.core.Episode;
import dev.tributary.anomaly.core.Policy;
import dev.tributary.anomaly.core.PolicyException;
import dev.tributary.anomaly.core.PolicyYaml;
import dev.tributary.standalone.backtest.EpisodeLines;
import dev.tributary.standalone.backtest.SeriesBacktest;
import dev.tributary.standalone.backtest.WindowBacktest;
import dev.tributary.standalone.backtest.WindowMetric;
import dev.tributary.standalone.text.Complaint;
import dev.tributary.standalone.text.TextFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tributary backtest}: what a policy would have said about a series, or about windows. */
@Command(
    name = "backtest",
    description = {
      "Try an anomaly policy on a series in a file, or with --from and --to on the windows of the"
          + " running instance: what would have fired.",
      "The file has timestamp,value and perhaps n (samples behind the value), with or without a"
          + " header, in any order of time; timestamps are ISO 8601 or seconds, milliseconds,"
          + " microseconds or nanoseconds since the epoch. Standard output gets"
          + " timestamp,value,anomaly_score,state,baseline, a line per row and in the file's order."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done",
      "2:wrongly called, or the series, the policy or the file for episodes cannot be used",
      "141:who read the lines has left"
    })
public final class BacktestCommand implements Callable<Integer> {
  private static final int UNREADABLE = 2;
  private static final long BYTES_OF_MEGABYTE = 1 << 20;
  private static final List<String> OF_WINDOWS =
      List.of("--metric", "--step", "--grouping-set", "--most", "--tenant");

  @Mixin private ClusterOption cluster = new ClusterOption();

  @Option(names = "--series", paramLabel = "FILE.csv", description = "The series.")
  private @Nullable Path series;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      converter = TimeOption.class,
      description = "Windows from there on: a date, or a time with its offset.")
  private @Nullable Long from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      converter = TimeOption.class,
      description = "Windows before that.")
  private @Nullable Long to;

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      defaultValue = "spend_per_hour",
      description =
          "Of windows: spend_per_hour, calls, latency_us_p95 and so on (default: ${DEFAULT-VALUE}).")
  private String metric = "spend_per_hour";

  @Option(
      names = "--step",
      paramLabel = "DURATION",
      defaultValue = "PT5M",
      description =
          "Of windows: what they are added up to, as tributary.anomaly.step of the stream"
              + " (default: ${DEFAULT-VALUE}).")
  private Duration step = Duration.ofMinutes(5);

  @Option(
      names = "--grouping-set",
      paramLabel = "NAME",
      defaultValue = "feature",
      description =
          "Whose series: feature, team, feature_model and so on (default: ${DEFAULT-VALUE}).")
  private String groupingSet = "feature";

  @Option(
      names = "--most",
      converter = PositiveOption.class,
      paramLabel = "N",
      defaultValue = "1000",
      description = "Series to try (default: ${DEFAULT-VALUE}).")
  private int most;

  @Mixin private TenantOption tenant = new TenantOption();

  @Option(
      names = "--policy",
      paramLabel = "FILE.yaml",
      description =
          "The policy; what it does not state has the defaults of docs/anomaly-rule.md, of windows"
              + " those of the metric.")
  private @Nullable Path policy;

  @Option(
      names = "--episodes",
      paramLabel = "FILE",
      description = "Write the episodes there, a JSON line each.")
  private @Nullable Path episodes;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter errors = spec.commandLine().getErr();
    Path file = series;
    if ((file == null) == (from == null) || (from == null) != (to == null)) {
      throw new ParameterException(
          spec.commandLine(), "either --series FILE.csv, or --from TIME and --to TIME");
    }
    Screen screen = new Screen(errors);
    try {
      if (episodes != null) {
        TextFile.requireWritable(episodes);
      }
      if (file == null) {
        backtestWindows();
      } else {
        backtestFile(file, screen);
      }
      return 0;
    } catch (IOException | PolicyException e) {
      screen.line("tributary: " + Complaint.of(e));
      return UNREADABLE;
    }
  }

  private void backtestFile(Path file, Screen screen) throws IOException {
    for (String name : OF_WINDOWS) {
      if (spec.commandLine().getParseResult().hasMatchedOption(name)) {
        throw new ParameterException(
            spec.commandLine(), name + " is for windows, with --from and --to; not with --series");
      }
    }
    if (episodes != null && Files.exists(episodes) && Files.isSameFile(file, episodes)) {
      throw new ParameterException(
          spec.commandLine(),
          "--episodes is " + episodes + "; allowed: a file other than --series");
    }
    List<Episode> found = judged(file, screen);
    if (episodes != null) {
      Path name = file.getFileName();
      EpisodeLines.write(episodes, name == null ? file.toString() : name.toString(), found);
    }
  }

  private List<Episode> judged(Path file, Screen screen) throws IOException {
    try {
      return new SeriesBacktest(file, readPolicy(Policy.DEFAULT), new ScreenNarration(screen))
          .run(spec.commandLine().getOut());
    } catch (OutOfMemoryError e) {
      throw new IOException(
          file
              + ": more rows than fit into the memory of "
              + Runtime.getRuntime().maxMemory() / BYTES_OF_MEGABYTE
              + " MB; JAVA_OPTS=-Xmx4g gives it more",
          e);
    }
  }

  private void backtestWindows() throws IOException, InterruptedException {
    WindowMetric measured;
    try {
      measured = WindowMetric.of(metric);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--metric is " + e.getMessage(), e);
    }
    if (step.compareTo(Duration.ofSeconds(1)) < 0 || step.compareTo(Duration.ofDays(1)) > 0) {
      throw new ParameterException(
          spec.commandLine(), "--step is " + step + "; allowed: PT1S to PT24H");
    }
    if (Objects.requireNonNull(from) >= Objects.requireNonNull(to)) {
      throw new ParameterException(spec.commandLine(), "--from must be before --to");
    }
    List<WindowBacktest.Found> found =
        new WindowBacktest(cluster.sql(), readPolicy(measured.policy()).policy())
            .run(
                new WindowBacktest.Scope(
                    tenant.name(),
                    groupingSet,
                    measured,
                    TimeUnit.MILLISECONDS.toMicros(step.toMillis()),
                    Objects.requireNonNull(from),
                    Objects.requireNonNull(to),
                    most),
                spec.commandLine().getOut());
    if (episodes != null) {
      EpisodeLines.write(episodes, found);
    }
  }

  private PolicyYaml.Parsed readPolicy(Policy base) throws IOException {
    return policy == null
        ? new PolicyYaml.Parsed(base, false)
        : PolicyYaml.parse(policy.toString(), TextFile.read(policy), base);
  }
}
