package dev.tributary.bench;

import dev.tributary.anomaly.AnomalyMain;
import dev.tributary.attribution.AttributionMain;
import dev.tributary.cost.CostMain;
import dev.tributary.normalize.NormalizeMain;
import dev.tributary.runtime.config.ProcessEnvironment;
import dev.tributary.runtime.config.Setting;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.run.ExitCode;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.run.RunningApp;
import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.runtime.run.StreamsRunner;
import dev.tributary.sink.clickhouse.ClickHouseSink;
import dev.tributary.sink.clickhouse.SinkConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Some or all applications of the chain in one JVM.
 *
 * <p>Arguments: their names, comma-separated, then as for any application. Says {@code READY} when
 * all run; answers each line {@code counters} by all counters and their values; stops the
 * applications when standard input ends.
 */
public final class StageMain {
  static final List<StreamsApp> APPS =
      List.of(NormalizeMain.APP, AttributionMain.APP, CostMain.APP, AnomalyMain.APP);

  /** Names of the stages up to ClickHouse, in the order of the flow. */
  static final List<String> NAMES =
      List.of(
          NormalizeMain.APP.name(),
          AttributionMain.APP.name(),
          CostMain.APP.name(),
          SinkConfig.NAME);

  /** A line of standard input that asks for the counters, and the first word of the answer. */
  static final String ASK_COUNTERS = "counters";

  static final String COUNTERS = "COUNTERS";

  /** Between a counter's name and its topic, where it has one. */
  static final String OF_TOPIC = "@";

  /** It may have gigabytes of state to restore. */
  private static final Duration START_TIMEOUT = Duration.ofMinutes(15);

  private StageMain() {}

  /** Runs until standard input ends or a stage fails. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> names = List.of(args[0].split(",", -1));
    List<Setting<?>> known = new ArrayList<>(SinkConfig.allSettings());
    APPS.forEach(app -> known.addAll(app.allSettings()));
    Settings settings =
        ProcessEnvironment.current().settings(Arrays.copyOfRange(args, 1, args.length), known);
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    RunOptions options = RunOptions.of(meters);
    List<AutoCloseable> running = new ArrayList<>();
    for (StreamsApp app : APPS) {
      if (names.contains(app.name())) {
        RunningApp started = StreamsRunner.start(app, settings, options);
        running.add(started);
        endWith(started);
      }
    }
    if (names.contains(SinkConfig.NAME)) {
      ClickHouseSink sink = ClickHouseSink.start(settings, options);
      running.add(sink);
      watch(
          "sink",
          () -> {
            if (!sink.awaitEnd()) {
              System.err.println("sink failed: " + sink.status());
              System.exit(1);
            }
          });
    }
    for (AutoCloseable each : running) {
      if (each instanceof RunningApp app) {
        app.awaitRunning(START_TIMEOUT);
      }
    }
    System.out.println(ChildJvm.READY);
    answerUntilEndOfInput(meters);
    Collections.reverse(running);
    for (AutoCloseable each : running) {
      close(each);
    }
    System.exit(0);
  }

  private static void endWith(RunningApp app) {
    watch(
        app.name(),
        () -> {
          if (app.awaitEnd() == ExitCode.FAILED) {
            System.err.println(app.name() + " failed: " + app.failure());
            System.exit(1);
          }
        });
  }

  private interface Watch {
    void run() throws InterruptedException;
  }

  private static void watch(String name, Watch watch) {
    Thread thread =
        new Thread(
            () -> {
              try {
                watch.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "watch-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void answerUntilEndOfInput(MeterRegistry meters) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals(ASK_COUNTERS)) {
        System.out.println(COUNTERS + ' ' + counters(meters));
      }
    }
  }

  /** {@code name=value} or {@code name@topic=value} of each counter, over all other tags. */
  private static String counters(MeterRegistry meters) {
    Map<String, Double> sums = new TreeMap<>();
    for (Meter meter : meters.getMeters()) {
      if (meter instanceof Counter counter) {
        String topic = meter.getId().getTag(MetricNames.TOPIC);
        String name = meter.getId().getName() + (topic == null ? "" : OF_TOPIC + topic);
        sums.merge(name, counter.count(), Double::sum);
      }
    }
    return sums.entrySet().stream()
        .map(sum -> sum.getKey() + '=' + Math.round(sum.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) { // whatever one does, the others are closed too
      System.err.println("cannot close " + part + ": " + e);
    }
  }
}
