package dev.tributary.quality;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How two arms differ in one dimension, adjusted for the mix of traffic.
 *
 * @param baseline mean over the common mix; NaN where the arms have no stratum in common
 * @param candidate the same of the other arm; exactly the baseline's where the two differ by no
 *     more than the rounding of sums
 * @param variance of the difference's estimate
 * @param baselineVariance of the baseline's estimate
 * @param covariance of the difference's estimate and the baseline's
 * @param ofBaseline how much of the baseline took part
 * @param ofCandidate how much of the candidate took part
 * @param isShared whether both arms have values of a group, be they too few to take part; false: no
 *     more of the same traffic would ever take part
 */
public record Effect(
    double baseline,
    double candidate,
    double variance,
    double baselineVariance,
    double covariance,
    Taken ofBaseline,
    Taken ofCandidate,
    boolean isShared) {

  /** A stratum needs values of so many units in each arm, or its variance would be a guess. */
  static final int LEAST_IN_STRATUM = 5;

  /** So that five units of equal weight are five, whatever their weight is rounded to. */
  private static final double LEAST_EFFECTIVE = LEAST_IN_STRATUM * (1 - Moments.ROUNDING);

  public Effect {
    candidate = isRounding(candidate - baseline, baseline, candidate) ? baseline : candidate;
  }

  /** Two arms' values that are compared with each other; traffic as it is before it is weighted. */
  private record Pair(Moments baseline, Moments candidate, Taken ofBaseline, Taken ofCandidate) {
    static final Pair NONE = of(Moments.NONE, Moments.NONE);

    static Pair of(Moments baseline, Moments candidate) {
      return new Pair(baseline, candidate, Taken.whole(baseline), Taken.whole(candidate));
    }

    boolean isShared() {
      return baseline.w() > 0 && candidate.w() > 0;
    }

    boolean isEnough() {
      return isEnough(baseline) && isEnough(candidate);
    }

    private static boolean isEnough(Moments arm) {
      return arm.units() >= LEAST_IN_STRATUM && arm.effectiveSize() >= LEAST_EFFECTIVE;
    }

    Pair plus(Pair other) {
      return new Pair(
          baseline.plus(other.baseline),
          candidate.plus(other.candidate),
          sum(ofBaseline, other.ofBaseline),
          sum(ofCandidate, other.ofCandidate));
    }

    private static Taken sum(Taken a, Taken b) {
      return new Taken(
          a.values() + b.values(),
          a.all() + b.all(),
          a.units() + b.units(),
          a.effective() + b.effective(),
          a.weight() + b.weight(),
          a.allWeight() + b.allWeight());
    }

    /**
     * The same with the same weight in both arms, so that joined with others neither arm has more
     * of one than of another. The weight is the harmonic one of Mantel and Haenszel (1959): what
     * one arm hardly has counts hardly.
     */
    Pair balanced() {
      double weight = baseline.w() * candidate.w() / (baseline.w() + candidate.w());
      return new Pair(
          baseline.times(weight / baseline.w()),
          candidate.times(weight / candidate.w()),
          ofBaseline,
          ofCandidate);
    }

    /** Both arms' traffic. */
    double weight() {
      return ofBaseline.weight() + ofCandidate.weight();
    }
  }

  /** Candidate minus baseline. */
  public double difference() {
    return candidate - baseline;
  }

  /** Share of all (weighted) values of both arms that took part. */
  public double covered() {
    double all = ofBaseline.allWeight() + ofCandidate.allWeight();
    return all > 0 ? Math.min(1, (ofBaseline.weight() + ofCandidate.weight()) / all) : 0;
  }

  /** As many units of equal weight, of both arms, would tell as much. */
  double effective() {
    return ofBaseline.effective() + ofCandidate.effective();
  }

  /** Whether a number is no more than the rounding of sums that are as large as these. */
  static boolean isRounding(double number, double one, double other) {
    return Math.abs(number) <= Moments.ROUNDING * Math.max(Math.abs(one), Math.abs(other));
  }

  /**
   * The same with the variance of {@code difference - share x baseline}: what a limit relative to
   * the baseline is held against, because the baseline is an estimate, too.
   */
  Effect against(double share) {
    double against = variance - 2 * share * covariance + share * share * baselineVariance;
    return new Effect(
        baseline,
        candidate,
        Math.max(0, against),
        baselineVariance,
        covariance,
        ofBaseline,
        ofCandidate,
        isShared);
  }

  /** The same of arms that had other values beside, which took no part. */
  public Effect of(Moments allOfBaseline, Moments allOfCandidate) {
    return new Effect(
        baseline,
        candidate,
        variance,
        baselineVariance,
        covariance,
        ofBaseline.of(allOfBaseline),
        ofCandidate.of(allOfCandidate),
        isShared);
  }

  /**
   * Post-stratification (Miratrix, Sekhon and Yu 2013): the difference within each stratum,
   * weighted by the stratum's share of both arms' traffic. Strata with too few values in one arm
   * are joined: the hours of a group first, then small groups, each with the same weight in both
   * arms. Which are joined depends on counts and never on values. What one arm alone had is never
   * compared: it is left out, and lowers {@link #covered}.
   */
  public static Effect adjusted(TwoArms arms) {
    Moments allOfBaseline = TwoArms.total(arms.baseline());
    Moments allOfCandidate = TwoArms.total(arms.candidate());
    List<Pair> pairs = pairs(arms);
    if (pairs.isEmpty()) {
      return new Effect(
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          Taken.nothing(allOfBaseline),
          Taken.nothing(allOfCandidate),
          isShared(arms));
    }
    Mean baseline = mean(pairs, Pair::baseline, Pair::ofBaseline);
    Mean candidate = mean(pairs, Pair::candidate, Pair::ofCandidate);
    double leastOfBaseline = baseline.leastVariance(arms.dimension());
    double leastOfCandidate = candidate.leastVariance(arms.dimension());
    double baselineVariance = Math.max(baseline.variance, leastOfBaseline);
    return new Effect(
        baseline.mean,
        candidate.mean,
        Math.max(baseline.variance + candidate.variance, leastOfBaseline + leastOfCandidate),
        baselineVariance,
        -baselineVariance,
        baseline.taken.of(allOfBaseline),
        candidate.taken.of(allOfCandidate),
        true);
  }

  /** One arm over the common mix. */
  private record Mean(double mean, double variance, Taken taken) {
    double leastVariance(Dimension dimension) {
      return Effect.leastVariance(dimension, mean, taken);
    }
  }

  private static Mean mean(
      List<Pair> pairs, Function<Pair, Moments> arm, Function<Pair, Taken> traffic) {
    double all = 0;
    for (Pair pair : pairs) {
      all += pair.weight();
    }
    double mean = 0;
    double variance = 0;
    double perEffective = 0;
    double weight = 0;
    long values = 0;
    long units = 0;
    for (Pair pair : pairs) {
      Moments sums = arm.apply(pair);
      double share = pair.weight() / all;
      mean += share * sums.mean();
      variance += share * share * sums.varianceOfMean();
      perEffective += share * share / sums.effectiveSize();
      weight += traffic.apply(pair).weight();
      values += sums.n();
      units += sums.units();
    }
    return new Mean(
        mean, variance, new Taken(values, values, units, 1 / perEffective, weight, weight));
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
        Math.max(least, variance),
        ofBaseline,
        // The candidate is the sum of both, case by case.
        (candidate.varianceOfMean() - ofBaseline - variance) / 2,
        Taken.whole(baseline),
        Taken.whole(candidate),
        differences.n() > 0);
  }

  private static boolean isShared(TwoArms arms) {
    return !Collections.disjoint(groups(arms.baseline()), groups(arms.candidate()));
  }

  private static Set<String> groups(SortedMap<Stratum, Moments> arm) {
    return weighted(arm).keySet().stream().map(Stratum::group).collect(Collectors.toSet());
  }

  private static List<Pair> pairs(TwoArms arms) {
    SortedMap<String, SortedMap<Integer, Pair>> byGroup = new TreeMap<>();
    weighted(arms.baseline())
        .forEach((stratum, sums) -> put(byGroup, stratum, Pair.of(sums, Moments.NONE)));
    weighted(arms.candidate())
        .forEach((stratum, sums) -> put(byGroup, stratum, Pair.of(Moments.NONE, sums)));
    List<Pair> pairs = new ArrayList<>();
    Pair small = Pair.NONE;
    for (SortedMap<Integer, Pair> hours : byGroup.values()) {
      Pair rest = Pair.NONE;
      for (Pair hour : hours.values()) {
        if (hour.isEnough()) {
          pairs.add(hour);
        } else {
          rest = rest.plus(hour);
        }
      }
      if (rest.isEnough()) {
        pairs.add(rest);
      } else if (rest.isShared()) {
        small = small.plus(rest.balanced());
      }
    }
    if (small.isEnough()) {
      pairs.add(small);
    }
    return pairs;
  }

  /** Without strata whose values have no weight, which would count and say nothing. */
  private static SortedMap<Stratum, Moments> weighted(SortedMap<Stratum, Moments> arm) {
    SortedMap<Stratum, Moments> weighted = new TreeMap<>(arm);
    weighted.values().removeIf(sums -> sums.w() == 0);
    return weighted;
  }

  private static void put(
      SortedMap<String, SortedMap<Integer, Pair>> byGroup, Stratum stratum, Pair pair) {
    byGroup
        .computeIfAbsent(stratum.group(), unused -> new TreeMap<>())
        .merge(stratum.hour(), pair, Pair::plus);
  }

  /**
   * The least variance that an arm's mean is taken to have. An arm that never saw a rare event
   * would have none at all; one success and one failure more (Agresti and Caffo 2000) keeps it
   * honest, and scores that are all the same are taken for such an arm. Where values belong
   * together it is one unit more of each for an arm without any event, since one unit may have all
   * there are, and else no less than if the values of a unit were not alike.
   *
   * @param taken what the mean is of
   */
  static double leastVariance(Dimension dimension, double mean, Taken taken) {
    double units = taken.effective() + 2;
    return switch (dimension.kind()) {
      case AMOUNT -> 0;
      case SHARE -> {
        double alike = taken.units() == 0 ? 1 : (double) taken.values() / taken.units();
        double values = alike * taken.effective();
        yield Math.max(ofShare(mean, values), alike == 1 ? 0 : ofShare(0, taken.effective()));
      }
      case SCORE -> 1 / (units * units);
    };
  }

  private static double ofShare(double mean, double values) {
    double n = values + 2;
    double share = (mean * values + 1) / n;
    return share * (1 - share) / n;
  }
}
