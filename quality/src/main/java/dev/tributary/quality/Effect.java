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
 * @param baselineVariance of the baseline's estimate
 * @param covariance of the difference's estimate and the baseline's
 * @param values values that went into it, both arms
 * @param covered share of all (weighted) values that lie in strata which both arms have
 */
public record Effect(
    double baseline,
    double candidate,
    double variance,
    double baselineVariance,
    double covariance,
    long values,
    double covered) {

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
   * The same with the variance of {@code difference - share x baseline}: what a limit relative to
   * the baseline is held against, because the baseline is an estimate, too.
   */
  Effect against(double share) {
    double against = variance - 2 * share * covariance + share * share * baselineVariance;
    return new Effect(
        baseline, candidate, Math.max(0, against), baselineVariance, covariance, values, covered);
  }

  /** The same with another share covered. */
  public Effect covering(double share) {
    return new Effect(baseline, candidate, variance, baselineVariance, covariance, values, share);
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
      return new Effect(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0, 0);
    }
    double baseline = 0;
    double candidate = 0;
    double ofBaseline = 0;
    double ofCandidate = 0;
    long values = 0;
    for (Pair pair : pairs) {
      double share = pair.weight() / weight;
      baseline += share * pair.baseline.mean();
      candidate += share * pair.candidate.mean();
      ofBaseline += share * share * pair.baseline.varianceOfMean();
      ofCandidate += share * share * pair.candidate.varianceOfMean();
      values += pair.baseline.n() + pair.candidate.n();
    }
    double leastOfBaseline = leastVariance(arms.dimension(), TwoArms.total(arms.baseline()));
    double leastOfCandidate = leastVariance(arms.dimension(), TwoArms.total(arms.candidate()));
    double baselineVariance = Math.max(ofBaseline, leastOfBaseline);
    return new Effect(
        baseline,
        candidate,
        Math.max(ofBaseline + ofCandidate, leastOfBaseline + leastOfCandidate),
        baselineVariance,
        -baselineVariance,
        values,
        weight / all);
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
        dimension.kind() == Dimension.Kind.AMOUNT
            ? 0
            : Math.pow(differences.effectiveSize() + 2.0, -2);
    double variance = differences.varianceOfMean();
    double ofBaseline = baseline.varianceOfMean();
    return new Effect(
        candidate.mean() - mean,
        candidate.mean(),
        Double.isNaN(variance) ? variance : Math.max(least, variance),
        ofBaseline,
        // The candidate is the sum of both, case by case.
        (candidate.varianceOfMean() - ofBaseline - variance) / 2,
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
   * The least variance that an arm's mean is taken to have. An arm that never saw a rare event
   * would have none at all; one success and one failure more (Agresti and Caffo 2000) keeps it
   * honest, and scores that are all the same are taken for such an arm.
   */
  static double leastVariance(Dimension dimension, Moments arm) {
    double n = arm.effectiveSize() + 2;
    return switch (dimension.kind()) {
      case AMOUNT -> 0;
      case SHARE -> {
        double share = (arm.mean() * arm.effectiveSize() + 1) / n;
        yield share * (1 - share) / n;
      }
      case SCORE -> 1 / (n * n);
    };
  }
}
