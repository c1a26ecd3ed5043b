package dev.tributary.anomaly.scenario;

import dev.tributary.anomaly.core.explain.Factor;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is done to a series, and so what should be said about it. */
enum Scenario {
  /** Retrieval returns too much in one workspace. */
  RETRIEVAL_TOKENS(Factor.TOKENS_PER_CALL, "workspace"),
  /** A verbose prompt version takes over in one workspace. */
  VERBOSE_PROMPT(Factor.TOKENS_PER_CALL, "workspace"),
  /** An agent calls its tool again and again. */
  TOOL_LOOP(Factor.VOLUME, "workspace", "region"),
  /** One model costs more. */
  PRICE_CHANGE(Factor.PRICE, "model"),
  /** Calls of the small model go to the large one. */
  DEAR_FALLBACK(Factor.MIX, "model"),
  /** Nothing is read from the cache any more. */
  CACHE_COLLAPSE(Factor.CACHE, "workspace"),
  /** One workspace sends more, each call as before. */
  TRAFFIC(Factor.VOLUME, "workspace"),
  /** Longer output where three dimensions meet. */
  THREE_DIMENSIONS(Factor.TOKENS_PER_CALL, "workspace", "model", "region");

  private final Factor factor;
  private final Set<String> dimensions;

  Scenario(Factor factor, String... dimensions) {
    this.factor = factor;
    this.dimensions = Set.copyOf(new TreeSet<>(Set.of(dimensions)));
  }

  /** The factor that should lead the split. */
  Factor factor() {
    return factor;
  }

  /** Whether the slice fixes a dimension. */
  boolean fixes(String dimension) {
    return dimensions.contains(dimension);
  }

  /** The part of a cell's dimensions that the slice fixes. */
  TreeMap<String, String> sliceOf(java.util.Map<String, String> cell) {
    TreeMap<String, String> slice = new TreeMap<>(cell);
    slice.keySet().retainAll(dimensions);
    return slice;
  }
}
