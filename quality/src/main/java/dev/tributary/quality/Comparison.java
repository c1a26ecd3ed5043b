package dev.tributary.quality;

import java.util.ArrayList;
import java.util.List;

/**
 * Compares two arms in all dimensions. The probability that any of the verdicts ever claims a
 * difference that is none, over all dimensions and all looks, is at most alpha: each dimension has
 * its even share of it (Bonferroni), so every interval agrees with its verdict.
 *
 * @param alpha of the family, in (0, 1)
 * @param least values that each arm needs, of equal weight; below it nothing is said, because all
 *     is asymptotic
 * @param reading how often the numbers are looked at
 */
public record Comparison(double alpha, int least, Reading reading) {

  /** How often one looks. */
  public enum Reading {
    /** As often as one likes, and stops when one likes. */
    ANY_TIME,
    /** Once, at a number of values that was fixed before. */
    ONCE
  }

  /** 5 % for the family, 100 values in each arm, at any time. */
  public static final Comparison LIVE = new Comparison(0.05, 100, Reading.ANY_TIME);

  public Comparison {
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException("alpha must be in (0, 1): " + alpha);
    }
    if (least < 2) {
      throw new IllegalArgumentException("an arm needs 2 values at least: " + least);
    }
  }

  /** A finding for each dimension, in the order given. */
  public List<Finding> of(List<TwoArms> dimensions) {
    List<Finding> findings = new ArrayList<>(dimensions.size());
    for (TwoArms arms : dimensions) {
      findings.add(
          finding(
              arms.dimension(),
              TwoArms.total(arms.baseline()),
              TwoArms.total(arms.candidate()),
              Effect.adjusted(arms),
              alpha / dimensions.size()));
    }
    return findings;
  }

  /**
   * A finding from an effect that was worked out elsewhere, such as one of paired cases.
   *
   * @param level the dimension's share of alpha
   */
  public Finding finding(
      Dimension dimension, Moments baseline, Moments candidate, Effect effect, double level) {
    boolean isEnough =
        baseline.effectiveSize() >= least
            && candidate.effectiveSize() >= least
            && Double.isFinite(effect.variance());
    double margin = isEnough ? margin(effect, level) : Double.NaN;
    double low = effect.difference() - margin;
    double high = effect.difference() + margin;
    Verdict verdict = isEnough ? verdict(dimension, low, high) : Verdict.TOO_LITTLE_DATA;
    return new Finding(
        dimension,
        verdict,
        effect.baseline(),
        effect.candidate(),
        low,
        high,
        level,
        baseline.n(),
        candidate.n(),
        effect.covered());
  }

  private double margin(Effect effect, double level) {
    double standardError = Math.sqrt(effect.variance());
    return reading == Reading.ANY_TIME
        ? ConfidenceSequence.margin(standardError, effect.values(), level)
        : standardError * Normal.quantile(1 - level / 2);
  }

  private static Verdict verdict(Dimension dimension, double low, double high) {
    if (low <= 0 && high >= 0) {
      return Verdict.NO_DIFFERENCE_SHOWN;
    }
    return switch (dimension.good()) {
      case NEITHER -> Verdict.DIFFERENT;
      case HIGHER -> low > 0 ? Verdict.BETTER : Verdict.WORSE;
      case LOWER -> high < 0 ? Verdict.BETTER : Verdict.WORSE;
    };
  }
}
