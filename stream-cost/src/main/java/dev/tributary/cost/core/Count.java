package dev.tributary.cost.core;

/**
 * The counted measures of a window. The order is the format of partials and of the state store: new
 * ones go to the end.
 */
enum Count {
  LINES,
  CALLS,
  ERRORS,
  RETRIES,
  FALLBACKS,
  REFUSALS,
  LENGTH_STOPS,
  CONTENT_FILTERS,
  TOOL_CALLS,
  TOOL_FAILURES,
  RETRIEVALS,
  EMPTY_RETRIEVALS,
  RETRIEVAL_LATENCY_US,
  GUARDRAIL_BLOCKS,
  TRACES,
  TOOL_LOOPS,
  HANDOFFS,
  PRICED_CALLS,
  UNPRICED_CALLS,
  UNPRICED_TOKENS,
  ATTRIBUTED_CALLS,
  ESTIMATED_CALLS,
  LATENCY_US,
  INPUT_UNCACHED,
  CACHE_READ,
  CACHE_WRITE_5M,
  CACHE_WRITE_1H,
  INPUT_AUDIO,
  INPUT_IMAGE,
  OUTPUT_TEXT,
  REASONING,
  OUTPUT_AUDIO,
  OUTPUT_IMAGE,
  ESTIMATED_INPUT_UNCACHED,
  ESTIMATED_CACHE_READ,
  ESTIMATED_CACHE_WRITE_5M,
  ESTIMATED_CACHE_WRITE_1H,
  ESTIMATED_INPUT_AUDIO,
  ESTIMATED_INPUT_IMAGE,
  ESTIMATED_OUTPUT_TEXT,
  ESTIMATED_REASONING,
  ESTIMATED_OUTPUT_AUDIO,
  ESTIMATED_OUTPUT_IMAGE,
  UNTAGGED_CALLS,
  CALLS_WITHOUT_USAGE,
  FINISHED_CALLS,
  GUARDRAILS,
  GUARDRAIL_MASKS,
  GUARDRAIL_FLAGS,
  COUNTED_RETRIEVALS,
  SCORED_RETRIEVALS,
  LOW_SCORE_RETRIEVALS;

  /** Number of counts. */
  static final int SIZE = values().length;

  /** From a bucket of reported tokens to the same bucket of estimated ones. */
  static final int TO_ESTIMATED = ESTIMATED_INPUT_UNCACHED.at() - INPUT_UNCACHED.at();

  /** Position in arrays and in the format. */
  @SuppressWarnings("EnumOrdinal") // the order is the format
  int at() {
    return ordinal();
  }
}
