package dev.tributary.bench;

import dev.tributary.anomaly.AnomalyMain;
import dev.tributary.embedded.registry.EmbeddedRegistry;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.StreamsProperties;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bench series}: whether stream-anomaly keeps pace with so many series. The application runs
 * in a process of its own, exactly once, on a real broker, with its stores on disk; it first
 * restores a week's knowledge of every series, then takes one event minute after another.
 */
@Command(
    name = "series",
    description = "Whether stream-anomaly keeps pace with so many series at one-minute windows.",
    mixinStandardHelpOptions = true)
final class SeriesCommand implements Callable<Integer> {
  private static final int KINDS = 100;

  @Option(
      names = "--series",
      description = "Series, grouping set times metric. Default: ${DEFAULT-VALUE}")
  private long series = 1_000_000;

  @Option(names = "--minutes", description = "Event minutes. Default: ${DEFAULT-VALUE}")
  private int minutes = 11;

  @Option(
      names = "--troubled",
      description = "Features that spend ten times as much in one step. Default: ${DEFAULT-VALUE}")
  private int troubled = 5;

  @Option(names = "--seed", description = "Decides chance. Default: ${DEFAULT-VALUE}")
  private long seed = 1;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting of the application.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(names = "--jvm", paramLabel = "OPTION", description = "An option of its JVM.")
  private List<String> jvmOptions = List.of();

  @Option(names = "--dir", paramLabel = "DIR", description = "Parent of the working folder.")
  private Path folder = Path.of("bench/target");

  @Option(names = "--keep", description = "Leave the working folder.")
  private boolean keep;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    long windows = (series + WatchedSeries.METRICS - 1) / WatchedSeries.METRICS;
    if (windows < Math.max(1, troubled) || windows > Integer.MAX_VALUE || troubled < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--series must be at least "
              + WatchedSeries.METRICS
              + " times the troubled features: "
              + series);
    }
    if (minutes < SeriesResult.STEP_MINUTES) {
      throw new ParameterException(
          spec.commandLine(),
          "--minutes must be at least a step of " + SeriesResult.STEP_MINUTES + ": " + minutes);
    }
    PrintWriter out = spec.commandLine().getOut();
    WatchedSeries watched = new WatchedSeries(seed, (int) windows, KINDS);
    out.printf(
        Locale.ROOT,
        "load average before: %.1f; %,d series are %,d windows a minute%n",
        SeriesRun.load(),
        windows * WatchedSeries.METRICS,
        windows);
    out.flush();
    try (Lab lab = Lab.start(folder, keep);
        EmbeddedRegistry registry =
            EmbeddedRegistry.start(
                new EmbeddedRegistry.Options(lab.folder().resolve("registry"), 0))) {
      Map<String, String> values = StageSetup.settings(lab, registry);
      values.put(CommonSettings.THREADS.key(), "2");
      values.putAll(settings);
      Path config = StageSetup.prepare(lab, values);
      Settings parsed = Settings.of(values, AnomalyMain.APP.allSettings());
      long startUs = startUs();
      long stateBytes = prepare(watched, parsed, startUs, out);
      SeriesRun run = new SeriesRun(lab, parsed, watched, seed, startUs, out);
      long start = System.nanoTime();
      try (ChildJvm application =
          StageSetup.start(
              lab, AnomalyMain.APP.name(), AnomalyMain.APP.name(), config, jvmOptions)) {
        application.awaitReady();
        restored(lab, application, System.nanoTime() - start, stateBytes, windows, out);
        return run.feed(application, minutes, troubled) ? 0 : 1;
      }
    }
  }

  /** A full hour long enough ago that nothing is in the future. */
  private static long startUs() {
    Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
    return ChronoUnit.MICROS.between(Instant.EPOCH, hour.minus(Duration.ofHours(12)));
  }

  private long prepare(WatchedSeries watched, Settings parsed, long startUs, PrintWriter out)
      throws Exception {
    long start = System.nanoTime();
    WarmStates states = WarmStates.learn(watched, seed, startUs);
    out.printf(
        Locale.ROOT,
        "learnt     a week of %d kinds of features in %.0f s%n",
        watched.kinds(),
        (System.nanoTime() - start) / 1e9);
    out.flush();
    long bytes =
        states.write(
            parsed, StreamsProperties.applicationId(AnomalyMain.APP.name(), parsed), watched);
    out.printf(
        Locale.ROOT,
        "written    %,d MB of state to the changelog, %,d bytes a series%n",
        bytes / 1_000_000,
        bytes / watched.windows() / WatchedSeries.METRICS);
    out.flush();
    return bytes;
  }

  private static void restored(
      Lab lab, ChildJvm application, long nanos, long bytes, long windows, PrintWriter out)
      throws IOException {
    ProcessUse use = application.use();
    out.printf(
        Locale.ROOT,
        "restored   %,d MB in %.0f s with the start of the JVM, %.0f s of CPU; %,d bytes on disk a"
            + " series; resident %,d MiB%n",
        bytes / 1_000_000,
        nanos / (double) TimeUnit.SECONDS.toNanos(1),
        use.cpu().toMillis() / 1e3,
        Folders.bytes(StageSetup.stateFolder(lab)) / windows / WatchedSeries.METRICS,
        use.residentBytes() >> 20);
    out.flush();
  }
}
