package dev.tributary.standalone.demo;

import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Measures;
import dev.tributary.schemas.TokenSums;
import dev.tributary.schemas.Window;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Weeks before the demo, as windows of five minutes for each feature in production: the day and the
 * week of people at work, chance as traffic has it, and nothing out of the ordinary. They stand for
 * lines that nobody books: what comes of them is baselines, never a sum of the ledger.
 *
 * <p>The same seed gives the same windows.
 */
public final class History {
  /** Length of a window: a step of stream-anomaly at its default. */
  public static final long STEP_US = 300_000_000L;

  private static final double HOUR_US = 3_600e6;
  private static final double DAY = 0.3;
  private static final double WEEK = 0.3;
  private static final int BUSIEST_HOUR = 14;

  /** Hours from Thursday 1970-01-01 00:00 to the Wednesday noon after it. */
  private static final int MIDWEEK_HOUR = 6 * 24 + 12;

  private static final int MANY = 40;
  private static final int SCALE = 18;
  private static final int PICO = 12;

  private final SplittableRandom random;
  private final double usual;

  /**
   * History that leads to a time.
   *
   * @param seed decides chance
   * @param nowUs time at which the season is what rates are stated for
   */
  public History(long seed, long nowUs) {
    this.random = new SplittableRandom(seed);
    this.usual = season(nowUs);
  }

  /** The company's features, with their traces in a step at the time of the history's end. */
  public static List<Rate> company(long seed, double tracesPerStep) {
    SplittableRandom random = new SplittableRandom(seed);
    double tagged = (100 - TraceWriter.UNTAGGED_PERCENT) / 100.0;
    double production = (100 - TraceWriter.STAGING_PERCENT) / 100.0;
    List<Rate> rates = new ArrayList<>();
    for (Feature feature : Company.FEATURES) {
      double share = (double) feature.weight() / Company.TOTAL_WEIGHT;
      rates.add(
          new Rate(
              UsualTrace.of(feature, random.split()), tracesPerStep * tagged * production * share));
    }
    return rates;
  }

  /**
   * How much of a feature there is.
   *
   * @param trace what a trace of it is on average
   * @param tracesPerStep traces in a step at the time that the history leads to
   */
  public record Rate(UsualTrace trace, double tracesPerStep) {}

  /** The windows of a step; a feature without traffic has none. */
  public List<Window> step(long startUs, List<Rate> rates) {
    List<Window> windows = new ArrayList<>();
    for (Rate rate : rates) {
      double expected = rate.tracesPerStep() * season(startUs + STEP_US / 2) / usual;
      long traces = poisson(expected);
      if (traces > 0) {
        windows.add(window(rate.trace(), startUs, traces));
      }
    }
    return windows;
  }

  /** Traffic over a day and a week, smooth, around 1. */
  private static double season(long timeUs) {
    double hours = timeUs / HOUR_US;
    double day = 1 + DAY * Math.cos(2 * Math.PI * (hours - BUSIEST_HOUR) / 24);
    return day * (1 + WEEK * Math.cos(2 * Math.PI * (hours - MIDWEEK_HOUR) / (7 * 24)));
  }

  private long poisson(double mean) {
    if (mean > MANY) {
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    double limit = Math.exp(-mean);
    long count = 0;
    for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) {
      count++;
    }
    return count;
  }

  private Window window(UsualTrace trace, long startUs, long traces) {
    double noise = 1 + trace.spread() / Math.sqrt((double) traces) * random.nextGaussian();
    double tokenNoise = Math.max(0.2, noise);
    long calls = Math.max(1, Math.round(traces * trace.calls()));
    long failed = some(traces * trace.failed(), calls);
    long unpriced = of(calls - failed, trace.unpriced() / (trace.calls() - trace.failed()));
    long withoutUsage = failed;
    BigDecimal cost =
        BigDecimal.valueOf(Math.round(traces * trace.picodollars() * tokenNoise), PICO)
            .setScale(SCALE, RoundingMode.UNNECESSARY);
    TokenSums tokens = new TokenSums();
    tokens.setInputUncached(Math.round(traces * trace.uncached() * tokenNoise));
    tokens.setCacheRead(Math.round(traces * trace.cacheRead() * tokenNoise));
    tokens.setCacheWrite5m(Math.round(traces * trace.cacheWrite() * tokenNoise));
    tokens.setOutputText(Math.round(traces * trace.text() * tokenNoise));
    tokens.setReasoning(Math.round(traces * trace.reasoning() * tokenNoise));
    long finished = Math.max(0, Math.min(calls - failed, Math.round(traces * trace.finished())));
    long toolCalls = Math.round(traces * trace.toolCalls());
    Measures measures =
        Measures.newBuilder()
            .setLines(calls + toolCalls + Math.round(traces * trace.retrievals()) + traces)
            .setCalls(calls)
            .setErrors(failed)
            .setLengthStops(some(traces * trace.lengthStops(), finished))
            .setFinishedCalls(finished)
            .setToolCalls(toolCalls)
            .setToolFailures(some(traces * trace.toolFailures(), toolCalls))
            .setRetrievals(Math.round(traces * trace.retrievals()))
            .setTraces(traces)
            .setPricedCalls(calls - unpriced - failed)
            .setUnpricedCalls(unpriced + withoutUsage)
            .setCallsWithoutUsage(withoutUsage)
            .setAttributedCalls(calls)
            .setLatencyUs(Math.round(traces * trace.latencyUs()))
            .setTokens(tokens)
            .setTokensEstimated(new TokenSums())
            .setCost(cost)
            .setCostAttributed(cost)
            .setCostByBucket(cost.signum() == 0 ? Map.of() : Map.of("other", cost))
            .build();
    return Window.newBuilder()
        .setTenant(Keys.DEFAULT_TENANT)
        .setEnvironment(TraceWriter.PRODUCTION)
        .setGroupingSet("feature")
        .setDimensions(Map.of("feature", trace.feature()))
        .setSeries("feature|environment=" + TraceWriter.PRODUCTION + "|feature=" + trace.feature())
        .setStartTimeUs(startUs)
        .setLengthUs(STEP_US)
        .setRevision(1)
        .setMeasures(measures)
        .build();
  }

  /** How many of some a share is, by chance as traffic has it, and never far off. */
  private long of(long all, double share) {
    double deviation = Math.sqrt(all * share * (1 - share));
    double noise = Math.max(-2, Math.min(2, random.nextGaussian()));
    return Math.max(0, Math.min(all, Math.round(all * share + deviation * noise)));
  }

  /** A count by chance around a mean, never far off: these weeks have no trouble in them. */
  private long some(double mean, long most) {
    long usual = (long) Math.ceil(mean + 2 * Math.sqrt(mean));
    return Math.max(0, Math.min(Math.min(most, usual), poisson(mean)));
  }
}
