package dev.tributary.pricing;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a call consumed, in disjoint buckets.
 *
 * @param buckets counts of at least 0; a bucket that is absent is unknown, 0 is a known zero.
 *     Iterates in {@link Bucket} order
 */
public record Usage(Map<Bucket, Long> buckets) {

  public Usage {
    EnumMap<Bucket, Long> copy = new EnumMap<>(Bucket.class);
    copy.putAll(buckets);
    copy.forEach(
        (bucket, count) -> {
          if (count < 0) {
            throw new IllegalArgumentException(
                bucket.wireName() + " must not be negative: " + count);
          }
        });
    buckets = Collections.unmodifiableMap(copy);
  }

  /** The count of a bucket, or null where it is unknown. */
  public @Nullable Long count(Bucket bucket) {
    return buckets.get(bucket);
  }

  /** All known input tokens, cached ones included, or null where no input count is known. */
  public @Nullable Long inputTotal() {
    return total(Bucket.INPUTS);
  }

  /** All known output tokens, or null where no output count is known. */
  public @Nullable Long outputTotal() {
    return total(Bucket.OUTPUTS);
  }

  /** All known tokens. */
  public long tokens() {
    Long input = inputTotal();
    Long output = outputTotal();
    return Math.addExact(input == null ? 0 : input, output == null ? 0 : output);
  }

  /**
   * Looks each bucket up: iterating over the entries of a guarded map costs several times as much.
   */
  private @Nullable Long total(List<Bucket> all) {
    long total = 0;
    boolean known = false;
    for (int i = 0; i < all.size(); i++) {
      Long count = buckets.get(all.get(i));
      if (count != null) {
        total = Math.addExact(total, count);
        known = true;
      }
    }
    return known ? total : null;
  }

  /** Splits counts in which a total includes its parts into disjoint buckets. */
  public static UsageResult fromInclusive(InclusiveUsage usage) {
    return new InclusiveSplit(usage).split();
  }
}
