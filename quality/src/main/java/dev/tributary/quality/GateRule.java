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
      if (!(by >= 0)) {
        throw new IllegalArgumentException("a limit must not be negative: " + by);
      }
      if (!Double.isFinite(by)) {
        throw new IllegalArgumentException("a limit must be finite: " + by);
      }
      if (isRelative && !isIncrease && by > 1) {
        throw new IllegalArgumentException(
            "nothing falls by more than 100 %%, so that this limits nothing: %s %%"
                .formatted(Gate.number(100 * by)));
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
    if ((atMost != null && !Double.isFinite(atMost))
        || (atLeast != null && !Double.isFinite(atLeast))) {
      throw new IllegalArgumentException("a limit must be finite: " + atMost + ", " + atLeast);
    }
    if (atMost != null && atLeast != null && atLeast > atMost) {
      throw new IllegalArgumentException(
          "nothing is at least %s and at most %s"
              .formatted(Gate.number(atLeast), Gate.number(atMost)));
    }
  }

  /**
   * The same rule, where values of the dimension can keep it and can break it.
   *
   * @throws IllegalArgumentException where a limit is none for values of this kind: below 0, or
   *     above 1 for a share or a score
   */
  public GateRule of(Dimension dimension) {
    check(dimension, atMost);
    check(dimension, atLeast);
    if (change != null && !change.isRelative()) {
      check(dimension, change.by());
    }
    return this;
  }

  private static void check(Dimension dimension, @Nullable Double limit) {
    if (limit == null) {
      return;
    }
    if (limit < 0) {
      throw new IllegalArgumentException(
          "%s is never below 0, but the limit is %s"
              .formatted(dimension.name(), Gate.number(limit)));
    }
    if (limit > 1 && dimension.kind() != Dimension.Kind.AMOUNT) {
      throw new IllegalArgumentException(
          "%s lies between 0 and 1, but the limit is %s"
              .formatted(dimension.name(), Gate.number(limit)));
    }
  }

  /** How many statements have to hold. */
  int statements() {
    return (change == null ? 0 : 1) + (atMost == null ? 0 : 1) + (atLeast == null ? 0 : 1);
  }
}
