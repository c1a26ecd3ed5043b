package dev.tributary.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How two arms differ in one dimension, adjusted for the mix of traffic.
 *
 * @param baseline mean over the common mix; NaN where the arms have no stratum in common
 * @param candidate the same of the other arm
 * @param variance of the difference's estimate
 * @param values values that went into it, both arms
 * @param covered share of all (weighted) values that lie in strata which both arms have
 */
public record Effect(
    double baseline, double candidate, double variance, long values, double covered) {

  /** A stratum needs so many values in each arm, or its variance would be a guess. */
  static final int LEAST_IN_STRATUM = 5;

  /** Two arms' values that are compared with each other. */
  private record Pair(Moments baseline, Moments candidate) {
    boolean isEnough() {
      return baseline.n() >= LEAST_IN_STRATUM && candidate.n() >= LEAST_IN_STRATUM;
    }

    Pair plus(Pair other) {
      return new Pair(baseline.plus(other.baseline), candidate.plus(other.candidate));
    }

    double weight() {
      return baseline.w() + candidate.w();
    }
  }

  /** Candidate minus baseline. */
  public double difference() {
    return candidate - baseline;
  }

  /**
   * Post-stratification (Miratrix, Sekhon and Yu 2013): the difference within each stratum,
   * weighted by the stratum's share of both arms' traffic. Strata with too few values in one arm
   * are joined: the hours of a workspace first, then small workspaces. Which are joined depends on
   * counts and never on values. What remains in one arm only is left out and lowers {@link
   * #covered}.
   */
  public static Effect adjusted(TwoArms arms) {
    List<Pair> pairs = pairs(arms);
    double all = TwoArms.total(arms.baseline()).w() + TwoArms.total(arms.candidate()).w();
    double weight = 0;
    for (Pair pair : pairs) {
      weight += pair.weight();
    }
    if (pairs.isEmpty()) {
      return new Effect(Double.NaN, Double.NaN, Double.NaN, 0, 0);
    }
    double baseline = 0;
    double candidate = 0;
    double variance = 0;
    long values = 0;
    for (Pair pair : pairs) {
      double share = pair.weight() / weight;
      baseline += share * pair.baseline.mean();
      candidate += share * pair.candidate.mean();
      variance +=
          share * share * (pair.baseline.varianceOfMean() + pair.candidate.varianceOfMean());
      values += pair.baseline.n() + pair.candidate.n();
    }
    if (arms.dimension().kind() == Dimension.Kind.SHARE) {
      variance = Math.max(variance, varianceOfShares(arms));
    }
    return new Effect(baseline, candidate, variance, values, weight / all);
  }

  /**
   * For arms that did the same cases: the mean of the differences case by case, which the
   * difficulty of cases cannot blur. Where hardly any case differs, half a case more in each of the
   * four ways that a pair can come out (Agresti and Min 2005) keeps the variance honest.
   *
   * @param differences candidate minus baseline of each case
   */
  public static Effect paired(
      Dimension dimension, Moments baseline, Moments candidate, Moments differences) {
    double mean = differences.mean();
    double least =
        dimension.kind() == Dimension.Kind.AMOUNT ? 0 : Math.pow(differences.n() + 2.0, -2);
    double variance = differences.varianceOfMean();
    return new Effect(
        candidate.mean() - mean,
        candidate.mean(),
        Double.isNaN(variance) ? variance : Math.max(least, variance),
        differences.n(),
        1);
  }

  private static List<Pair> pairs(TwoArms arms) {
    SortedMap<String, SortedMap<Integer, Pair>> byWorkspace = new TreeMap<>();
    arms.baseline()
        .forEach((stratum, sums) -> put(byWorkspace, stratum, new Pair(sums, Moments.NONE)));
    arms.candidate()
        .forEach((stratum, sums) -> put(byWorkspace, stratum, new Pair(Moments.NONE, sums)));
    List<Pair> pairs = new ArrayList<>();
    Pair small = new Pair(Moments.NONE, Moments.NONE);
    for (SortedMap<Integer, Pair> hours : byWorkspace.values()) {
      Pair rest = new Pair(Moments.NONE, Moments.NONE);
      for (Pair hour : hours.values()) {
        if (hour.isEnough()) {
          pairs.add(hour);
        } else {
          rest = rest.plus(hour);
        }
      }
      if (rest.isEnough()) {
        pairs.add(rest);
      } else {
        small = small.plus(rest);
      }
    }
    if (small.isEnough()) {
      pairs.add(small);
    }
    return pairs;
  }

  private static void put(
      SortedMap<String, SortedMap<Integer, Pair>> byWorkspace, Stratum stratum, Pair pair) {
    byWorkspace
        .computeIfAbsent(stratum.workspace(), unused -> new TreeMap<>())
        .merge(stratum.hour(), pair, Pair::plus);
  }

  /**
   * An arm that never saw a rare event would have no variance at all; one success and one failure
   * more in each arm (Agresti and Caffo 2000) keeps it honest.
   */
  private static double varianceOfShares(TwoArms arms) {
    return varianceOfShare(TwoArms.total(arms.baseline()))
        + varianceOfShare(TwoArms.total(arms.candidate()));
  }

  private static double varianceOfShare(Moments arm) {
    double n = arm.effectiveSize() + 2;
    double share = (arm.mean() * arm.effectiveSize() + 1) / n;
    return share * (1 - share) / n;
  }
}
