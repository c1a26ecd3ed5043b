package dev.tributary.cost.core;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The versions that a cell's calls were made with: signed counts of lines, and the earliest time of
 * any that was booked. Adding up depends neither on order nor on parts. Only the first {@link
 * #MOST} keys are kept, whatever order they come in, so that a version per call costs no more than
 * that; what was taken back entirely keeps its place, and is not shown. Mutable, for one thread.
 */
final class Sights {
  /** Versions of a cell. */
  static final int MOST = 32;

  /** The time of lines that were only taken back. */
  static final long NEVER = Long.MAX_VALUE;

  /** What is known of a version. */
  record Sight(long lines, long firstUs) {}

  private final TreeMap<SightKey, Sight> byKey = new TreeMap<>();

  /**
   * Counts lines with a version.
   *
   * @param lines below 0: they are taken back
   * @param firstUs their earliest time; {@link #NEVER} where they are taken back
   */
  void add(SightKey key, long lines, long firstUs) {
    if (byKey.size() >= MOST && !byKey.containsKey(key)) {
      if (key.compareTo(byKey.lastKey()) > 0) {
        return;
      }
      byKey.pollLastEntry();
    }
    byKey.merge(
        key,
        new Sight(lines, firstUs),
        (a, b) -> new Sight(a.lines() + b.lines(), Math.min(a.firstUs(), b.firstUs())));
  }

  /** Adds others. */
  void merge(Sights others) {
    others.byKey.forEach((key, sight) -> add(key, sight.lines(), sight.firstUs()));
  }

  /** All keys in order, those that were taken back included. */
  SortedMap<SightKey, Sight> all() {
    return byKey;
  }

  /** Signed counts that are not 0. */
  SortedMap<SightKey, Long> counts() {
    SortedMap<SightKey, Long> counts = new TreeMap<>();
    byKey.forEach(
        (key, sight) -> {
          if (sight.lines() != 0) {
            counts.put(key, sight.lines());
          }
        });
    return counts;
  }
}
