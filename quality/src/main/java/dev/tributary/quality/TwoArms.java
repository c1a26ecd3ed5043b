package dev.tributary.quality;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One dimension's values in both arms, by stratum.
 *
 * @param baseline what is compared against
 * @param candidate what is judged
 */
public record TwoArms(
    Dimension dimension,
    SortedMap<Stratum, Moments> baseline,
    SortedMap<Stratum, Moments> candidate) {

  public TwoArms {
    // Sorted, so that sums of doubles come out the same whatever order the values came in.
    baseline = new TreeMap<>(baseline);
    candidate = new TreeMap<>(candidate);
  }

  /** Values by stratum, in any map. */
  public static TwoArms of(
      Dimension dimension, Map<Stratum, Moments> baseline, Map<Stratum, Moments> candidate) {
    return new TwoArms(dimension, new TreeMap<>(baseline), new TreeMap<>(candidate));
  }

  static Moments total(SortedMap<Stratum, Moments> arm) {
    Moments sum = Moments.NONE;
    for (Moments part : arm.values()) {
      sum = sum.plus(part);
    }
    return sum;
  }
}
