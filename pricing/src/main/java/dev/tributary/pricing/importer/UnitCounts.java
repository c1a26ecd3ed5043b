package dev.tributary.pricing.importer;

import dev.tributary.pricing.Bucket;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;

/**
 * Counts of units that may have a fraction, as seconds of audio.
 *
 * @param counts by bucket
 * @param unstated buckets whose count is not stated although the others need it: all seconds beside
 *     those of one direction, all cache writes beside those of one lifetime, how much of the cached
 *     input was audio
 */
public record UnitCounts(Map<Bucket, BigDecimal> counts, Set<Bucket> unstated) {

  public UnitCounts {
    counts = Map.copyOf(counts);
    unstated = Set.copyOf(unstated);
  }

  /** No units. */
  public static UnitCounts none() {
    return new UnitCounts(Map.of(), Set.of());
  }

  /** Counts that are totals. */
  public static UnitCounts of(Map<Bucket, BigDecimal> counts) {
    return new UnitCounts(counts, Set.of());
  }
}
