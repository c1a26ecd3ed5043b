package dev.tributary.normalize;

import dev.tributary.normalize.core.Attributes;
import dev.tributary.normalize.core.OtlpPoint;

/**
 * A data point while its fields arrive, in whatever order, and after its metric's kind is known.
 */
final class PointBuilder {
  /** Flag of OTLP: the exporter has nothing to report. */
  private static final long NO_RECORDED_VALUE = 1;

  final Attributes.Builder attributes = new Attributes.Builder();
  long time;
  double value = Double.NaN;
  double count;
  long flags;

  /**
   * A point without any field.
   *
   * @param isDistribution whether it has a count and a sum: neither is written where it is 0
   */
  PointBuilder(boolean isDistribution) {
    count = isDistribution ? 0 : Double.NaN;
  }

  OtlpPoint build(String metric, OtlpPoint.Temporality temporality) {
    boolean isEmpty = count == 0 && Double.isNaN(value);
    return new OtlpPoint(
        metric,
        temporality,
        time,
        attributes.build(),
        isEmpty ? 0 : value,
        count,
        (flags & NO_RECORDED_VALUE) != 0);
  }
}
