package dev.tributary.anomaly.core.series;

import dev.tributary.anomaly.core.Policy;

/**
 * A rule that watches a metric of a series.
 *
 * @param policy its parameters
 * @param limit fixed limit of the mean; NaN: the baseline decides
 * @param limitWindows windows that make the mean of a fixed rule
 */
public record Rule(Policy policy, double limit, int limitWindows) {

  /** A rule against the series' own baseline. */
  static Rule baseline(Policy policy) {
    return new Rule(policy, Double.NaN, 1);
  }

  /** Whether a fixed limit decides. */
  public boolean isLimit() {
    return !Double.isNaN(limit);
  }
}
