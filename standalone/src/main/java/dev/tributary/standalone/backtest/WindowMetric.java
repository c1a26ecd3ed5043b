package dev.tributary.standalone.backtest;

import dev.tributary.anomaly.core.ValueKind;
import dev.tributary.anomaly.core.series.WeighedTokens;
import java.util.Arrays;
import java.util.Locale;

/**
 * Metrics of windows that a policy can be tried on, as the view {@code window_measures} has them.
 */
public enum WindowMetric {
  SPEND("toFloat64(known_cost)", ValueKind.AMOUNT),
  CALLS("toFloat64(calls)", ValueKind.AMOUNT),
  COST_PER_CALL_P95("cost_per_call_p95", ValueKind.AMOUNT),
  LATENCY_P95("latency_us_p95 / 1000", ValueKind.AMOUNT),
  TTFT_P95("ttft_us_p95 / 1000", ValueKind.AMOUNT),
  ERROR_SHARE("error_share", ValueKind.SHARE),
  RETRY_SHARE("retry_share", ValueKind.SHARE),
  FALLBACK_SHARE("fallback_share", ValueKind.SHARE),
  REFUSAL_SHARE("refusal_share", ValueKind.SHARE),
  LENGTH_SHARE("length_share", ValueKind.SHARE),
  TOOL_FAILURE_SHARE("tool_failure_share", ValueKind.SHARE),
  EMPTY_RETRIEVAL_SHARE("empty_retrieval_share", ValueKind.SHARE),
  CACHE_HIT_RATIO("cache_hit_ratio", ValueKind.SHARE),
  UNTAGGED_COST_SHARE("untagged_cost_share", ValueKind.SHARE);

  /** As {@link WeighedTokens} weighs tokens. */
  private static final String TOKENS =
      "toString(%d * all_input_tokens - %d * ifNull(cache_hit_ratio, 0) * all_input_tokens + %d * all_output_tokens)"
          .formatted(
              WeighedTokens.INPUT,
              WeighedTokens.INPUT - WeighedTokens.CACHE_READ,
              WeighedTokens.OUTPUT);

  private final String expression;
  private final ValueKind kind;

  WindowMetric(String expression, ValueKind kind) {
    this.expression = expression;
    this.kind = kind;
  }

  /** SQL over the view; null where the window has nothing to measure. */
  String expression() {
    return expression;
  }

  /** SQL over the view: what the value is the price of, as a text; NaN where it is no price. */
  String tokens() {
    return this == SPEND ? TOKENS : "'NaN'";
  }

  /** What kind of values it has, unless the policy says otherwise. */
  ValueKind kind() {
    return kind;
  }

  /** Its name on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The metric of a name.
   *
   * @throws IllegalArgumentException naming all there are
   */
  public static WindowMetric of(String word) {
    return Arrays.stream(values())
        .filter(metric -> metric.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    word
                        + "; allowed: "
                        + String.join(
                            ", ", Arrays.stream(values()).map(WindowMetric::word).toList())));
  }
}
