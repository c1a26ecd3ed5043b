package dev.tributary.bench;

import dev.tributary.runtime.config.Settings;
import dev.tributary.standalone.demo.History;
import dev.tributary.standalone.demo.WindowLog;
import dev.tributary.standalone.platform.ToolSettings;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code bench alerts}: from the end of a window to the alert as a router reads it, in a running
 * {@code ./tributary up}. A week of windows is its past; then one feature after another spends ten
 * times what it does for a step, and is quiet again until its episode is over.
 */
@Command(
    name = "alerts",
    description = "From a window's close to its alert, in ./tributary up.",
    mixinStandardHelpOptions = true)
final class AlertsCommand implements Callable<Integer> {
  private static final int PAST_STEPS = 7 * 24 * 12;

  /** Between two troubles: the one before is resolved, and nothing makes one group of both. */
  private static final int QUIET_STEPS = 5;

  /** Between two troubles of a feature: for six hours after an episode one window is not enough. */
  private static final int STEPS_OF_A_FEATURE = 6 * 12 + QUIET_STEPS;

  private static final double TRACES_PER_STEP = 6_000;
  private static final double TROUBLE = 10;
  private static final int PROGRESS = 20;

  @Option(names = "--alerts", description = "How many. Default: ${DEFAULT-VALUE}")
  private int alerts = 200;

  @Option(names = "--seed", description = "Decides chance. Default: ${DEFAULT-VALUE}")
  private long seed = 1;

  @Option(names = "--dir", paramLabel = "DIR", description = "Parent of the data folder.")
  private Path parent = Path.of("bench/target");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Allowed.atLeast(spec, "--alerts", alerts, 1);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "load average before: %.1f%n",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    Path folder = Folders.working(parent, "tributary-alerts-");
    try (UpProcess up = UpProcess.start(folder)) {
      List<Long> latencies = measure(ToolSettings.load(UpProcess.dataOf(folder), null), out);
      print(latencies, out);
      up.stop();
    } finally {
      Folders.delete(folder);
    }
    return 0;
  }

  private List<Long> measure(Settings settings, PrintWriter out) throws InterruptedException {
    SplittableRandom random = new SplittableRandom(seed);
    long nowUs = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    long startUs = nowUs - nowUs % History.STEP_US - 40L * PAST_STEPS * History.STEP_US;
    History history = new History(seed, startUs);
    List<History.Rate> usual = History.company(seed, TRACES_PER_STEP);
    int quietSteps = Math.max(QUIET_STEPS, STEPS_OF_A_FEATURE / usual.size());
    List<Long> latencies = new ArrayList<>();
    try (WindowLog log = new WindowLog(settings);
        AlertReader reader = new AlertReader(settings)) {
      long stepUs = quiet(PAST_STEPS, startUs, history, usual, log);
      for (int trouble = 0; trouble <= alerts; trouble++) {
        String feature = usual.get(trouble % usual.size()).trace().feature();
        stepUs = quiet(quietSteps, stepUs, history, usual, log);
        history.step(stepUs, troubled(usual, feature)).forEach(log::send);
        log.flush();
        // Anywhere between two commits.
        TimeUnit.MILLISECONDS.sleep(random.nextLong(1_000));
        stepUs += History.STEP_US;
        log.closeUntil(stepUs);
        log.flush();
        long closed = System.nanoTime();
        reader.awaitOpened(feature, stepUs - History.STEP_US);
        // The first comes when the past has been read: it says nothing of how long a close takes.
        if (trouble > 0) {
          latencies.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - closed));
        }
        if (trouble % PROGRESS == 0) {
          out.printf("%d of %d alerts%n", latencies.size(), alerts);
          out.flush();
        }
      }
    }
    return latencies;
  }

  /** Sends steps in which nothing happens; returns where they end. */
  private static long quiet(
      int steps, long fromUs, History history, List<History.Rate> usual, WindowLog log) {
    long untilUs = fromUs;
    for (int step = 0; step < steps; step++) {
      history.step(untilUs, usual).forEach(log::send);
      untilUs += History.STEP_US;
      log.closeUntil(untilUs);
    }
    return untilUs;
  }

  private static List<History.Rate> troubled(List<History.Rate> usual, String feature) {
    return usual.stream()
        .map(
            rate ->
                rate.trace().feature().equals(feature)
                    ? new History.Rate(rate.trace(), TROUBLE * rate.tracesPerStep())
                    : rate)
        .toList();
  }

  private static void print(List<Long> latencies, PrintWriter out) {
    long[] sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
    out.printf(
        Locale.ROOT,
        "close to alert: %d alerts, p50 %d ms, p95 %d ms, p99 %d ms, most %d ms%n",
        sorted.length,
        share(sorted, 0.5),
        share(sorted, 0.95),
        share(sorted, 0.99),
        share(sorted, 1));
    out.flush();
  }

  /** By nearest rank. */
  private static long share(long[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
