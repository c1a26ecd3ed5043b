package dev.tributary.anomaly.core.drift;

import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Two-sample tests: the probability of a difference at least as large where both periods have the
 * same distribution. 1 where a side is empty, since nothing can be said then.
 */
public final class TwoSample {
  /** Below this expected count chi-square's approximation is poor (Cochran's rule). */
  private static final double LEAST_EXPECTED = 5;

  private TwoSample() {}

  /** Of two shares, by the pooled z test. */
  public static double proportions(long hits, long of, long referenceHits, long referenceOf) {
    if (of == 0 || referenceOf == 0) {
      return 1;
    }
    double pooled = (hits + referenceHits) / (double) (of + referenceOf);
    double variance = pooled * (1 - pooled) * (1.0 / of + 1.0 / referenceOf);
    if (variance <= 0) {
      return 1;
    }
    double difference = hits / (double) of - referenceHits / (double) referenceOf;
    return Tails.normalBothSides(difference / Math.sqrt(variance));
  }

  /** Of categories, by chi-square; rare ones are counted together. */
  public static <K extends Comparable<K>> double categories(
      Counts<K> reference, Counts<K> current) {
    double references = reference.total();
    double currents = current.total();
    if (references == 0 || currents == 0) {
      return 1;
    }
    SortedSet<K> classes = new TreeSet<>(reference.byValue().keySet());
    classes.addAll(current.byValue().keySet());
    double statistic = 0;
    int used = 0;
    long[] rare = new long[2];
    for (K one : classes) {
      long both = reference.of(one) + current.of(one);
      double least = both * Math.min(references, currents) / (references + currents);
      if (least < LEAST_EXPECTED) {
        rare[0] += reference.of(one);
        rare[1] += current.of(one);
      } else {
        statistic += term(reference.of(one), current.of(one), references, currents);
        used++;
      }
    }
    if (rare[0] + rare[1] > 0) {
      statistic += term(rare[0], rare[1], references, currents);
      used++;
    }
    return used < 2 ? 1 : Tails.chiSquare(statistic, used - 1);
  }

  private static double term(long before, long now, double references, double currents) {
    double share = (before + now) / (references + currents);
    double fromBefore = share * references;
    double fromNow = share * currents;
    return (before - fromBefore) * (before - fromBefore) / fromBefore
        + (now - fromNow) * (now - fromNow) / fromNow;
  }

  /**
   * Of ordered buckets, by Kolmogorov and Smirnov. Values of one bucket are ties, which make the
   * test cautious: it says too large a probability rather than too small a one.
   */
  public static <K extends Comparable<K>> double buckets(Counts<K> reference, Counts<K> current) {
    double references = reference.total();
    double currents = current.total();
    if (references == 0 || currents == 0) {
      return 1;
    }
    double size = Math.sqrt(references * currents / (references + currents));
    // Stephens' correction, good from four values on.
    return Tails.kolmogorov((size + 0.12 + 0.11 / size) * distance(reference, current));
  }

  /** The largest distance of the two cumulative distributions, 0 to 1. */
  public static <K extends Comparable<K>> double distance(Counts<K> reference, Counts<K> current) {
    double references = reference.total();
    double currents = current.total();
    SortedSet<K> buckets = new TreeSet<>(reference.byValue().keySet());
    buckets.addAll(current.byValue().keySet());
    long before = 0;
    long now = 0;
    double largest = 0;
    for (K bucket : buckets) {
      before += reference.of(bucket);
      now += current.of(bucket);
      largest = Math.max(largest, Math.abs(before / references - now / currents));
    }
    return largest;
  }
}
