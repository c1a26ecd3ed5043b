package dev.tributary.cost.core;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;

/**
 * A distribution as signed counts per bucket of {@link SketchMapping}, zeros apart. Adding a value
 * with sign -1 undoes adding it with +1, in any order; a bucket that comes to 0 vanishes, so equal
 * nets are equal objects. Sorted arrays: a window's call costs touch a few dozen buckets.
 */
final class SignedBuckets {
  private static final int FIRST_CAPACITY = 4;

  private long zeroCount;
  private int[] indexes = new int[FIRST_CAPACITY];
  private long[] counts = new long[FIRST_CAPACITY];
  private int size;

  void addZero(long count) {
    zeroCount += count;
  }

  void add(int index, long count) {
    if (count == 0) {
      return;
    }
    int at = Arrays.binarySearch(indexes, 0, size, index);
    if (at < 0) {
      insert(-at - 1, index, count);
      return;
    }
    counts[at] += count;
    if (counts[at] == 0) {
      remove(at);
    }
  }

  /** Appends a bucket above all present; for decoding. */
  void append(int index, long count) {
    if (size > 0 && index <= indexes[size - 1]) {
      throw new IllegalArgumentException(
          "bucket indexes must ascend: " + index + " after " + indexes[size - 1]);
    }
    insert(size, index, count);
  }

  /** Adds the other's counts. */
  void merge(SignedBuckets other) {
    zeroCount += other.zeroCount;
    if (other.size == 0) {
      return;
    }
    int[] mergedIndexes = new int[size + other.size];
    long[] mergedCounts = new long[size + other.size];
    int merged = 0;
    int mine = 0;
    int theirs = 0;
    while (mine < size || theirs < other.size) {
      int index;
      long count;
      if (theirs == other.size || (mine < size && indexes[mine] < other.indexes[theirs])) {
        index = indexes[mine];
        count = counts[mine++];
      } else if (mine == size || other.indexes[theirs] < indexes[mine]) {
        index = other.indexes[theirs];
        count = other.counts[theirs++];
      } else {
        index = indexes[mine];
        count = counts[mine++] + other.counts[theirs++];
      }
      if (count != 0) {
        mergedIndexes[merged] = index;
        mergedCounts[merged++] = count;
      }
    }
    indexes = mergedIndexes;
    counts = mergedCounts;
    size = merged;
  }

  private void insert(int at, int index, long count) {
    if (size == indexes.length) {
      indexes = Arrays.copyOf(indexes, Math.max(FIRST_CAPACITY, 2 * size));
      counts = Arrays.copyOf(counts, indexes.length);
    }
    System.arraycopy(indexes, at, indexes, at + 1, size - at);
    System.arraycopy(counts, at, counts, at + 1, size - at);
    indexes[at] = index;
    counts[at] = count;
    size++;
  }

  private void remove(int at) {
    size--;
    System.arraycopy(indexes, at + 1, indexes, at, size - at);
    System.arraycopy(counts, at + 1, counts, at, size - at);
  }

  boolean isEmpty() {
    return size == 0 && zeroCount == 0;
  }

  int size() {
    return size;
  }

  int indexAt(int position) {
    return indexes[position];
  }

  long countAt(int position) {
    return counts[position];
  }

  long zeroCount() {
    return zeroCount;
  }

  /** Number of values; buckets that are negative for the moment count as 0. */
  long total() {
    long total = Math.max(0, zeroCount);
    for (int i = 0; i < size; i++) {
      total += Math.max(0, counts[i]);
    }
    return total;
  }

  /**
   * The percentile by nearest rank over the buckets: the value of the bucket that holds the value
   * of rank {@code ceil(n x numerator / denominator)} in ascending order, from 1. Empty: no values.
   */
  Optional<BigDecimal> percentile(int numerator, int denominator) {
    if (numerator < 0 || denominator <= 0 || numerator > denominator) {
      throw new IllegalArgumentException(
          "a percentile lies between 0 and 1: " + numerator + "/" + denominator);
    }
    long total = total();
    if (total == 0) {
      return Optional.empty();
    }
    long whole = Math.multiplyExact(total, (long) numerator);
    long rank = Math.max(1, -Math.floorDiv(-whole, (long) denominator));
    long seen = Math.max(0, zeroCount);
    if (rank <= seen) {
      return Optional.of(BigDecimal.ZERO);
    }
    int at = -1;
    while (seen < rank) {
      seen += Math.max(0, counts[++at]);
    }
    return Optional.of(SketchMapping.value(indexes[at]));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignedBuckets that
        && zeroCount == that.zeroCount
        && Arrays.equals(indexes, 0, size, that.indexes, 0, that.size)
        && Arrays.equals(counts, 0, size, that.counts, 0, that.size);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(zeroCount) * 31 + size;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{0=").append(zeroCount);
    for (int i = 0; i < size; i++) {
      text.append(", ").append(indexes[i]).append('=').append(counts[i]);
    }
    return text.append('}').toString();
  }
}
