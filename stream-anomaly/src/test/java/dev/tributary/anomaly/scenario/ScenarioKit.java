package dev.tributary.anomaly.scenario;

import dev.tributary.anomaly.JudgedWindows;
import dev.tributary.anomaly.ReferenceRows;
import dev.tributary.anomaly.WindowFeed;
import dev.tributary.anomaly.core.series.SeriesMetric;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Series over weeks of five-minute windows with known injections, fed as window and cell records
 * through the topology. The true episodes are those windows in which the realised value is at least
 * twice its noise-free expectation, three in a row or more.
 */
final class ScenarioKit {
  static final double WINDOW_HOURS = 1 / 12.0;
  static final int WEEK = 7 * 288;

  /** A driver keeps what a topology writes: a few series at a time. */
  private static final int AT_A_TIME = 10;

  /** Cells are sent from an hour before the look-back of an injection until it is explained. */
  private static final int CELLS_BEFORE = 30;

  private static final int CELLS_AFTER = 8;

  private static final List<String> UNMOVED =
      List.of("retry_share", "fallback_share", "unpriced_share");

  /**
   * What a run is made of.
   *
   * @param first number of the first series; its kind follows from it
   * @param series how many
   * @param weeks how many, at least 2; injections come from the second on
   * @param hasSeason false: the season is switched off by a policy
   * @param least smallest factor of an injection, 1: none
   * @param most greatest factor
   */
  record Options(
      int first, int series, int weeks, long seed, boolean hasSeason, double least, double most) {

    int windows() {
      return weeks * WEEK;
    }
  }

  private ScenarioKit() {}

  static ScenarioTable run(Options options) {
    ScenarioTable table = new ScenarioTable(options.weeks());
    int end = options.first() + options.series();
    for (int from = options.first(); from < end; from += AT_A_TIME) {
      run(options, from, Math.min(end, from + AT_A_TIME), table);
    }
    return table;
  }

  /**
   * The rules alone, without grouping, alerts and explanation: the same core in a tenth of time.
   */
  static ScenarioTable judge(Options options) {
    ScenarioTable table = new ScenarioTable(options.weeks());
    for (KitRun run : runs(options, options.first(), options.first() + options.series())) {
      Map<String, String> policies = policies(options.hasSeason());
      for (SeriesMetric metric : SeriesMetric.values()) {
        if (SeriesMetric.ofName(run.series().watched().metric()) != metric) {
          policies.put("POLICY|" + metric.label(), off(metric.label()));
        }
      }
      JudgedWindows rules = new JudgedWindows(policies.values());
      for (int window = 0; window < options.windows(); window++) {
        KitSeries.Step step = run.series().step(window, run.injectionAt(window), false);
        run.sent(window, step);
        if (step.record() != null) {
          rules.take(step.record(), run::take);
        }
        rules.close(WindowFeed.step(window), run::take);
      }
      table.add(run);
    }
    return table;
  }

  private static List<KitRun> runs(Options options, int from, int to) {
    List<KitRun> runs = new ArrayList<>();
    for (int number = from; number < to; number++) {
      KitSeries series = new KitSeries(options.seed(), number);
      List<Injection> injections =
          series.injections(options.weeks(), options.least(), options.most());
      runs.add(new KitRun(series, injections, options.windows()));
    }
    return runs;
  }

  private static void run(Options options, int from, int to, ScenarioTable table) {
    List<KitRun> runs = runs(options, from, to);
    try (TopologyFixture fixture = WindowFeed.fixture()) {
      ReferenceRows.publish(fixture, 1, policies(options.hasSeason()));
      WindowFeed feed = new WindowFeed(fixture);
      for (int window = 0; window < options.windows(); window++) {
        for (KitRun run : runs) {
          send(feed, run, window);
        }
        feed.close(WindowFeed.step(window + 1));
        if (window % 48 == 47) {
          collect(fixture, runs);
        }
      }
      collect(fixture, runs);
    }
    runs.forEach(table::add);
  }

  /**
   * Five cents in five minutes: the kit's features are small. What the kit's windows do not move is
   * switched off, to save its time.
   */
  private static Map<String, String> policies(boolean hasSeason) {
    Map<String, String> rows = new TreeMap<>();
    rows.put(
        "POLICY|spend_per_hour", policy("spend", "\"metric\":\"spend_per_hour\",\"floor\":0.6"));
    if (!hasSeason) {
      rows.put("POLICY|season", policy("season", "\"season\":\"none\""));
    }
    for (String metric : UNMOVED) {
      rows.put("POLICY|" + metric, off(metric));
    }
    return rows;
  }

  private static String off(String metric) {
    return policy(metric, "\"metric\":\"" + metric + "\",\"enabled\":false");
  }

  private static String policy(String id, String fields) {
    return "{\"type\":\"anomaly\",\"id\":\"" + id + "\"," + fields + "}";
  }

  private static void send(WindowFeed feed, KitRun run, int window) {
    boolean hasCells = run.isNearInjection(window, CELLS_BEFORE, CELLS_AFTER);
    KitSeries.Step step = run.series().step(window, run.injectionAt(window), hasCells);
    run.sent(window, step);
    step.cells().forEach(feed::send);
    if (step.record() != null) {
      feed.send(step.record());
    }
  }

  private static void collect(TopologyFixture fixture, List<KitRun> runs) {
    for (Anomaly anomaly : fixture.values(Topics.ANOMALIES)) {
      runs.forEach(run -> run.take(anomaly));
    }
    for (Alert alert : fixture.values(Topics.ALERTS)) {
      runs.forEach(run -> run.take(alert));
    }
    for (String topic : fixture.driver().producedTopicNames()) {
      if (topic.endsWith("-changelog")) {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        fixture.driver().createOutputTopic(topic, bytes, bytes).readRecordsToList();
      }
    }
  }
}
