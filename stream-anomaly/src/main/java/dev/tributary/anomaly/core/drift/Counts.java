package dev.tributary.anomaly.core.drift;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often each value, or each bucket of values, was seen in a period.
 *
 * @param byValue count by value, positive; of buckets the key is the bucket's number, ascending
 * @param <K> a category or a bucket
 */
public record Counts<K extends Comparable<K>>(SortedMap<K, Long> byValue) {
  /** Copies the counts and leaves out what was never seen. */
  public Counts {
    SortedMap<K, Long> copy = new TreeMap<>(byValue);
    copy.values().removeIf(count -> count == 0);
    if (copy.values().stream().anyMatch(count -> count < 0)) {
      throw new IllegalArgumentException("a count is negative: " + copy);
    }
    byValue = Collections.unmodifiableSortedMap(copy);
  }

  /** Counts of a map in any order. */
  public static <K extends Comparable<K>> Counts<K> of(Map<K, Long> byValue) {
    return new Counts<>(new TreeMap<>(byValue));
  }

  /** All of them. */
  public long total() {
    return byValue.values().stream().mapToLong(Long::longValue).sum();
  }

  long of(K value) {
    return byValue.getOrDefault(value, 0L);
  }
}
