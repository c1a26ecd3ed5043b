package dev.tributary.anomaly.core.explain;

/**
 * A kind of change that {@link TrafficCases} makes; what traffic looks like, and what is done to
 * it.
 */
enum CauseKind {
  /** Counts by chance, one cause. */
  COUNT_ONE(Metric.COUNT, 3, 5, 1, 1),
  /** Counts, two or three causes of different strength that rise and fall. */
  COUNT_MANY(Metric.COUNT, 3, 5, 2, 3),
  /** Counts, several values of one cuboid. */
  COUNT_SAME_CUBOID(Metric.COUNT, 3, 5, 2, 3),
  /** Counts, a change of 10 to 35 %. */
  COUNT_SMALL(Metric.COUNT, 3, 4, 1, 2),
  /** Counts in cells of which most are absent or hold one or two. */
  COUNT_SPARSE(Metric.COUNT, 5, 6, 1, 2),
  /** Counts, and everything falls by 3 %. */
  COUNT_DRIFT(Metric.COUNT, 3, 5, 1, 3),
  /** Counts, dimensions that lie in others. */
  COUNT_NESTED(Metric.COUNT, 4, 6, 1, 2),
  /** Counts of which a slice vanishes or is new. */
  COUNT_ONE_SIDED(Metric.COUNT, 3, 5, 1, 2),
  /** Amounts with a forecast that errs by a part of them; some cells are absent on one side. */
  AMOUNT(Metric.AMOUNT, 3, 5, 1, 3),
  /** Amounts, everything falls by 3 %. */
  AMOUNT_DRIFT(Metric.AMOUNT, 3, 5, 1, 3),
  /** Amounts, nested dimensions. */
  AMOUNT_NESTED(Metric.AMOUNT, 4, 6, 1, 2),
  /** Share of calls that succeed. */
  SUCCESS(Metric.SUCCESS, 3, 5, 1, 2),
  /** The same, a drop of 1 to 5 points. */
  SUCCESS_SMALL(Metric.SUCCESS, 3, 4, 1, 1),
  /** Share of calls that fail. */
  FAILURE(Metric.FAILURE, 3, 5, 1, 2),
  /** Mean of a duration over calls. */
  MEAN(Metric.MEAN, 3, 5, 1, 3),
  /** The same, and the calls move as well. */
  MEAN_NESTED(Metric.MEAN, 4, 6, 1, 2);

  /** What is summed or divided. */
  enum Metric {
    COUNT,
    AMOUNT,
    SUCCESS,
    FAILURE,
    MEAN;

    boolean isRatio() {
      return this == SUCCESS || this == FAILURE || this == MEAN;
    }
  }

  private final Metric metric;
  private final int leastDimensions;
  private final int mostDimensions;
  private final int leastCauses;
  private final int mostCauses;

  CauseKind(
      Metric metric, int leastDimensions, int mostDimensions, int leastCauses, int mostCauses) {
    this.metric = metric;
    this.leastDimensions = leastDimensions;
    this.mostDimensions = mostDimensions;
    this.leastCauses = leastCauses;
    this.mostCauses = mostCauses;
  }

  Metric metric() {
    return metric;
  }

  int leastDimensions() {
    return leastDimensions;
  }

  int mostDimensions() {
    return mostDimensions;
  }

  int leastCauses() {
    return leastCauses;
  }

  int mostCauses() {
    return mostCauses;
  }

  boolean isNested() {
    return this == COUNT_NESTED || this == AMOUNT_NESTED || this == MEAN_NESTED;
  }

  boolean isSmall() {
    return this == COUNT_SMALL || this == SUCCESS_SMALL;
  }

  double drift() {
    return this == COUNT_DRIFT || this == AMOUNT_DRIFT ? 0.97 : 1;
  }
}
