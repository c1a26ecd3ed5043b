package dev.tributary.anomaly.core.series;

/**
 * A metric of a step.
 *
 * @param metric what is measured
 * @param name name of the metric in records and policies; of a score with its source and name
 * @param value in the metric's unit
 * @param samples what the value rests on, count; of scores that do not weigh the same, as many as
 *     would be as sure if they did
 * @param weight what a distance from the baseline is multiplied by to add up over series: 1 for
 *     amounts, the samples for shares and percentiles, for scores what the samples were drawn from
 * @param tokens what the value is the price of, weighed, in the same time; NaN where it is no price
 */
public record Measured(
    SeriesMetric metric, String name, double value, double samples, double weight, double tokens) {

  Measured(SeriesMetric metric, String name, double value, double samples, double weight) {
    this(metric, name, value, samples, weight, Double.NaN);
  }
}
