package dev.tributary.anomaly.scenario;

import dev.tributary.anomaly.ReferenceRows;
import dev.tributary.anomaly.WindowFeed;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Cell;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Features over weeks of five-minute windows with known injections, fed as window and cell records
 * through the topology. The true episodes are those windows in which the realised cost is at least
 * twice its noise-free expectation, three in a row or more.
 */
final class ScenarioKit {
  static final double WINDOW_HOURS = 1 / 12.0;
  private static final int DAY = 288;

  /** Neighbouring seeds of Random begin alike; multiplied by this they do not. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** Cells are sent from an hour before the look-back of an injection until it is explained. */
  private static final int CELLS_BEFORE = 30;

  private static final int CELLS_AFTER = 8;

  private static final List<String> UNMOVED =
      List.of("error_share", "retry_share", "fallback_share", "untagged_share", "unpriced_share");

  /**
   * What a run is made of.
   *
   * @param features how many
   * @param weeks how many, at least 2; injections come from the second on
   * @param hasSeason false: the season is switched off by a policy
   * @param least smallest factor of an injection, 1: none
   * @param most greatest factor
   */
  record Options(int features, int weeks, long seed, boolean hasSeason, double least, double most) {

    int windows() {
      return weeks * 7 * DAY;
    }
  }

  private ScenarioKit() {}

  static ScenarioTable run(Options options) {
    ScenarioTable table = new ScenarioTable(options.features() * (double) options.weeks());
    // A driver keeps what a topology writes: a few features at a time.
    for (int from = 0; from < options.features(); from += 6) {
      run(options, from, Math.min(options.features(), from + 6), table);
    }
    return table;
  }

  private static void run(Options options, int from, int to, ScenarioTable table) {
    List<KitRun> runs = new ArrayList<>();
    for (int number = from; number < to; number++) {
      Random random = new Random((options.seed() * 1_000 + number) * GOLDEN);
      SeriesShape shape = SeriesShape.random(number, random);
      KitFeature feature = new KitFeature("feature-" + number, shape, random);
      runs.add(new KitRun(feature, injections(options, number, random), options.windows(), random));
    }
    try (TopologyFixture fixture = WindowFeed.fixture()) {
      publish(fixture, options.hasSeason());
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
   * Five calls and five cents in five minutes: the kit's features are small. What the kit's windows
   * do not move is switched off, to save its time.
   */
  private static void publish(TopologyFixture fixture, boolean hasSeason) {
    Map<String, String> rows = new TreeMap<>();
    String season = hasSeason ? "" : ",\"season\":\"none\"";
    rows.put(
        "POLICY|kit",
        "{\"type\":\"anomaly\",\"id\":\"kit\",\"metric\":\"spend_per_hour\",\"floor\":0.6"
            + season
            + "}");
    for (String metric : UNMOVED) {
      rows.put(
          "POLICY|" + metric,
          "{\"type\":\"anomaly\",\"id\":\""
              + metric
              + "\",\"metric\":\""
              + metric
              + "\",\"enabled\":false}");
    }
    ReferenceRows.publish(fixture, 1, rows);
  }

  /** One in each week but the first; every fifth feature has none. */
  private static List<Injection> injections(Options options, int number, Random random) {
    List<Injection> injections = new ArrayList<>();
    boolean hasAny = number % 5 != 4 && options.most() > 1;
    for (int week = 1; week < options.weeks() && hasAny; week++) {
      int from = week * 7 * DAY + random.nextInt(6 * DAY);
      int length = 6 + random.nextInt(66);
      Scenario[] all = Scenario.values();
      double spread = options.most() / options.least();
      double factor = options.least() * Math.pow(spread, random.nextDouble());
      injections.add(new Injection(all[random.nextInt(all.length)], from, from + length, factor));
    }
    return injections;
  }

  private static void send(WindowFeed feed, KitRun run, int window) {
    KitFeature feature = run.feature();
    if (feature.shape().isMissing(window)) {
      return;
    }
    @Nullable Injection injection = run.injectionAt(window);
    List<Cell> cells = feature.cells(window, injection, run.random());
    Window record = feature.window(window, cells);
    if (record == null) {
      return;
    }
    run.sent(window, record.getMeasures().getCost().doubleValue());
    if (run.isNearInjection(window, CELLS_BEFORE, CELLS_AFTER)) {
      cells.forEach(feed::send);
    }
    feed.send(record);
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
