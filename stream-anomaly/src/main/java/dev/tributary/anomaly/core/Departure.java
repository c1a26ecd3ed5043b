package dev.tributary.anomaly.core;

/** How far a value is from its baseline, as a policy reckons: a ratio, and what of it matters. */
final class Departure {
  /** Distance in spreads that counts as ratio 2 for a signed series. */
  private static final double SIGNED_UNIT = 6;

  private static final double MOST = SeriesDetector.LARGEST;

  private Departure() {}

  /** Whether a value is off upwards, as far as that matters. */
  static boolean isRise(Policy policy, double value, double expected) {
    return switch (policy.direction()) {
      case RISE -> true;
      case DROP -> false;
      case BOTH -> value >= expected;
    };
  }

  /** The value that is nearest of those from the baseline to the habit; NaN: there is no habit. */
  static double nearest(double value, double baseline, double habit) {
    double least = Math.min(baseline, habit);
    double most = Math.max(baseline, habit);
    return Double.isNaN(habit) ? baseline : Math.max(least, Math.min(most, value));
  }

  /** How far the series is off in a direction that matters; below 1 in the other. */
  static double extent(Policy policy, double ratio) {
    double up = ratio;
    double down = ratio > 0 ? 1 / ratio : Double.POSITIVE_INFINITY;
    return switch (policy.direction()) {
      case RISE -> up;
      case DROP -> down;
      case BOTH -> Math.max(up, down);
    };
  }

  /**
   * Value over baseline. A baseline below the usual error is read as that error, so that next to
   * nothing is not infinitely more than nothing. A share may also be twice as far from 1. A signed
   * value counts its distance in spreads. Of a series that never moved there is no usual error: a
   * ratio is finite all the same.
   */
  static double ratio(Policy policy, double value, double expected, double sigma) {
    double ratio = unbounded(policy, value, expected, sigma);
    return Math.max(1 / MOST, Math.min(MOST, ratio));
  }

  private static double unbounded(Policy policy, double value, double expected, double sigma) {
    double unit = Math.max(sigma, 1e-300);
    return switch (policy.values()) {
      case AMOUNT -> over(value, expected, unit);
      case SHARE -> {
        double own = over(value, expected, unit);
        double rest = over(1 - value, 1 - expected, unit);
        boolean isRise = value >= expected;
        yield isRise ? Math.max(own, 1 / rest) : Math.min(own, 1 / rest);
      }
      case SIGNED -> {
        double distance = 1 + Math.abs(value - expected) / (SIGNED_UNIT * unit);
        yield value >= expected ? distance : 1 / distance;
      }
    };
  }

  private static double over(double value, double expected, double unit) {
    return Math.max(value, 1e-3 * unit) / Math.max(expected, unit);
  }
}
