package dev.tributary.anomaly.scenario;

import dev.tributary.anomaly.core.explain.Factor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is done to a series, and so what should be said about it. */
enum Scenario {
  /** Retrieval returns too much in one workspace: more input, none of it cached. */
  RETRIEVAL_TOKENS(Watched.SPEND, Factor.TOKENS_PER_CALL, "workspace"),
  /** A verbose prompt version takes over in one workspace. */
  VERBOSE_PROMPT(Watched.SPEND, Factor.TOKENS_PER_CALL, "workspace"),
  /** An agent calls its tool again and again. */
  TOOL_LOOP(Watched.SPEND, Factor.VOLUME, "workspace", "agent"),
  /** One model costs more. */
  PRICE_CHANGE(Watched.SPEND, Factor.PRICE, "model"),
  /** Calls of the small model go to the large one. */
  DEAR_FALLBACK(Watched.SPEND, Factor.MIX, "model"),
  /** Little is read from the cache of one region any more. */
  CACHE_COLLAPSE(Watched.SPEND, Factor.CACHE, "region"),
  /** One workspace sends more, each call as before. */
  TRAFFIC(Watched.SPEND, Factor.VOLUME, "workspace"),
  /** Longer calls where three dimensions meet. */
  THREE_DIMENSIONS(Watched.SPEND, Factor.TOKENS_PER_CALL, "workspace", "model", "region"),
  /** One workspace sends more and the calls of another get longer, each half of the change. */
  TWO_CAUSES(Watched.SPEND, null, "workspace"),
  /** A model is swapped behind its alias, and answers get worse. */
  QUALITY_DROP(Watched.QUALITY, null),
  /** A tool takes longer. */
  SLOW_TOOL(Watched.TOOL, null),
  /** A provider refuses calls of one model, which are tried again. */
  STORM_OF_429(Watched.ERRORS, null, "model"),
  /** A service that nobody tagged starts to call. */
  UNTAGGED_SERVICE(Watched.UNTAGGED, null);

  private final Watched watched;
  private final @Nullable Factor factor;

  @SuppressWarnings("ImmutableEnumChecker") // an immutable set of texts
  private final Set<String> dimensions;

  Scenario(Watched watched, @Nullable Factor factor, String... dimensions) {
    this.watched = watched;
    this.factor = factor;
    this.dimensions = Set.of(dimensions);
  }

  /** Those that a kind of series can have. */
  static List<Scenario> of(Watched watched) {
    return Arrays.stream(values()).filter(each -> each.watched == watched).toList();
  }

  /** The factor that should lead the split; null: more than one, or it is not about money. */
  @Nullable Factor factor() {
    return factor;
  }

  /** Whether cells can say where it was done. */
  boolean hasSlice() {
    return !dimensions.isEmpty();
  }

  /** Whether the slice fixes a dimension. */
  boolean fixes(String dimension) {
    return dimensions.contains(dimension);
  }

  /** The part of a cell's dimensions that the slice fixes. */
  TreeMap<String, String> sliceOf(Map<String, String> cell) {
    TreeMap<String, String> slice = new TreeMap<>(cell);
    slice.keySet().retainAll(dimensions);
    return slice;
  }
}
