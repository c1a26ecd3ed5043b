package dev.tributary.anomaly.scenario;

import dev.tributary.anomaly.WindowFeed;
import dev.tributary.schemas.Cell;
import dev.tributary.schemas.Distribution;
import dev.tributary.schemas.ScoreSums;
import dev.tributary.schemas.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A watched series: what it is without noise, and what chance makes of each of its windows. */
final class KitSeries {
  /** Neighbouring seeds of Random begin alike; multiplied by this they do not. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private static final int DAY = 288;
  private static final double MEAN_SCORE = 0.88;
  private static final double SCORE_SPREAD = 0.25;
  private static final double SCORED = 0.2;
  private static final double UNTAGGED = 0.05;
  private static final double MEDIAN_LATENCY_US = 800_000;
  private static final double LATENCY_SIGMA = 0.5;

  /** The 95th percentile of a standard normal. */
  private static final double NORMAL_95 = 1.6449;

  /** Judges are out for six hours of each Saturday. */
  private static final double OUTAGE_FROM_HOUR = 138;

  private static final double OUTAGE_HOURS = 6;
  private static final double LOG_GAMMA = Math.log(1.01 / 0.99);

  private final int number;
  private final Watched watched;
  private final SeriesShape shape;
  private final KitFeature feature;
  private final Random random;

  /**
   * @param number which of a run; says what it is of
   */
  KitSeries(long seed, int number) {
    this.number = number;
    this.watched = Watched.of(number);
    this.random = new Random((seed * 1_000 + number) * GOLDEN);
    this.shape = SeriesShape.random(number, watched, random);
    this.feature = new KitFeature("feature-" + number, shape, isCaching(), random);
  }

  /**
   * What came of a window.
   *
   * @param record null: nothing
   * @param cells empty unless they were asked for
   * @param value what is watched; one of several that make a value
   * @param weight how much it weighs among them; 0: there is none
   */
  record Step(@Nullable Window record, List<Cell> cells, double value, double weight) {
    static final Step NONE = new Step(null, List.of(), 0, 0);
  }

  Watched watched() {
    return watched;
  }

  KitFeature feature() {
    return feature;
  }

  SeriesShape shape() {
    return shape;
  }

  Random random() {
    return random;
  }

  private boolean isCaching() {
    return watched == Watched.SPEND && number % 5 == 4;
  }

  /** Dimensions of its windows. */
  Map<String, String> dimensions() {
    return switch (watched) {
      case SPEND, QUALITY, ERRORS -> Map.of("feature", feature.name());
      case TOOL -> Map.of("tool", "tool-" + number);
      case UNTAGGED ->
          new TreeMap<>(
              Map.of("provider", "openai", "surface", "openai", "model", "model-" + number));
    };
  }

  /** One in each week but the first; every seventh series has none. */
  List<Injection> injections(int weeks, double least, double most) {
    List<Injection> injections = new ArrayList<>();
    List<Scenario> all = Scenario.of(watched);
    for (int week = 1; week < weeks && number % 7 != 5 && most > 1; week++) {
      int from = week * 7 * DAY + random.nextInt(5 * DAY);
      int length = (6 + random.nextInt(66)) * (watched == Watched.QUALITY ? 2 : 1);
      length += watched == Watched.QUALITY ? 3 * watched.steps() : 0;
      Scenario scenario = all.get((number + number / 10 + week * 4) % all.size());
      if (isCaching() && (week == 1 || scenario == Scenario.RETRIEVAL_TOKENS)) {
        scenario = Scenario.CACHE_COLLAPSE;
      } else if (scenario == Scenario.CACHE_COLLAPSE) {
        scenario = Scenario.RETRIEVAL_TOKENS;
      }
      double limit = Math.max(least, Math.min(most, most(scenario)));
      double factor = least * Math.pow(limit / least, random.nextDouble());
      injections.add(new Injection(scenario, from, from + length, factor));
    }
    return injections;
  }

  private double most(Scenario scenario) {
    return switch (watched) {
      case SPEND, ERRORS -> feature.most(scenario);
      case QUALITY -> 0.9 / (1 - MEAN_SCORE);
      case TOOL -> 10;
      case UNTAGGED -> 0.8 / UNTAGGED;
    };
  }

  /** How far a value is from what it should be without noise: 2 is twice as much, or as bad. */
  double extent(int window, double value) {
    return switch (watched) {
      case SPEND -> value / feature.expectedCost(window);
      case QUALITY -> (1 - value) / (1 - MEAN_SCORE);
      case TOOL -> value / (MEDIAN_LATENCY_US * Math.exp(NORMAL_95 * LATENCY_SIGMA));
      case ERRORS -> value / KitFeature.ERRORS;
      case UNTAGGED -> value / UNTAGGED;
    };
  }

  /** The next window, with its cells where they are wanted. */
  Step step(int window, @Nullable Injection injection, boolean hasCells) {
    if (shape.isMissing(window)) {
      return Step.NONE;
    }
    return switch (watched) {
      case SPEND, QUALITY, ERRORS -> ofFeature(window, injection, hasCells);
      case TOOL -> ofTool(window, injection);
      case UNTAGGED -> ofModel(window, injection);
    };
  }

  private Step ofFeature(int window, @Nullable Injection injection, boolean hasCells) {
    KitDraw draw = feature.draw(window, injection, random);
    if (draw.calls() == 0) {
      return Step.NONE;
    }
    Window record = draw.window();
    double value = draw.cost();
    double weight = 1;
    if (watched == Watched.ERRORS) {
      long errors = draw.fail(random);
      record.getMeasures().setErrors(errors);
      record.getMeasures().setRetries(errors);
      value = errors / (double) draw.calls();
    } else if (watched == Watched.QUALITY) {
      long count = isOutage(window) ? 0 : Noise.poisson(random, draw.calls() * SCORED);
      double bad = (1 - MEAN_SCORE) * (injection == null ? 1 : injection.factor());
      double sum = count * (1 - bad) + SCORE_SPREAD * Math.sqrt(count) * random.nextGaussian();
      weight = (double) count;
      value = count == 0 ? 0 : sum / count;
      if (count > 0) {
        record.setScores(List.of(scores(count, sum)));
      }
    }
    return new Step(record, hasCells ? draw.cells(feature) : List.of(), value, weight);
  }

  private static boolean isOutage(int window) {
    double hour = window * ScenarioKit.WINDOW_HOURS % 168;
    return hour >= OUTAGE_FROM_HOUR && hour < OUTAGE_FROM_HOUR + OUTAGE_HOURS;
  }

  private static ScoreSums scores(long count, double sum) {
    return ScoreSums.newBuilder()
        .setName("helpfulness")
        .setSource("evaluator")
        .setN(count)
        .setWeight((double) count)
        .setWeightSquared((double) count)
        .setWeightedValue(sum)
        .setWeightedValueSquared(sum * sum / count)
        .build();
  }

  private Step ofTool(int window, @Nullable Injection injection) {
    long calls = Noise.poisson(random, shape.expectedCalls(window));
    if (calls == 0) {
      return Step.NONE;
    }
    TreeMap<Integer, Long> buckets = new TreeMap<>();
    double median = MEDIAN_LATENCY_US * (injection == null ? 1 : injection.factor());
    for (long i = 0; i < calls; i++) {
      double log = Math.log(median) + LATENCY_SIGMA * random.nextGaussian();
      buckets.merge((int) Math.ceil(log / LOG_GAMMA), 1L, Long::sum);
    }
    Window record = window(window, 0);
    record.getMeasures().setToolCalls(calls);
    record.setDistributions(
        List.of(
            new Distribution(
                "latency_us",
                0L,
                new ArrayList<>(buckets.keySet()),
                new ArrayList<>(buckets.values()))));
    return new Step(record, List.of(), percentile95(buckets, calls), 1);
  }

  private static double percentile95(TreeMap<Integer, Long> buckets, long calls) {
    long above = calls - (calls * 95 + 99) / 100;
    for (Map.Entry<Integer, Long> bucket : buckets.descendingMap().entrySet()) {
      above -= bucket.getValue();
      if (above < 0) {
        return Math.exp(bucket.getKey() * LOG_GAMMA);
      }
    }
    throw new IllegalStateException("no latency among " + calls);
  }

  private Step ofModel(int window, @Nullable Injection injection) {
    double usual = shape.expectedCalls(window);
    double share = UNTAGGED * (injection == null ? 1 : injection.factor());
    long tagged = Noise.poisson(random, usual * (1 - UNTAGGED));
    long untagged = Noise.poisson(random, usual * (1 - UNTAGGED) * share / (1 - share));
    long calls = tagged + untagged;
    if (calls == 0) {
      return Step.NONE;
    }
    Window record = window(window, calls);
    record.getMeasures().setUntaggedCalls(untagged);
    return new Step(record, List.of(), untagged / (double) calls, 1);
  }

  private Window window(int window, long calls) {
    Window record =
        WindowFeed.window(
            watched.groupingSet(),
            dimensions(),
            WindowFeed.step(window),
            calls,
            calls * shape.costPerCall());
    record.getMeasures().setFinishedCalls(0);
    return record;
  }
}
