package dev.tributary.quality;

import java.util.ArrayList;
import java.util.List;

/**
 * Compares two arms in all dimensions. The probability that any of the verdicts ever claims a
 * difference that is none, over all dimensions and all looks, is at most alpha: each dimension has
 * its even share of it (Bonferroni), so every interval agrees with its verdict. A dimension that
 * nobody reckoned with when there was something to say already makes every share smaller from then
 * on; what the larger ones before may have claimed is what it may add to alpha.
 *
 * @param alpha of the family, in (0, 1)
 * @param least values that each arm needs among those that are compared, of equal weight; below it
 *     nothing is said, because all is asymptotic
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

  /** A finding for each dimension, in the order given, where there will be no others. */
  public List<Finding> of(List<TwoArms> dimensions) {
    return of(dimensions, dimensions.size());
  }

  /**
   * A finding for each dimension, in the order given.
   *
   * @param shares in how many alpha is divided: of these dimensions, and of those that may yet come
   * @throws IllegalArgumentException where there are fewer shares than dimensions
   */
  public List<Finding> of(List<TwoArms> dimensions, int shares) {
    if (shares < dimensions.size()) {
      throw new IllegalArgumentException(
          dimensions.size() + " dimensions cannot have " + shares + " shares");
    }
    List<Finding> findings = new ArrayList<>(dimensions.size());
    for (TwoArms arms : dimensions) {
      findings.add(finding(arms.dimension(), Effect.adjusted(arms), alpha / shares));
    }
    return findings;
  }

  /**
   * A finding from an effect that was worked out elsewhere, such as one of paired cases.
   *
   * @param level the dimension's share of alpha
   */
  public Finding finding(Dimension dimension, Effect effect, double level) {
    Taken ofBaseline = effect.ofBaseline();
    Taken ofCandidate = effect.ofCandidate();
    boolean isEnough =
        isEnough(ofBaseline.effective())
            && isEnough(ofCandidate.effective())
            && Double.isFinite(effect.variance());
    double margin =
        isEnough ? margin(Math.sqrt(effect.variance()), effect.effective(), level) : Double.NaN;
    double low = effect.difference() - margin;
    double high = effect.difference() + margin;
    Verdict verdict;
    if (isEnough) {
      verdict = verdict(dimension, low, high);
    } else {
      boolean sharesNothing =
          !effect.isShared() && ofBaseline.all() >= least && ofCandidate.all() >= least;
      verdict = sharesNothing ? Verdict.NOTHING_IN_COMMON : Verdict.TOO_LITTLE_DATA;
    }
    return new Finding(
        dimension,
        verdict,
        effect.baseline(),
        effect.candidate(),
        low,
        high,
        level,
        ofBaseline,
        ofCandidate,
        effect.covered());
  }

  /** Whether values that are worth so many of equal weight are enough to say anything. */
  boolean isEnough(double effective) {
    // The sums of weights are rounded; so many values of equal weight are so many.
    return effective >= least * (1 - Moments.ROUNDING);
  }

  /** Half the width of an interval. */
  double margin(double standardError, double effective, double level) {
    return reading == Reading.ANY_TIME
        ? ConfidenceSequence.margin(standardError, effective, level)
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
