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

  /** Bits of the buckets whose count is known, and of those with a count above 0. */
  private final long known;

  private final long used;

  /**
   * Takes the counts over.
   *
   * @param buckets counts of at least 0
   * @throws IllegalArgumentException when a count is negative
   */
  public Usage(Map<Bucket, Long> buckets) {
    Arrays.fill(counts, UNKNOWN);
    long knownBits = 0;
    long usedBits = 0;
    for (Map.Entry<Bucket, Long> entry : buckets.entrySet()) {
      Bucket bucket = entry.getKey();
      long count = entry.getValue();
      if (count < 0) {
        throw new IllegalArgumentException(bucket.wireName() + " must not be negative: " + count);
      }
      counts[bucket.index()] = count;
      knownBits |= 1L << bucket.index();
      usedBits |= count > 0 ? 1L << bucket.index() : 0;
    }
    known = knownBits;
    used = usedBits;
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

  /** Bits of the buckets with a count above 0, by index. */
  long used() {
    return used;
  }

  /** The count of a bucket that is known, by index. */
  long countAt(int index) {
    return counts[index];
  }

  /** Whether no bucket is known. */
  boolean isEmpty() {
    return known == 0;
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
    long all = known & ((2L << last) - (1L << first));
    if (all == 0) {
      return UNKNOWN;
    }
    long total = 0;
    for (long rest = all; rest != 0; rest &= rest - 1) {
      total = Math.addExact(total, counts[Long.numberOfTrailingZeros(rest)]);
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
