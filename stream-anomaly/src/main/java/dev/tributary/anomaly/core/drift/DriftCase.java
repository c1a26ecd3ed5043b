package dev.tributary.anomaly.core.drift;

/**
 * One measure of one group, in the reference and now.
 *
 * @param group whose: feature, prompt version and returned model, in words
 * @param measure what
 * @param reference the reference
 * @param current now
 */
public record DriftCase(String group, String measure, Sample reference, Sample current) {
  /** Both must be of one form. */
  public DriftCase {
    if (reference.getClass() != current.getClass()) {
      throw new IllegalArgumentException(
          group + " " + measure + ": " + reference + " against " + current);
    }
  }

  /** What was seen of a measure in a period. */
  public sealed interface Sample {
    /** Cases. */
    long size();
  }

  /**
   * How many of all.
   *
   * @param hits those with the property
   * @param size all
   */
  public record Share(long hits, long size) implements Sample {
    /** At most all have it. */
    public Share {
      if (hits < 0 || hits > size) {
        throw new IllegalArgumentException(hits + " of " + size);
      }
    }
  }

  /** Values without an order. */
  public record Categories(Counts<String> counts) implements Sample {
    @Override
    public long size() {
      return counts.total();
    }
  }

  /** Values in ascending buckets. */
  public record Buckets(Counts<Integer> counts) implements Sample {
    @Override
    public long size() {
      return counts.total();
    }
  }
}
