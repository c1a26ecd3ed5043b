package dev.tributary.quality;

/**
 * What is kept of weighted values: six sums, which add up over windows, machines and groups in any
 * order. A weight is the inverse of the probability with which the value was looked at, 1 where all
 * were (Horvitz and Thompson 1952).
 *
 * @param n values, count
 * @param w sum of weights: estimates how many there are in all
 * @param ww sum of squared weights
 * @param wy sum of weight x value
 * @param wwy sum of squared weight x value
 * @param wwyy sum of squared weight x squared value
 */
public record Moments(long n, double w, double ww, double wy, double wwy, double wwyy) {

  /**
   * Below this share of what sums of doubles are made of, what differs is their rounding: they are
   * of some 10^6 values at most, each rounded at 10^-16.
   */
  static final double ROUNDING = 1e-9;

  private static final double SQUARES_ROUNDING = 1e-12;

  /** Of no values. */
  public static final Moments NONE = new Moments(0, 0, 0, 0, 0, 0);

  /** Checks what any sums of weighted values obey. */
  public Moments {
    if (n < 0 || !(w >= 0) || !(ww >= 0) || !(wwyy >= 0)) {
      throw new IllegalArgumentException(
          "no sums of weighted values: n " + n + ", w " + w + ", ww " + ww + ", wwyy " + wwyy);
    }
    if (!Double.isFinite(wy) || !Double.isFinite(wwy) || !Double.isFinite(wwyy)) {
      throw new IllegalArgumentException("a sum is not finite");
    }
  }

  /** One value that was certain to be looked at. */
  public static Moments of(double value) {
    return of(value, 1);
  }

  /**
   * One value.
   *
   * @param probability with which it was looked at, in (0, 1]
   */
  public static Moments of(double value, double probability) {
    if (!(probability > 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "a probability of inclusion must be in (0, 1]: " + probability);
    }
    double w = 1 / probability;
    return new Moments(1, w, w * w, w * value, w * w * value, w * w * value * value);
  }

  /**
   * Values that were all certain to be looked at.
   *
   * @param sum of the values
   * @param squares sum of the squared values
   */
  public static Moments unweighted(long n, double sum, double squares) {
    return new Moments(n, n, n, sum, sum, squares);
  }

  /** All values of both. */
  public Moments plus(Moments other) {
    return new Moments(
        n + other.n, w + other.w, ww + other.ww, wy + other.wy, wwy + other.wwy, wwyy + other.wwyy);
  }

  /** The same values, each with so many times its weight. */
  Moments times(double factor) {
    double squared = factor * factor;
    return new Moments(n, factor * w, squared * ww, factor * wy, squared * wwy, squared * wwyy);
  }

  /** The weighted mean (Hájek 1971); NaN without values. */
  public double mean() {
    return wy / w;
  }

  /**
   * The mean's variance by linearisation of the ratio, with n / (n - 1); NaN below two values, and
   * never negative. Values that differ by no more than the rounding of their sums have none.
   */
  public double varianceOfMean() {
    if (n < 2) {
      return Double.NaN;
    }
    double mean = mean();
    double residual = wwyy - 2 * mean * wwy + mean * mean * ww;
    // What is left of squares that cancel each other.
    return residual <= SQUARES_ROUNDING * wwyy ? 0 : residual / (w * w) * n / (n - 1);
  }

  /** As many values of equal weight would tell as much (Kish 1965); 0 where none has a weight. */
  public double effectiveSize() {
    return ww > 0 ? w * w / ww : 0;
  }
}
