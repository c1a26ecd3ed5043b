package dev.tributary.pricing;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a call consumed, in disjoint buckets. A bucket that is absent is unknown, 0 is a known zero.
 * Immutable.
 */
public final class Usage {

  private static final long UNKNOWN = -1;

  /** By index: pricing looks every bucket up, and a map of boxed counts costs most of a call. */
  private final long[] counts = new long[Bucket.ALL.size()];

  private final boolean isEmpty;

  /**
   * Takes the counts over.
   *
   * @param buckets counts of at least 0
   * @throws IllegalArgumentException when a count is negative
   */
  public Usage(Map<Bucket, Long> buckets) {
    Arrays.fill(counts, UNKNOWN);
    buckets.forEach(
        (bucket, count) -> {
          if (count < 0) {
            throw new IllegalArgumentException(
                bucket.wireName() + " must not be negative: " + count);
          }
          counts[bucket.index()] = count;
        });
    isEmpty = buckets.isEmpty();
  }

  /** The known counts in {@link Bucket} order; unmodifiable. */
  public Map<Bucket, Long> buckets() {
    EnumMap<Bucket, Long> buckets = new EnumMap<>(Bucket.class);
    for (Bucket bucket : Bucket.ALL) {
      if (counts[bucket.index()] != UNKNOWN) {
        buckets.put(bucket, counts[bucket.index()]);
      }
    }
    return Collections.unmodifiableMap(buckets);
  }

  /** The count of a bucket, or null where it is unknown. */
  public @Nullable Long count(Bucket bucket) {
    long count = counts[bucket.index()];
    return count == UNKNOWN ? null : count;
  }

  /** The count of the bucket with that index, 0 where it is unknown. */
  long knownCount(int index) {
    return Math.max(0, counts[index]);
  }

  /** Whether no bucket is known. */
  boolean isEmpty() {
    return isEmpty;
  }

  /** All known input tokens, cached ones included, or null where no input count is known. */
  public @Nullable Long inputTotal() {
    long total = total(Bucket.FIRST_INPUT, Bucket.LAST_INPUT);
    return total == UNKNOWN ? null : total;
  }

  /** All known output tokens, or null where no output count is known. */
  public @Nullable Long outputTotal() {
    long total = total(Bucket.FIRST_OUTPUT, Bucket.LAST_OUTPUT);
    return total == UNKNOWN ? null : total;
  }

  /** As {@link #inputTotal}, -1 for null. */
  long inputTotalOrUnknown() {
    return total(Bucket.FIRST_INPUT, Bucket.LAST_INPUT);
  }

  /** All known tokens. */
  public long tokens() {
    return Math.addExact(
        Math.max(0, total(Bucket.FIRST_INPUT, Bucket.LAST_INPUT)),
        Math.max(0, total(Bucket.FIRST_OUTPUT, Bucket.LAST_OUTPUT)));
  }

  private long total(int first, int last) {
    long total = UNKNOWN;
    for (int i = first; i <= last; i++) {
      if (counts[i] != UNKNOWN) {
        total = total == UNKNOWN ? counts[i] : Math.addExact(total, counts[i]);
      }
    }
    return total;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Usage usage && Arrays.equals(counts, usage.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "Usage" + buckets();
  }

  /** Splits counts in which a total includes its parts into disjoint buckets. */
  public static UsageResult fromInclusive(InclusiveUsage usage) {
    return new InclusiveSplit(usage).split();
  }
}
