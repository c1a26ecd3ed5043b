package dev.tributary.standalone.price;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.UsageResult;
import dev.tributary.pricing.importer.UnitCounts;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * What a line says was consumed.
 *
 * @param tokens disjoint counts, or why there are none
 * @param units counts that may have a fraction, and token buckets that the inclusive form of usage
 *     has no field for
 * @param unstated buckets whose count is not stated although the others need it, as all seconds
 *     beside those of one direction
 */
record StatedUsage(UsageResult tokens, Map<Bucket, BigDecimal> units, Set<Bucket> unstated) {
  /** Usage without units. */
  static StatedUsage of(UsageResult tokens) {
    return new StatedUsage(tokens, Map.of(), Set.of());
  }

  /** The units as a price book reads them. */
  UnitCounts unitCounts() {
    return new UnitCounts(units, unstated);
  }

  /** Everything by bucket, for printing; empty where the counts contradict each other. */
  Map<Bucket, BigDecimal> buckets() {
    Map<Bucket, BigDecimal> all = new EnumMap<>(Bucket.class);
    if (tokens instanceof UsageResult.Invalid) {
      return all;
    }
    if (tokens instanceof UsageResult.Valid valid) {
      valid
          .usage()
          .buckets()
          .forEach((bucket, count) -> all.put(bucket, BigDecimal.valueOf(count)));
    }
    all.putAll(units);
    return all;
  }
}
