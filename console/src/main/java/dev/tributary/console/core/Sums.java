package dev.tributary.console.core;

/**
 * Sums over {@code lines_signed}: every one counts the sign, so that it holds whether or not merges
 * have run. Costs are decimals, and null where no net line has one.
 */
final class Sums {
  /** Tokens of a line, all buckets. */
  static final String TOKENS_OF_LINE =
      "coalesce(input_uncached_tokens, 0) + coalesce(cache_read_tokens, 0)"
          + " + coalesce(cache_write_5m_tokens, 0) + coalesce(cache_write_1h_tokens, 0)"
          + " + coalesce(input_audio_tokens, 0) + coalesce(input_image_tokens, 0)"
          + " + coalesce(output_text_tokens, 0) + coalesce(reasoning_tokens, 0)"
          + " + coalesce(output_audio_tokens, 0) + coalesce(output_image_tokens, 0)";

  static final String COST =
      "if(sumIf(sign, l.cost IS NOT NULL) = 0, NULL, sum(sign * l.cost)) AS amount";

  /** What a row of the spend page is made of. */
  static final String ALL =
      COST
          + ",\n  sum(sign * l.calls) AS n_calls,"
          + "\n  sumIf(sign * l.calls, is_priced) AS n_priced_calls,"
          + "\n  sumIf(sign * l.calls, is_unpriced) AS n_unpriced_calls,"
          + "\n  sum(sign * l.unpriced_tokens) AS n_unpriced_tokens,"
          + "\n  sumIf(sign * l.calls, usage_quality = 'MISSING') AS n_calls_without_usage,"
          + "\n  sum(sign * ("
          + TOKENS_OF_LINE
          + ")) AS n_tokens,"
          + "\n  sumIf(sign * l.calls, error) AS n_failed_calls";

  /** What the browser reads, by name; amounts leave as text. */
  static final String NAMED =
      "toString(amount) AS cost, n_calls AS calls, n_priced_calls AS priced_calls, n_unpriced_calls AS unpriced_calls,"
          + " n_unpriced_tokens AS unpriced_tokens, n_calls_without_usage AS calls_without_usage,"
          + " n_tokens AS tokens, n_failed_calls AS failed_calls";

  private Sums() {}
}
