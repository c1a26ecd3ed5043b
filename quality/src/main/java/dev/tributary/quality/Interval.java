package dev.tributary.quality;

/**
 * An estimate with its interval.
 *
 * @param low lower end
 * @param high upper end
 */
public record Interval(double estimate, double low, double high) {
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException("an interval ends before it begins: " + low + ", " + high);
    }
  }

  /** Whether a value lies in it, ends included. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /**
   * Wilson's interval of a share (1927), which holds near 0 and 1 too.
   *
   * @param successes weighted or not
   * @param n how many values of equal weight tell as much, see {@link Moments#effectiveSize}
   * @param alpha 0.05 for 95 %
   */
  public static Interval wilson(double successes, double n, double alpha) {
    if (!(n > 0) || !(successes >= 0 && successes <= n)) {
      throw new IllegalArgumentException("no share: " + successes + " of " + n);
    }
    double z = Normal.quantile(1 - alpha / 2);
    double share = successes / n;
    double middle = (share + z * z / (2 * n)) / (1 + z * z / n);
    double half = z / (1 + z * z / n) * Math.sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    return new Interval(share, Math.max(0, middle - half), Math.min(1, middle + half));
  }

  /** Normal interval of a weighted mean; needs two values. */
  public static Interval ofMean(Moments values, double alpha) {
    double half = Normal.quantile(1 - alpha / 2) * Math.sqrt(values.varianceOfMean());
    return new Interval(values.mean(), values.mean() - half, values.mean() + half);
  }
}
