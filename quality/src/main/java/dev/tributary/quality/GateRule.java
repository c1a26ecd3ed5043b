package dev.tributary.quality;

import org.jspecify.annotations.Nullable;

/**
 * What a candidate must not do in one dimension. One of the limits, at least.
 *
 * @param dimension name of the dimension
 * @param change how far it may move away from the baseline; null: as far as it likes
 * @param atMost the candidate's own mean must not be above; null: no limit
 * @param atLeast the candidate's own mean must not be below; null: no limit
 */
public record GateRule(
    String dimension, @Nullable Change change, @Nullable Double atMost, @Nullable Double atLeast) {

  /**
   * A limit on the way from the baseline to the candidate.
   *
   * @param isIncrease true: of increases; false: of decreases
   * @param by so much is allowed; not negative
   * @param isRelative true: {@code by} is a share of the baseline, 0.05 for 5 %
   */
  public record Change(boolean isIncrease, double by, boolean isRelative) {
    public Change {
      if (!(by >= 0) || !Double.isFinite(by)) {
        throw new IllegalArgumentException("a limit must not be negative: " + by);
      }
    }

    /** The share of the baseline that the difference may be, with its sign; 0: none is stated. */
    double share() {
      return isRelative ? (isIncrease ? by : -by) : 0;
    }

    double margin(double baseline) {
      return isRelative ? by * Math.abs(baseline) : by;
    }
  }

  public GateRule {
    if (change == null && atMost == null && atLeast == null) {
      throw new IllegalArgumentException("a rule needs a limit");
    }
  }

  /** How many statements have to hold. */
  int statements() {
    return (change == null ? 0 : 1) + (atMost == null ? 0 : 1) + (atLeast == null ? 0 : 1);
  }
}
