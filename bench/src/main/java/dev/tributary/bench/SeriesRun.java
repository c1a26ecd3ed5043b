package dev.tributary.bench;

import dev.tributary.anomaly.AnomalyMain;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.run.StreamsProperties;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Feeds event minutes to a running application, measures each, and checks what came of them. */
final class SeriesRun {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration STUCK = Duration.ofMinutes(5);
  private static final String JUDGED = "tributary.anomaly.series.judged";
  private static final String REFUSED = "tributary.anomaly.series.refused";
  private static final String WINDOWS = TopicNames.PLAIN.of(Topics.WINDOWS);
  private static final String SPEND = "|spend_per_hour";

  private final Lab lab;
  private final Settings settings;
  private final WatchedSeries series;
  private final long seed;
  private final long startUs;
  private final PrintWriter out;

  SeriesRun(
      Lab lab, Settings settings, WatchedSeries series, long seed, long startUs, PrintWriter out) {
    this.lab = lab;
    this.settings = settings;
    this.series = series;
    this.seed = seed;
    this.startUs = startUs;
    this.out = out;
  }

  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /** Feeds, prints and checks; whether everything is as it must be. */
  boolean feed(ChildJvm application, int minutes, int troubled)
      throws ExecutionException, InterruptedException, IOException {
    Set<Integer> features = new LinkedHashSet<>();
    for (int i = 0; i < troubled; i++) {
      features.add((int) ((long) i * series.windows() / troubled));
    }
    String group = StreamsProperties.applicationId(AnomalyMain.APP.name(), settings);
    ExecutorService feeding = Executors.newSingleThreadExecutor();
    try (GroupOffsets offsets = new GroupOffsets(settings, group, WINDOWS);
        GroupOffsets written = new GroupOffsets(settings, group, WINDOWS)) {
      MinuteFeed feed = new MinuteFeed(series, settings, written, seed, startUs, minutes, features);
      Meter meter = new Meter(application);
      Future<Void> fed = feeding.submit(feed);
      List<SeriesResult.Minute> taken = new ArrayList<>();
      for (int number = 1; number <= minutes; number++) {
        Map<Integer, Long> end = nextEnd(feed, fed, application);
        awaitTaken(offsets, end, fed, application);
        feed.taken();
        SeriesResult.Minute minute =
            new SeriesResult.Minute(
                number,
                meter.read(),
                GroupOffsets.behind(offsets.committed(), offsets.ends()),
                application.use().residentBytes(),
                load());
        minute.print(out);
        taken.add(minute);
      }
      fed.get();
      Map<String, Long> counters =
          awaitJudged(application, (long) SeriesResult.steps(minutes) * series.windows());
      SeriesResult result =
          new SeriesResult(
              (long) series.windows() * WatchedSeries.METRICS,
              Runtime.getRuntime().availableProcessors(),
              taken,
              meter.read());
      result.print(out);
      return isRight(counters, minutes, features);
    } finally {
      feeding.shutdownNow();
    }
  }

  private static Map<Integer, Long> nextEnd(MinuteFeed feed, Future<Void> fed, ChildJvm application)
      throws ExecutionException, InterruptedException {
    @Nullable Map<Integer, Long> end = null;
    while (end == null) {
      application.checkAlive();
      end = feed.written().poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
      if (end == null && fed.isDone()) {
        fed.get(); // tells what failed
      }
    }
    return end;
  }

  private static void awaitTaken(
      GroupOffsets offsets, Map<Integer, Long> end, Future<Void> fed, ChildJvm application)
      throws ExecutionException, InterruptedException {
    long last = Long.MAX_VALUE;
    long lastChange = System.nanoTime();
    for (long behind = GroupOffsets.behind(offsets.committed(), end);
        behind > 0;
        behind = GroupOffsets.behind(offsets.committed(), end)) {
      application.checkAlive();
      if (fed.isDone()) {
        fed.get();
      }
      lastChange = behind < last ? System.nanoTime() : lastChange;
      last = behind;
      if (System.nanoTime() - lastChange > STUCK.toNanos()) {
        throw new BenchException("nothing moved for " + STUCK + ": " + behind + " records behind");
      }
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
    }
  }

  /** The counters once so many series were judged, or when no more come. */
  private static Map<String, Long> awaitJudged(ChildJvm application, long wanted)
      throws InterruptedException {
    long last = -1;
    long lastChange = System.nanoTime();
    Map<String, Long> counters = counters(application);
    while (counters.getOrDefault(JUDGED, 0L) + counters.getOrDefault(REFUSED, 0L) < wanted) {
      long judged = counters.getOrDefault(JUDGED, 0L);
      lastChange = judged > last ? System.nanoTime() : lastChange;
      last = judged;
      if (System.nanoTime() - lastChange > STUCK.toNanos()) {
        return counters;
      }
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
      counters = counters(application);
    }
    return counters;
  }

  private static Map<String, Long> counters(ChildJvm application) {
    Map<String, Long> counters = new HashMap<>();
    for (String each : application.ask(StageMain.ASK_COUNTERS, StageMain.COUNTERS).split(" ", -1)) {
      int equals = each.indexOf('=');
      if (equals > 0) {
        counters.put(each.substring(0, equals), Long.parseLong(each.substring(equals + 1)));
      }
    }
    return counters;
  }

  private boolean isRight(Map<String, Long> counters, int minutes, Set<Integer> troubled)
      throws IOException {
    long fed = (long) minutes * series.windows();
    long taken = ofWindows(counters, MetricNames.SENT_PRIMARY) - (long) minutes * Lab.PARTITIONS;
    out.printf(
        Locale.ROOT,
        "%,d bytes on disk a series in the end; broker's folder %,d MB%n",
        Folders.bytes(StageSetup.stateFolder(lab)) / series.windows() / WatchedSeries.METRICS,
        Folders.bytes(lab.folder().resolve("kafka")) / 1_000_000);
    Map<String, Boolean> checks = new LinkedHashMap<>();
    long dropped =
        ofWindows(counters, MetricNames.DROPPED)
            + ofWindows(counters, MetricNames.DEAD_LETTERED)
            + ofWindows(counters, MetricNames.REJECTED);
    checks.put("taken %,d of %,d windows".formatted(taken, fed), taken == fed);
    checks.put("dropped %,d".formatted(dropped), dropped == 0);
    long refused = counters.getOrDefault(REFUSED, 0L);
    checks.put("refused %,d".formatted(refused), refused == 0);
    long judged = counters.getOrDefault(JUDGED, 0L);
    long wanted = (long) SeriesResult.steps(minutes) * series.windows();
    checks.put("judged %,d of %,d".formatted(judged, wanted), judged == wanted);
    List<String> opened = EpisodeReader.opened(settings);
    List<String> expected =
        troubled.stream().map(number -> WatchedSeries.key(number).text() + SPEND).toList();
    checks.put(
        "episodes opened %d, of the %d troubled features".formatted(opened.size(), expected.size()),
        opened.size() == expected.size() && opened.containsAll(expected));
    checks.forEach((what, isRight) -> out.println((isRight ? "right: " : "WRONG: ") + what));
    out.flush();
    return !checks.containsValue(false);
  }

  private static long ofWindows(Map<String, Long> counters, String name) {
    return counters.getOrDefault(name + StageMain.OF_TOPIC + WINDOWS, 0L);
  }

  /** What was used since the last reading. */
  private final class Meter {
    private final Supplier<Map<String, Duration>> cpu;
    private long last = System.nanoTime();
    private Map<String, Duration> lastCpu = Map.of();

    Meter(ChildJvm application) {
      Map<String, Supplier<ProcessUse>> processes = new LinkedHashMap<>();
      processes.put("application", application::use);
      processes.put("broker", lab::brokerUse);
      CpuMeter meter = new CpuMeter(processes);
      this.cpu = meter::read;
    }

    SeriesResult.Use read() {
      long now = System.nanoTime();
      Map<String, Duration> used = cpu.get();
      SeriesResult.Use since =
          new SeriesResult.Use(
              Duration.ofNanos(now - last), since(used, "application"), since(used, "broker"));
      last = now;
      lastCpu = used;
      return since;
    }

    private Duration since(Map<String, Duration> used, String process) {
      return used.getOrDefault(process, Duration.ZERO)
          .minus(lastCpu.getOrDefault(process, Duration.ZERO));
    }
  }
}
