package dev.tributary.anomaly.core;

/**
 * How far a window is from its baseline, and what chance does with such distances.
 *
 * @param sigmas in standard deviations of chance, below 0 in the direction that does not matter
 * @param heaviness at least 1: how much further out the tail lies than a normal one
 * @param correlation how much of an error is still there in the next window, from 0 to 1
 */
record Distance(double sigmas, double heaviness, double correlation) {
  /** Of a window that says nothing. */
  static final Distance UNKNOWN = new Distance(Double.NEGATIVE_INFINITY, 1, 0);

  /** The farther of the two. */
  Distance orFarther(Distance other) {
    return other.sigmas > sigmas ? other : this;
  }
}
