package dev.tributary.anomaly.core.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The population stability index: sum over classes of (now - reference) ln(now / reference),
 * shares. The usual reading is: below 0.1 stable, from 0.25 on another population. Counts get half
 * a case per class, so that a class that one side lacks does not make it infinite.
 */
public final class StabilityIndex {
  /** Ordered values are put into tenths of the reference. */
  private static final int CLASSES = 10;

  private static final double PRIOR = 0.5;

  private StabilityIndex() {}

  /** Of categories, each a class. */
  public static <K extends Comparable<K>> double ofCategories(
      Counts<K> reference, Counts<K> current) {
    SortedSet<K> classes = new TreeSet<>(reference.byValue().keySet());
    classes.addAll(current.byValue().keySet());
    List<long[]> pairs = new ArrayList<>();
    classes.forEach(one -> pairs.add(new long[] {reference.of(one), current.of(one)}));
    return of(pairs);
  }

  /**
   * Of ordered buckets, joined to classes that each hold about a tenth of the reference. A bucket
   * that holds as much is a class by itself: where most scores are 1, those below are another.
   */
  public static <K extends Comparable<K>> double ofBuckets(Counts<K> reference, Counts<K> current) {
    SortedSet<K> buckets = new TreeSet<>(reference.byValue().keySet());
    buckets.addAll(current.byValue().keySet());
    double tenth = reference.total() / (double) CLASSES;
    List<long[]> pairs = new ArrayList<>();
    long[] open = new long[2];
    for (K bucket : buckets) {
      if (reference.of(bucket) >= tenth && open[0] + open[1] > 0) {
        pairs.add(open);
        open = new long[2];
      }
      open[0] += reference.of(bucket);
      open[1] += current.of(bucket);
      if (open[0] >= tenth) {
        pairs.add(open);
        open = new long[2];
      }
    }
    if (open[0] + open[1] > 0) {
      pairs.add(open);
    }
    return of(pairs);
  }

  private static double of(List<long[]> pairs) {
    double references = 0;
    double currents = 0;
    for (long[] pair : pairs) {
      references += pair[0] + PRIOR;
      currents += pair[1] + PRIOR;
    }
    double index = 0;
    for (long[] pair : pairs) {
      double before = (pair[0] + PRIOR) / references;
      double now = (pair[1] + PRIOR) / currents;
      index += (now - before) * Math.log(now / before);
    }
    return index;
  }
}
