package dev.tributary.pricing.importer;

import dev.tributary.pricing.Bucket;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;

/**
 * Counts of units that may have a fraction, as seconds of audio.
 *
 * @param counts by bucket
 * @param withoutTotal buckets whose count is a part, as the seconds of one direction, where the
 *     total it belongs to was not stated
 */
public record UnitCounts(Map<Bucket, BigDecimal> counts, Set<Bucket> withoutTotal) {

  public UnitCounts {
    counts = Map.copyOf(counts);
    withoutTotal = Set.copyOf(withoutTotal);
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
