package dev.tributary.bench;

import dev.tributary.anomaly.core.series.SeriesKey;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Measures;
import dev.tributary.schemas.TokenSums;
import dev.tributary.schemas.Window;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Many features' traffic, of a few kinds: level, day and noise are those of the kind, so that what
 * one has seen stands for all of it. Nothing happens in it by itself: chance is far too small to
 * double anything.
 */
final class WatchedSeries {
  /** What stream-anomaly makes of a window with calls and cost: spend, calls and five shares. */
  static final int METRICS = 7;

  static final String ENVIRONMENT = "production";

  private static final String SET = "feature";
  private static final double HOUR_US = 3_600e6;
  private static final double MINUTE_US = 60e6;
  private static final int SCALE = 18;
  private static final long MICRODOLLARS = 1_000_000;

  /**
   * How a kind of feature behaves.
   *
   * @param callsPerMinute at its usual hour
   * @param dollarsPerCall on average
   * @param errorShare of its calls
   * @param daily how far the day moves it, as a share
   * @param busiestHour when
   */
  private record Kind(
      double callsPerMinute,
      double dollarsPerCall,
      double errorShare,
      double daily,
      double busiestHour) {}

  private final List<Kind> kinds = new ArrayList<>();
  private final int windows;

  /**
   * So many windows a minute.
   *
   * @param windows features, each with one window a minute
   * @param kinds how many kinds of them
   */
  WatchedSeries(long seed, int windows, int kinds) {
    this.windows = windows;
    SplittableRandom random = new SplittableRandom(seed);
    for (int kind = 0; kind < kinds; kind++) {
      this.kinds.add(
          new Kind(
              random.nextDouble(60, 600),
              random.nextDouble(0.005, 0.05),
              random.nextDouble(0.002, 0.02),
              random.nextDouble(0, 0.4),
              random.nextDouble(0, 24)));
    }
  }

  /** Features, and windows a minute. */
  int windows() {
    return windows;
  }

  int kinds() {
    return kinds.size();
  }

  /** The kind of a feature. */
  int kindOf(int number) {
    return number % kinds.size();
  }

  /** Whose windows a feature's are. */
  static SeriesKey key(int number) {
    String feature = "feature-" + number;
    return new SeriesKey(
        Keys.DEFAULT_TENANT,
        ENVIRONMENT,
        SET,
        Map.of("feature", feature),
        SET + "|environment=" + ENVIRONMENT + "|feature=" + feature);
  }

  /**
   * The window of a feature.
   *
   * @param measures of its kind at that time
   */
  static Window window(int number, long startUs, long lengthUs, Measures measures) {
    SeriesKey key = key(number);
    return Window.newBuilder()
        .setTenant(key.tenant())
        .setEnvironment(key.environment())
        .setGroupingSet(key.groupingSet())
        .setDimensions(key.dimensions())
        .setSeries(key.text())
        .setStartTimeUs(startUs)
        .setLengthUs(lengthUs)
        .setRevision(1)
        .setMeasures(measures)
        .build();
  }

  /**
   * What a kind of feature does in a time.
   *
   * @param spend times what it usually spends
   */
  Measures measures(int kind, long startUs, long lengthUs, double spend, SplittableRandom random) {
    Kind of = kinds.get(kind);
    double hours = (startUs + lengthUs / 2.0) / HOUR_US;
    double season = 1 + of.daily() * Math.cos(2 * Math.PI * (hours - of.busiestHour()) / 24);
    double expected = of.callsPerMinute() * season * lengthUs / MINUTE_US;
    long calls = Math.max(1, Math.round(expected * (1 + 0.05 * random.nextGaussian())));
    double failed = calls * of.errorShare();
    long errors =
        Math.max(0, Math.min(calls, Math.round(failed + Math.sqrt(failed) * normal(random))));
    double dollars = calls * of.dollarsPerCall() * (1 + 0.03 * random.nextGaussian()) * spend;
    return Measures.newBuilder()
        .setLines(calls)
        .setCalls(calls)
        .setErrors(errors)
        .setPricedCalls(calls)
        .setCost(BigDecimal.valueOf(Math.round(dollars * MICRODOLLARS), 6).setScale(SCALE))
        .setTokens(new TokenSums())
        .setTokensEstimated(new TokenSums())
        .build();
  }

  private static double normal(SplittableRandom random) {
    return Math.max(-2, Math.min(2, random.nextGaussian()));
  }
}
