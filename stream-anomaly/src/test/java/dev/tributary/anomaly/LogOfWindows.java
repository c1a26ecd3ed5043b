package dev.tributary.anomaly;

import dev.tributary.schemas.Cell;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.MinuteClosed;
import dev.tributary.schemas.TokenSums;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import dev.tributary.schemas.WindowRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A log of windows, cells and ends of minutes: a day of warm-up, then every two hours an hour in
 * which one of six features costs many times as much in one workspace. The same seed, the same log.
 */
final class LogOfWindows {
  /** A day and some. */
  static final int WARM = 292;

  /** Steps from one injection to the next. */
  static final int CYCLE = 24;

  private static final int HIT = 12;
  private static final List<String> FEATURES =
      List.of("chat", "search", "support", "triage", "review", "copy");
  private static final List<String> WORKSPACES = List.of("acme", "bolt", "cyan");

  private final long seed;
  private final int partitions;

  LogOfWindows(long seed, int partitions) {
    this.seed = seed;
    this.partitions = partitions;
  }

  /** The records of a step, in the order of sending. */
  List<ProducerRecord<String, WindowRecord>> step(int step) {
    List<ProducerRecord<String, WindowRecord>> records = new ArrayList<>();
    Random random = new Random(seed * 31 + step);
    for (int number = 0; number < FEATURES.size(); number++) {
      boolean isHit =
          step >= WARM
              && (step - WARM) % CYCLE < HIT
              && (step - WARM) / CYCLE % FEATURES.size() == number;
      feature(FEATURES.get(number), step, isHit, random, records);
    }
    long endUs = WindowFeed.step(step + 1);
    for (int partition = 0; partition < partitions; partition++) {
      MinuteClosed closed = new MinuteClosed(endUs, partition, new TreeMap<>(), List.of());
      records.add(record(partition, "minute-closed", new WindowRecord(closed), endUs));
    }
    return records;
  }

  private static void feature(
      String feature,
      int step,
      boolean isHit,
      Random random,
      List<ProducerRecord<String, WindowRecord>> records) {
    double cost = 0;
    for (String workspace : WORKSPACES) {
      double each = 1 + 0.05 * random.nextGaussian();
      each *= isHit && workspace.equals("bolt") ? 16 : 1;
      Cell cell = cell(feature, workspace, step, each);
      String key = "default|cell|environment=production|feature=" + feature;
      records.add(record(null, key, new WindowRecord(cell), WindowFeed.step(step + 1)));
      cost += each;
    }
    records.add(window(feature, step, 90, cost, 1));
    if (isHit && step % 4 == 0) {
      // What comes late amends an open episode.
      records.add(window(feature, step - 1, 95, cost + 1, 2));
    }
  }

  private static ProducerRecord<String, WindowRecord> window(
      String feature, int step, long calls, double cost, long revision) {
    Window window =
        WindowFeed.window(
            "feature", Map.of("feature", feature), WindowFeed.step(step), calls, cost);
    window.setRevision(revision);
    String key = Keys.series(window.getTenant(), window.getSeries());
    return record(null, key, new WindowRecord(window), WindowFeed.step(step + 1));
  }

  private static Cell cell(String feature, String workspace, int step, double cost) {
    TokenSums tokens = new TokenSums();
    tokens.setOutputText(Math.round(1_000 * cost));
    BigDecimal amount = WindowFeed.money(tokens.getOutputText() / 1_000.0);
    return WindowFeed.cell(
        Map.of("feature", feature, "workspace", workspace, "model", "m"),
        WindowFeed.step(step),
        30,
        tokens,
        Map.of("out.text", amount));
  }

  private static ProducerRecord<String, WindowRecord> record(
      Integer partition, String key, WindowRecord value, long atUs) {
    return new ProducerRecord<>(Topics.WINDOWS.name(), partition, atUs / 1_000, key, value);
  }
}
