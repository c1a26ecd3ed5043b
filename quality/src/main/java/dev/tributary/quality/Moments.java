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

  /** The weighted mean (Hájek 1971); NaN without values. */
  public double mean() {
    return wy / w;
  }

  /**
   * The mean's variance by linearisation of the ratio, with n / (n - 1); NaN below two values, and
   * never negative.
   */
  public double varianceOfMean() {
    if (n < 2) {
      return Double.NaN;
    }
    double mean = mean();
    double residual = Math.max(0, wwyy - 2 * mean * wwy + mean * mean * ww);
    return residual / (w * w) * n / (n - 1);
  }

  /** As many values of equal weight would tell as much (Kish 1965). */
  public double effectiveSize() {
    return n == 0 ? 0 : w * w / ww;
  }
}
