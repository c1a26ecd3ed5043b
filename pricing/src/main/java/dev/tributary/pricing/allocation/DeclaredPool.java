package dev.tributary.pricing.allocation;

import dev.tributary.pricing.Glob;
import java.util.List;
import java.util.Map;

/**
 * A pool as a file declares it: what it costs, and which calls run on it.
 *
 * @param kind what it is, for people
 * @param surface who bills for it, named on its lines
 * @param uses globs by field; a call runs on the pool where for every field one glob matches. Not
 *     empty, because a pool that serves everything would take everybody's calls by an oversight
 */
public record DeclaredPool(
    CapacityPool pool, Kind kind, String surface, Map<UseField, List<String>> uses) {

  /** Kinds of pools. */
  public enum Kind {
    /** Throughput that a provider keeps ready, paid by unit and hour. */
    PROVISIONED,
    /** Machines of one's own. */
    GPU
  }

  public DeclaredPool {
    if (uses.isEmpty()) {
      throw new IllegalArgumentException("a pool must say which calls use it");
    }
    uses = Map.copyOf(uses);
  }

  /**
   * Whether a call runs on this pool.
   *
   * @param call what the call states, by field; a field it does not state is empty or absent
   */
  public boolean serves(Map<UseField, List<String>> call) {
    for (Map.Entry<UseField, List<String>> use : uses.entrySet()) {
      List<String> stated = call.getOrDefault(use.getKey(), List.of());
      if (use.getValue().stream()
          .noneMatch(glob -> stated.stream().anyMatch(text -> Glob.matches(glob, text)))) {
        return false;
      }
    }
    return true;
  }
}
