package dev.tributary.anomaly.core.series;

/** The counts of a window that metrics are made of; the order is the format of kept windows. */
public enum Tally {
  CALLS,
  ERRORS,
  RETRIES,
  FALLBACKS,
  REFUSALS,
  LENGTH_STOPS,
  CONTENT_FILTERS,
  /** Calls that state a finish reason. */
  FINISHED_CALLS,
  TOOL_CALLS,
  TOOL_FAILURES,
  TRACES,
  TOOL_LOOPS,
  /** Retrievals that state their hits. */
  COUNTED_RETRIEVALS,
  EMPTY_RETRIEVALS,
  UNPRICED_CALLS,
  UNTAGGED_CALLS,
  /** Input tokens, cached ones included. */
  INPUT_TOKENS,
  CACHE_READ_TOKENS,
  OUTPUT_TOKENS
}
