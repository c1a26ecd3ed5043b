package dev.tributary.evaldispatch.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Rates of one stratum by the time from which they are in force. Mutable, for one thread. */
public final class RateTimeline {
  private final TreeMap<Long, Rate> byStart = new TreeMap<>();

  /**
   * A rate in force.
   *
   * @param probability 0 to 1
   * @param isGap whether the ceiling stops dispatch: what closes now is not sampled, which is a gap
   *     and no zero
   */
  public record Rate(double probability, boolean isGap) {}

  /** A rate from a time on. */
  public void put(long fromUs, double probability, boolean isGap) {
    byStart.put(fromUs, new Rate(probability, isGap));
  }

  /** The rate in force when a trace closed; null: there was none yet. */
  public @Nullable Rate at(long closedAtUs) {
    Map.Entry<Long, Rate> entry = byStart.floorEntry(closedAtUs);
    return entry == null ? null : entry.getValue();
  }

  /** The rate that is or will be in force last. */
  public @Nullable Rate last() {
    return byStart.isEmpty() ? null : byStart.lastEntry().getValue();
  }

  /**
   * The starts at which a gap must be put so that nothing is drawn from a time on: that time, where
   * a rate holds then, and every later change to a rate.
   */
  List<Long> startsOfGap(long fromUs) {
    List<Long> starts = new ArrayList<>();
    Rate inForce = at(fromUs);
    if (inForce != null && !inForce.isGap()) {
      starts.add(fromUs);
    }
    byStart
        .tailMap(fromUs, false)
        .forEach(
            (start, rate) -> {
              if (!rate.isGap()) {
                starts.add(start);
              }
            });
    return starts;
  }

  /** Takes away the oldest that ended before a time; null: there is none. */
  @Nullable Long removeEnded(long beforeUs) {
    if (byStart.size() < 2) {
      return null;
    }
    Long first = byStart.firstKey();
    Long second = byStart.higherKey(first);
    if (second == null || second >= beforeUs) {
      return null;
    }
    byStart.remove(first);
    return first;
  }
}
