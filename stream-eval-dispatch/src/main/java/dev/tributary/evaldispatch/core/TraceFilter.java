package dev.tributary.evaldispatch.core;

import dev.tributary.pricing.Glob;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which traces a policy is about: for each dimension named, one of its patterns fits; {@code *}
 * stands for any text.
 *
 * @param patterns patterns by dimension; empty: every trace
 */
public record TraceFilter(Map<String, List<String>> patterns) {
  /** Dimensions that a filter may name. */
  public static final Set<String> DIMENSIONS =
      Set.of(
          "feature",
          "team",
          "workspace",
          "environment",
          "project",
          "cost_center",
          "user_tier",
          "experiment",
          "retrieval_version",
          "prompt_name",
          "prompt_version",
          "agent",
          "model");

  /** Every trace. */
  public static final TraceFilter ALL = new TraceFilter(Map.of());

  /** Checks the dimensions. */
  public TraceFilter {
    patterns = Map.copyOf(new TreeMap<>(patterns));
    for (String name : patterns.keySet()) {
      if (!DIMENSIONS.contains(name)) {
        throw new IllegalArgumentException(
            "filter: " + name + ": unknown; known: " + new TreeSet<>(DIMENSIONS));
      }
    }
  }

  boolean accepts(TraceFacts trace) {
    return patterns.entrySet().stream()
        .allMatch(
            entry ->
                "model".equals(entry.getKey())
                    ? trace.models().stream().anyMatch(model -> fitsAny(entry.getValue(), model))
                    : fitsAny(
                        entry.getValue(), trace.dimensions().getOrDefault(entry.getKey(), "")));
  }

  /** Whether the dimension values of an episode contradict the filter nowhere. */
  boolean touches(Map<String, String> dimensions) {
    return patterns.entrySet().stream()
        .allMatch(
            entry -> {
              String value = dimensions.get(entry.getKey());
              return value == null || fitsAny(entry.getValue(), value);
            });
  }

  private static boolean fitsAny(List<String> patterns, String value) {
    return patterns.stream().anyMatch(pattern -> Glob.matches(pattern, value));
  }
}
