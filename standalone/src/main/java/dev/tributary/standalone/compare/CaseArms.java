package dev.tributary.standalone.compare;

import dev.tributary.quality.Dimension;
import dev.tributary.quality.Effect;
import dev.tributary.quality.GateArms;
import dev.tributary.quality.Moments;
import dev.tributary.quality.Stratum;
import dev.tributary.quality.TwoArms;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * Two files of cases as arms. Where they have cases in common, those are compared case by case and
 * the others left out; where they have none, as two samples. A case counts once with the mean of
 * its values, however often it ran, because the set is of cases; its weight is the inverse of the
 * probability with which it came into the set, the smaller one where the files differ.
 */
public final class CaseArms {
  private static final Stratum ALL = new Stratum("", 0);

  private CaseArms() {}

  /** Arms by dimension, of all dimensions that either file has. */
  public static Map<String, GateArms> of(Cases baseline, Cases candidate) {
    NavigableSet<String> names = new TreeSet<>();
    baseline.dimensions().forEach(names::add);
    candidate.dimensions().forEach(names::add);
    Map<String, GateArms> arms = new LinkedHashMap<>();
    for (String name : names) {
      Dimension dimension = Dimensions.find(name);
      if (dimension != null) {
        arms.put(name, arms(dimension, baseline.of(name), candidate.of(name)));
      }
    }
    return arms;
  }

  private static GateArms arms(
      Dimension dimension,
      SortedMap<String, Moments> baseline,
      SortedMap<String, Moments> candidate) {
    Moments before = Moments.NONE;
    Moments after = Moments.NONE;
    Moments differences = Moments.NONE;
    for (Map.Entry<String, Moments> entry : baseline.entrySet()) {
      Moments other = candidate.get(entry.getKey());
      if (other != null) {
        double was = entry.getValue().mean();
        double is = other.mean();
        double probability = Math.min(probability(entry.getValue()), probability(other));
        before = before.plus(Moments.of(was, probability));
        after = after.plus(Moments.of(is, probability));
        differences = differences.plus(Moments.of(is - was, probability));
      }
    }
    if (differences.n() > 0) {
      Effect effect =
          Effect.paired(dimension, before, after, differences)
              .of(total(baseline), total(candidate));
      return new GateArms(dimension, before, after, effect);
    }
    return GateArms.live(
        TwoArms.of(dimension, Map.of(ALL, total(baseline)), Map.of(ALL, total(candidate))));
  }

  private static Moments total(SortedMap<String, Moments> cases) {
    Moments sum = Moments.NONE;
    for (Moments one : cases.values()) {
      sum = sum.plus(Moments.of(one.mean(), probability(one)));
    }
    return sum;
  }

  /** Of the case: each of its values has its weight. */
  private static double probability(Moments values) {
    return Math.min(1, values.n() / values.w());
  }
}
