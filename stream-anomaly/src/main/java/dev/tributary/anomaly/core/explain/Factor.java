package dev.tributary.anomaly.core.explain;

/** Why a cost changed. */
public enum Factor {
  /** More or fewer calls in all. */
  VOLUME,
  /** Calls moved to cells that cost more or less each. */
  MIX,
  /** Longer or shorter input or output per call. */
  TOKENS_PER_CALL,
  /** Input moved between uncached, cache read and cache write. */
  CACHE,
  /** Another rate for the same bucket of the same cell. */
  PRICE,
  /** Cells that were not there before. */
  NEW,
  /** Cells that are there no more. */
  GONE,
  /** Cost without calls or tokens to explain it by. */
  OTHER
}
