package dev.tributary.quality;

/**
 * Intervals that hold at every look at once, so that a comparison may be read after each window and
 * stopped at will.
 *
 * <p>The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas,
 * "Time-uniform central limit theory and asymptotic confidence sequences" (Annals of Statistics
 * 2024, arXiv 2103.06476), theorem 2.2: with {@code t} values and an estimate whose standard error
 * is {@code s}, {@code estimate ± s sqrt(2 (t rho^2 + 1) / (t rho^2) log(sqrt(t rho^2 + 1) /
 * alpha))}. It is the inversion of Robbins' normal mixture, {@link #evidence}.
 */
public final class ConfidenceSequence {
  /**
   * Number of values at which the interval is narrowest compared with one that is read only once;
   * elsewhere it is wider, at a tenth or ten times as many by less than a fifth.
   */
  static final double TUNED_FOR = 4_000;

  private ConfidenceSequence() {}

  /**
   * Half the width of the interval.
   *
   * @param standardError of the estimate
   * @param values of equal weight behind it, see {@link Moments#effectiveSize}
   * @param alpha probability with which the truth may ever be outside, in (0, 1)
   */
  public static double margin(double standardError, double values, double alpha) {
    double x = values * rhoSquared(alpha);
    return standardError * Math.sqrt(2 * (x + 1) / x * (0.5 * Math.log1p(x) - Math.log(alpha)));
  }

  /**
   * The evidence against "the truth is 0", an e-value: under that truth it ever exceeds {@code 1 /
   * alpha} with probability alpha at most, asymptotically. Above {@code 1 / alpha} exactly where
   * the interval does not hold 0.
   *
   * @param alpha level that the mixture is tuned for
   */
  public static double evidence(
      double estimate, double standardError, double values, double alpha) {
    if (estimate == 0) {
      return 1 / Math.sqrt(1 + values * rhoSquared(alpha));
    }
    double x = values * rhoSquared(alpha);
    double z = estimate / standardError;
    return Math.exp(z * z * x / (2 * (x + 1)) - 0.5 * Math.log1p(x));
  }

  /** Equation 11 there. */
  private static double rhoSquared(double alpha) {
    double l = -2 * Math.log(alpha);
    return (l + Math.log1p(l)) / TUNED_FOR;
  }
}
