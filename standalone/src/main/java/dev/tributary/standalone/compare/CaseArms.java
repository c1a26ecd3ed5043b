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
 * the others left out; where they have none, as two samples.
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
        // One value for a case, however often it ran: the set is of cases.
        before = before.plus(Moments.of(was));
        after = after.plus(Moments.of(is));
        differences = differences.plus(Moments.of(is - was));
      }
    }
    if (differences.n() > 0) {
      Effect paired = Effect.paired(dimension, before, after, differences);
      long all = (long) baseline.size() + candidate.size() - differences.n();
      Effect effect =
          new Effect(
              paired.baseline(),
              paired.candidate(),
              paired.variance(),
              paired.values(),
              (double) differences.n() / all);
      return new GateArms(dimension, before, after, effect);
    }
    return GateArms.live(
        TwoArms.of(dimension, Map.of(ALL, total(baseline)), Map.of(ALL, total(candidate))));
  }

  private static Moments total(SortedMap<String, Moments> cases) {
    Moments sum = Moments.NONE;
    for (Moments one : cases.values()) {
      sum = sum.plus(one);
    }
    return sum;
  }
}
