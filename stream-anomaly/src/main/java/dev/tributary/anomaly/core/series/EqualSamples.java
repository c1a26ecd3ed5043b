package dev.tributary.anomaly.core.series;

/**
 * How sure a weighted mean is: one answer that stands for a hundred counts a hundred times and is
 * still one answer.
 */
final class EqualSamples {
  /** Sums of equal weights are this near to being so. */
  private static final double ROUNDING = 1e-9;

  private EqualSamples() {}

  /**
   * How many samples that weigh the same have a mean as sure: Kish, Survey Sampling, 1965, section
   * 11.7.
   *
   * @param count samples, at least 1
   * @param weight sum of their weights
   * @param squares sum of the squares of their weights
   * @return from 1 to the count; where all weigh the same, and where the sums are none of weights,
   *     the very count
   */
  static double of(double count, double weight, double squares) {
    double equal = weight * weight / squares;
    return equal > 0 && equal < count * (1 - ROUNDING) ? Math.max(1, equal) : count;
  }
}
