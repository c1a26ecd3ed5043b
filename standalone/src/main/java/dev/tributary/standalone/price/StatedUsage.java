package dev.tributary.standalone.price;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.UsageResult;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a line says was consumed.
 *
 * @param tokens disjoint counts, or why there are none
 * @param units counts that may have a fraction, and token buckets that the inclusive form of usage
 *     has no field for
 */
record StatedUsage(UsageResult tokens, Map<Bucket, BigDecimal> units) {
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
