package dev.tributary.cost.core;

import java.util.Locale;

/**
 * What is distributed, one value per call or retrieval. The order is the format of partials and of
 * the state store: new ones go to the end.
 */
public enum Metric {
  /** Cost of a call that has one, ledger currency. */
  COST_USD,
  /** End minus start, microseconds: of calls; in sets of tools or retrievals, of those. */
  LATENCY_US,
  /** Time to first token where stated, microseconds. */
  TTFT_US,
  /** Input tokens of a call that states any, cached ones included. */
  INPUT_TOKENS,
  /** Output tokens of a call that states any, reasoning included. */
  OUTPUT_TOKENS,
  /** End minus start of a retrieval, microseconds; beside the calls' own latency. */
  RETRIEVAL_LATENCY_US;

  static final int SIZE = values().length;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The name in {@code Distribution.metric}. */
  public String label() {
    return label;
  }

  /** Position in arrays and in the format. */
  @SuppressWarnings("EnumOrdinal") // the order is the format
  int at() {
    return ordinal();
  }
}
