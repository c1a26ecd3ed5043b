package dev.tributary.anomaly.core.series;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import java.util.Map;
import java.util.TreeMap;

/**
 * A distribution as counts per bucket of a logarithmic sketch with a relative accuracy of 1 %:
 * bucket i stands for gamma^i x 1.01, gamma = 1.01 / 0.99.
 */
public final class Buckets {
  private static final double ACCURACY = 0.01;
  private static final double LOG_GAMMA = StrictMath.log((1 + ACCURACY) / (1 - ACCURACY));

  private final TreeMap<Integer, Long> counts = new TreeMap<>();
  private long zeros;

  /** Adds values that are 0. */
  public void addZeros(long count) {
    zeros += count;
  }

  /** Adds values of a bucket. */
  public void add(int index, long count) {
    counts.merge(index, count, Long::sum);
  }

  /** Number of values; a bucket that is negative for the moment counts as 0. */
  public long total() {
    long total = Math.max(0, zeros);
    for (long count : counts.values()) {
      total += Math.max(0, count);
    }
    return total;
  }

  /** The value at a percentile by nearest rank; NaN where there is none. */
  public double percentile(int percent) {
    long total = total();
    if (total == 0) {
      return Double.NaN;
    }
    long rank = Math.max(1, (total * percent + 99) / 100);
    long seen = Math.max(0, zeros);
    if (rank <= seen) {
      return 0;
    }
    for (Map.Entry<Integer, Long> bucket : counts.entrySet()) {
      seen += Math.max(0, bucket.getValue());
      if (seen >= rank) {
        return StrictMath.exp(bucket.getKey() * LOG_GAMMA) * (1 + ACCURACY);
      }
    }
    throw new IllegalStateException("rank " + rank + " of " + total);
  }

  void merge(Buckets other) {
    zeros += other.zeros;
    other.counts.forEach(this::add);
  }

  void save(StateWriter to) {
    to.whole(zeros).whole(counts.size());
    counts.forEach((index, count) -> to.whole(index).whole(count));
  }

  void load(StateReader from) {
    zeros = from.whole();
    for (long i = from.whole(); i > 0; i--) {
      add((int) from.whole(), from.whole());
    }
  }
}
