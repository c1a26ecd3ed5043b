package dev.tributary.quality;

/**
 * What is kept of weighted values: six sums, which add up over windows, machines and groups in any
 * order. A weight is the inverse of the probability with which the value was looked at, 1 where all
 * were (Horvitz and Thompson 1952).
 *
 * <p>Values that belong together, such as the calls of one trace, are alike, and say less than as
 * many that do not. They are one unit: {@link #together} squares their sums and not each value, so
 * that the variance is that of clusters (the linearised one of Särndal, Swensson and Wretman 1992,
 * section 8.6, with which the sandwich of Liang and Zeger 1986 agrees), whatever lies between them.
 * The mean is the same. Of units with one value each, all is as if there were none.
 *
 * @param n values, count
 * @param units that are independent of each other, count; n where no values belong together
 * @param w sum of weights: estimates how many there are in all
 * @param ww sum over units of their squared weight
 * @param wy sum of weight x value
 * @param wwy sum over units of their weight x their sum of weight x value
 * @param wwyy sum over units of their squared sum of weight x value
 */
public record Moments(long n, long units, double w, double ww, double wy, double wwy, double wwyy) {

  /**
   * Below this share of what sums of doubles are made of, what differs is their rounding: they are
   * of some 10^6 values at most, each rounded at 10^-16.
   */
  static final double ROUNDING = 1e-9;

  private static final double SQUARES_ROUNDING = 1e-12;

  /** Of no values. */
  public static final Moments NONE = new Moments(0, 0, 0, 0, 0, 0, 0);

  /** Checks what any sums of weighted values obey. */
  public Moments {
    if (n < 0 || !(w >= 0) || !(ww >= 0) || !(wwyy >= 0)) {
      throw new IllegalArgumentException(
          "no sums of weighted values: n " + n + ", w " + w + ", ww " + ww + ", wwyy " + wwyy);
    }
    if (units < 0 || units > n || (units == 0) != (n == 0)) {
      throw new IllegalArgumentException(n + " values cannot be of " + units + " units");
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
    return new Moments(1, 1, w, w * w, w * value, w * w * value, w * w * value * value);
  }

  /**
   * Values of units that have one each, and that were all certain to be looked at.
   *
   * @param sum of the values
   * @param squares sum of the squared values
   */
  public static Moments unweighted(long n, double sum, double squares) {
    return new Moments(n, n, n, n, sum, sum, squares);
  }

  /** The same values as those of one unit, such as of a trace; none stay none. */
  public Moments together() {
    return n == 0 ? this : new Moments(n, 1, w, w * w, wy, w * wy, wy * wy);
  }

  /** All values of both, which have no unit in common. */
  public Moments plus(Moments other) {
    return new Moments(
        n + other.n,
        units + other.units,
        w + other.w,
        ww + other.ww,
        wy + other.wy,
        wwy + other.wwy,
        wwyy + other.wwyy);
  }

  /** The same values, each with so many times its weight. */
  Moments times(double factor) {
    double squared = factor * factor;
    return new Moments(
        n, units, factor * w, squared * ww, factor * wy, squared * wwy, squared * wwyy);
  }

  /** The weighted mean (Hájek 1971); NaN without values. */
  public double mean() {
    return wy / w;
  }

  /**
   * The mean's variance by linearisation of the ratio, with units / (units - 1); NaN below two
   * units, and never negative. Values that differ by no more than the rounding of their sums have
   * none.
   */
  public double varianceOfMean() {
    if (units < 2) {
      return Double.NaN;
    }
    double mean = mean();
    double residual = wwyy - 2 * mean * wwy + mean * mean * ww;
    // What is left of squares that cancel each other.
    return residual <= SQUARES_ROUNDING * wwyy ? 0 : residual / (w * w) * units / (units - 1);
  }

  /** As many units of equal weight would tell as much (Kish 1965); 0 where none has a weight. */
  public double effectiveSize() {
    return ww > 0 ? w * w / ww : 0;
  }
}
