package dev.tributary.normalize.core;

/**
 * A data point of a metric as OTLP carries it, the same from every encoding. Nothing in it is
 * checked yet.
 *
 * @param metric name of its metric; empty: none
 * @param temporality what sums and histograms count since
 * @param timeNanos nanoseconds since the epoch; 0: none; negative: not readable
 * @param value of a gauge or sum; the sum of a histogram's or summary's values; NaN: none
 * @param count of a histogram's or summary's values; NaN: not one of those
 * @param hasNoValue whether its flags say that nothing was recorded
 */
public record OtlpPoint(
    String metric,
    Temporality temporality,
    long timeNanos,
    Attributes attributes,
    double value,
    double count,
    boolean hasNoValue) {

  /** What a number counts since. */
  public enum Temporality {
    /** A value of now. */
    GAUGE,
    /** Since the last point. */
    DELTA,
    /** Since its process started. */
    CUMULATIVE;

    /** Of OTLP's number: 1 delta, 2 cumulative; a sum that does not say is cumulative. */
    public static Temporality of(long number) {
      return number == 1 ? DELTA : CUMULATIVE;
    }
  }
}
