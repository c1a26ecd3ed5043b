package dev.tributary.standalone.backtest;

import dev.tributary.anomaly.core.Policy;
import dev.tributary.anomaly.core.series.SeriesMetric;
import dev.tributary.anomaly.core.series.WeighedTokens;
import java.util.Arrays;
import java.util.List;

/**
 * Metrics of windows that a policy can be tried on, in SQL over the table {@code windows} grouped
 * by step: name, unit, samples and rule are those of the stream.
 */
public enum WindowMetric {
  SPEND_PER_HOUR(
      SeriesMetric.SPEND_PER_HOUR,
      "if(sum(cost + cost_estimated) != 0 OR sum(calls) > 0,"
          + " toFloat64(sum(cost + cost_estimated)) * 3600000000 / %d, NULL)",
      "sum(calls)"),
  CALLS(SeriesMetric.CALLS, "nullIf(sum(calls), 0)", "sum(calls)"),
  COST_PER_CALL_P95(SeriesMetric.COST_PER_CALL_P95, "cost_usd"),
  INPUT_TOKENS_PER_CALL_P95(SeriesMetric.INPUT_TOKENS_PER_CALL_P95, "input_tokens"),
  OUTPUT_TOKENS_PER_CALL_P95(SeriesMetric.OUTPUT_TOKENS_PER_CALL_P95, "output_tokens"),
  LATENCY_US_P95(SeriesMetric.LATENCY_US_P95, "latency_us"),
  TTFT_US_P95(SeriesMetric.TTFT_US_P95, "ttft_us"),
  CACHE_HIT_RATIO(
      SeriesMetric.CACHE_HIT_RATIO,
      "sum(" + SqlTokens.CACHE_READ + ") / nullIf(sum(" + SqlTokens.INPUT + "), 0)",
      "sum(calls)"),
  TOOL_LOOP_SHARE(SeriesMetric.TOOL_LOOP_SHARE, new Share("tool_loops", "traces")),
  ERROR_SHARE(SeriesMetric.ERROR_SHARE, new Share("errors", "calls")),
  RETRY_SHARE(SeriesMetric.RETRY_SHARE, new Share("retries", "calls")),
  FALLBACK_SHARE(SeriesMetric.FALLBACK_SHARE, new Share("fallbacks", "calls")),
  TOOL_FAILURE_SHARE(SeriesMetric.TOOL_FAILURE_SHARE, new Share("tool_failures", "tool_calls")),
  REFUSAL_SHARE(SeriesMetric.REFUSAL_SHARE, new Share("refusals", "finished_calls")),
  LENGTH_SHARE(SeriesMetric.LENGTH_SHARE, new Share("length_stops", "finished_calls")),
  CONTENT_FILTER_SHARE(
      SeriesMetric.CONTENT_FILTER_SHARE, new Share("content_filters", "finished_calls")),
  EMPTY_RETRIEVAL_SHARE(
      SeriesMetric.EMPTY_RETRIEVAL_SHARE, new Share("empty_retrievals", "counted_retrievals")),
  UNTAGGED_SHARE(SeriesMetric.UNTAGGED_SHARE, new Share("untagged_calls", "calls"));

  private final SeriesMetric metric;
  private final String value;
  private final String samples;

  WindowMetric(SeriesMetric metric, String value, String samples) {
    this.metric = metric;
    this.value = value;
    this.samples = samples;
  }

  WindowMetric(SeriesMetric metric, Share share) {
    this(
        metric,
        "sum(" + share.part + ") / nullIf(sum(" + share.whole + "), 0)",
        "sum(" + share.whole + ")");
  }

  /** The 95th percentile, by nearest rank, of a distribution whose buckets are added up. */
  WindowMetric(SeriesMetric metric, String distribution) {
    this(
        metric,
        """
        if(%2$s <= 0, NULL, if(ceil(%2$s * 0.95) <= %1$s, 0, 1.01 * pow(1.01 / 0.99,
          mapKeys(%3$s)[arrayFirstIndex(seen -> seen + %1$s >= ceil(%2$s * 0.95),
          arrayCumSum(mapValues(%3$s)))])))"""
            .formatted(zeros(distribution), total(distribution), buckets(distribution)),
        total(distribution));
  }

  /** Columns of a count and of what it is a part of. */
  private record Share(String part, String whole) {}

  private static String buckets(String distribution) {
    return "sumMap(distributions['" + distribution + "'])";
  }

  private static String zeros(String distribution) {
    return "sum(distribution_zeros['" + distribution + "'])";
  }

  private static String total(String distribution) {
    return "(arraySum(mapValues(" + buckets(distribution) + ")) + " + zeros(distribution) + ")";
  }

  /** SQL of the value of a step; null where the step has nothing to measure. */
  String value(long stepUs) {
    return value.replace("%d", Long.toString(stepUs));
  }

  /** SQL of what the value rests on. */
  String samples() {
    return samples;
  }

  /** SQL: what the value is the price of, weighed, in the same time; NaN where it is no price. */
  String tokens(long stepUs) {
    return this == SPEND_PER_HOUR
        ? "toFloat64(sum(%d * (%s) - %d * (%s) + %d * (%s))) * 3600000000 / %d"
            .formatted(
                WeighedTokens.INPUT,
                SqlTokens.INPUT,
                WeighedTokens.INPUT - WeighedTokens.CACHE_READ,
                SqlTokens.CACHE_READ,
                WeighedTokens.OUTPUT,
                SqlTokens.OUTPUT,
                stepUs)
        : "'NaN'";
  }

  /** The stream's rule for it. */
  public Policy policy() {
    return metric.policy();
  }

  /** Its name in records, policies and on the command line. */
  public String label() {
    return metric.label();
  }

  /**
   * The metric of a name.
   *
   * @throws IllegalArgumentException naming all there are
   */
  public static WindowMetric of(String label) {
    return Arrays.stream(values())
        .filter(metric -> metric.label().equals(label))
        .findFirst()
        .orElseThrow(
            () -> {
              List<String> labels = Arrays.stream(values()).map(WindowMetric::label).toList();
              return new IllegalArgumentException(
                  label + "; allowed: " + String.join(", ", labels));
            });
  }
}
