package dev.tributary.anomaly.core.drift;

import java.util.ArrayList;
import java.util.List;
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

  /**
   * Of two shares, by the pooled z test; exactly (Fisher 1935) where too few are expected for it.
   */
  public static double proportions(long hits, long of, long referenceHits, long referenceOf) {
    if (of == 0 || referenceOf == 0) {
      return 1;
    }
    long both = hits + referenceHits;
    long all = of + referenceOf;
    if (both == 0 || both == all) {
      return 1;
    }
    if (expected(Math.min(both, all - both), of, referenceOf) < LEAST_EXPECTED) {
      return Tails.hypergeometric(hits, of, both, all);
    }
    double pooled = both / (double) all;
    double variance = pooled * (1 - pooled) * (1.0 / of + 1.0 / referenceOf);
    double difference = hits / (double) of - referenceHits / (double) referenceOf;
    return Tails.normalBothSides(difference / Math.sqrt(variance));
  }

  /**
   * Of categories, by chi-square. Rare ones are counted together; where they are few even so, they
   * are told from the rest exactly, the others from each other by chi-square, and the probability
   * is twice the smaller of both.
   */
  public static <K extends Comparable<K>> double categories(
      Counts<K> reference, Counts<K> current) {
    long references = reference.total();
    long currents = current.total();
    SortedSet<K> classes = new TreeSet<>(reference.byValue().keySet());
    classes.addAll(current.byValue().keySet());
    List<long[]> common = new ArrayList<>();
    long[] rare = new long[2];
    for (K one : classes) {
      long[] pair = {reference.of(one), current.of(one)};
      if (expected(pair[0] + pair[1], references, currents) < LEAST_EXPECTED) {
        rare[0] += pair[0];
        rare[1] += pair[1];
      } else {
        common.add(pair);
      }
    }
    if (rare[0] + rare[1] == 0) {
      return chiSquare(common);
    }
    if (expected(rare[0] + rare[1], references, currents) >= LEAST_EXPECTED) {
      common.add(rare);
      return chiSquare(common);
    }
    double ofRare = proportions(rare[1], currents, rare[0], references);
    return common.size() < 2 ? ofRare : Math.min(1, 2 * Math.min(ofRare, chiSquare(common)));
  }

  /** How many of so many the smaller side has where both have the same distribution. */
  private static double expected(long both, long references, long currents) {
    return both * (double) Math.min(references, currents) / (references + currents);
  }

  private static double chiSquare(List<long[]> pairs) {
    double references = pairs.stream().mapToLong(pair -> pair[0]).sum();
    double currents = pairs.stream().mapToLong(pair -> pair[1]).sum();
    if (pairs.size() < 2 || references == 0 || currents == 0) {
      return 1;
    }
    double statistic = 0;
    for (long[] pair : pairs) {
      statistic += term(pair[0], pair[1], references, currents);
    }
    return Tails.chiSquare(statistic, pairs.size() - 1);
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
