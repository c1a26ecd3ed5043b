package dev.tributary.anomaly.scenario;

import dev.tributary.anomaly.core.Policy;
import dev.tributary.anomaly.core.PolicyYaml;
import dev.tributary.anomaly.core.Reading;
import dev.tributary.anomaly.core.SeriesDetector;
import dev.tributary.anomaly.core.SeriesStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Sixty series of spend over three weeks of five-minute windows, with known injections in the
 * second and third week. The true episodes are those windows in which the realised value is at
 * least twice its noise-free expectation, three in a row or more.
 */
final class ScenarioKit {
  static final double WINDOW_HOURS = 1 / 12.0;
  private static final int DAY = 288;
  private static final int WINDOWS = 21 * DAY;
  private static final long WINDOW_US = 300_000_000L;

  /** A Monday. */
  private static final long START_US = 1_772_409_600_000_000L;

  /** Neighbouring seeds of Random begin alike; multiplied by this they do not. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private static final int ENOUGH = 3;
  private static final String POLICY = "{floor: 0.05, minimum_samples: 5}";

  private ScenarioKit() {}

  /** Policy of the kit: spend, five cents at least, five calls at least. */
  static Policy policy(boolean hasSeason) {
    String season = hasSeason ? "" : ", season: none";
    return PolicyYaml.parse("kit", POLICY.replace("}", season + "}")).policy();
  }

  /** Runs so many series of a seed. */
  static ScenarioTable run(int series, long seed, Policy policy, double least, double most) {
    ScenarioTable table = new ScenarioTable(series * WINDOWS / (7.0 * DAY));
    for (int number = 0; number < series; number++) {
      Random random = new Random((seed * 1_000 + number) * GOLDEN);
      SeriesShape shape = SeriesShape.random(number, random);
      List<Injection> injections = injections(number, random, least, most);
      runSeries(shape, injections, random, policy, table);
    }
    return table;
  }

  /** One in the second and one in the third week; every fifth series has none. */
  private static List<Injection> injections(int number, Random random, double least, double most) {
    List<Injection> injections = new ArrayList<>();
    for (int week = 1; week < 3 && number % 5 != 4; week++) {
      int from = week * 7 * DAY + random.nextInt(6 * DAY);
      int length = 6 + random.nextInt(66);
      Scenario[] all = Scenario.values();
      double factor = least * Math.pow(most / least, random.nextDouble());
      injections.add(new Injection(all[random.nextInt(all.length)], from, from + length, factor));
    }
    return injections;
  }

  private static void runSeries(
      SeriesShape shape,
      List<Injection> injections,
      Random random,
      Policy policy,
      ScenarioTable table) {
    SeriesDetector detector = new SeriesDetector(policy, WINDOW_US);
    boolean[] isDouble = new boolean[WINDOWS];
    boolean[] isOpen = new boolean[WINDOWS];
    boolean[] isSeen = new boolean[WINDOWS];
    for (int window = 0; window < WINDOWS; window++) {
      isOpen[window] = window > 0 && isOpen[window - 1];
      if (shape.isMissing(window)) {
        continue;
      }
      isSeen[window] = true;
      double expected = shape.expectedCalls(window) * shape.costPerCall();
      double factor = 1;
      boolean isVolume = false;
      for (Injection injection : injections) {
        if (injection.covers(window)) {
          factor = injection.factor();
          isVolume =
              injection.scenario() == Scenario.TRAFFIC
                  || injection.scenario() == Scenario.TOOL_LOOP;
        }
      }
      long calls = Noise.poisson(random, shape.expectedCalls(window) * (isVolume ? factor : 1));
      double each = shape.costPerCall() * (isVolume ? 1 : factor);
      double value = Noise.sumOfCalls(random, calls, each, shape.spread());
      isDouble[window] = value >= 2 * expected;
      if (calls > 0) {
        Reading reading = detector.add(START_US + window * WINDOW_US, value, calls);
        isOpen[window] = reading.status() == SeriesStatus.OPEN;
      }
    }
    table.add(new EpisodeMatch(isDouble, isOpen, isSeen, ENOUGH), injections, shape, random);
  }
}
