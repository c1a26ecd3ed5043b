package dev.tributary.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides on a release. A limit is kept where the whole interval keeps it, and broken where none of
 * the interval does (non-inferiority); in between the data do not decide. The probability that a
 * candidate which breaks any limit passes is at most the policy's alpha, over all its rules; where
 * the policy lets pass what is undecided, it is that of a candidate which keeps all to fail.
 */
public final class Gate {
  private Gate() {}

  /**
   * Checks every rule.
   *
   * @param dimensions by name; one that is absent has no values
   */
  public static GateResult decide(GatePolicy policy, Map<String, GateArms> dimensions) {
    List<GateCheck> checks = new ArrayList<>();
    for (GateRule rule : policy.rules()) {
      GateArms arms = dimensions.get(rule.dimension());
      GateRule.Change change = rule.change();
      if (change != null) {
        checks.add(change(policy, rule.dimension(), change, arms));
      }
      Double atMost = rule.atMost();
      if (atMost != null) {
        checks.add(own(policy, rule.dimension(), true, atMost, arms));
      }
      Double atLeast = rule.atLeast();
      if (atLeast != null) {
        checks.add(own(policy, rule.dimension(), false, atLeast, arms));
      }
    }
    return new GateResult(outcome(policy, checks), checks);
  }

  private static GateOutcome outcome(GatePolicy policy, List<GateCheck> checks) {
    if (policy.undecided() != GatePolicy.Undecided.FAIL
        && checks.stream().noneMatch(Gate::hasCandidate)) {
      // Nothing is not undecided: what the policy lets pass is something, and here is nothing.
      return GateOutcome.NOT_ENOUGH_DATA;
    }
    GateOutcome all = GateOutcome.PASS;
    for (GateCheck check : checks) {
      GateOutcome one = check.outcome();
      if (one == GateOutcome.NOT_ENOUGH_DATA) {
        one =
            switch (policy.undecided()) {
              case WAIT -> GateOutcome.NOT_ENOUGH_DATA;
              case PASS -> GateOutcome.PASS;
              case FAIL -> GateOutcome.FAIL;
            };
      }
      if (one == GateOutcome.FAIL || all == GateOutcome.PASS) {
        all = one;
      }
    }
    return all;
  }

  private static boolean hasCandidate(GateCheck check) {
    Taken candidate = check.ofCandidate();
    return candidate != null && candidate.all() > 0;
  }

  private static GateCheck change(
      GatePolicy policy, String dimension, GateRule.Change change, @Nullable GateArms arms) {
    String limit =
        "may %s by %s"
            .formatted(
                change.isIncrease() ? "rise" : "fall",
                change.isRelative() ? number(100 * change.by()) + " %" : number(change.by()));
    if (arms == null) {
      return missing(dimension, limit);
    }
    Comparison comparison = policy.comparison();
    Finding finding = comparison.finding(arms.dimension(), arms.effect(), policy.level());
    if (finding.verdict() == Verdict.NOTHING_IN_COMMON
        || finding.verdict() == Verdict.TOO_LITTLE_DATA) {
      return undecided(policy, dimension, limit, finding);
    }
    Finding against =
        comparison.finding(arms.dimension(), arms.effect().against(change.share()), policy.level());
    Interval interval =
        change.isIncrease()
            ? new Interval(against.difference(), against.low(), against.high())
            : new Interval(-against.difference(), -against.high(), -against.low());
    double allowed = change.margin(finding.baseline());
    String found = found(change.isIncrease(), interval) + "; " + number(allowed) + " are allowed";
    double scale = Math.max(Math.abs(finding.baseline()), Math.abs(finding.candidate()));
    return new GateCheck(
        dimension,
        limit,
        against(interval, allowed, scale),
        finding.ofBaseline(),
        finding.ofCandidate(),
        interval,
        found);
  }

  /** A rise by less than nothing is a fall, and is told as one. */
  private static String found(boolean isIncrease, Interval of) {
    boolean isOpposite = of.estimate() < 0;
    Interval shown = isOpposite ? new Interval(-of.estimate(), -of.high(), -of.low()) : of;
    return "%s by %s, between %s and %s"
        .formatted(
            isIncrease == isOpposite ? "falls" : "rises",
            number(shown.estimate()),
            number(shown.low()),
            number(shown.high()));
  }

  private static GateCheck notEnough(
      String dimension, String words, Taken candidate, String reason) {
    return new GateCheck(
        dimension, words, GateOutcome.NOT_ENOUGH_DATA, null, candidate, null, reason);
  }

  /** The candidate's own mean against a limit. */
  private static GateCheck own(
      GatePolicy policy, String dimension, boolean isUpper, double limit, @Nullable GateArms arms) {
    String words = (isUpper ? "at most " : "at least ") + number(limit);
    if (arms == null) {
      return missing(dimension, words);
    }
    Moments candidate = arms.candidate();
    Comparison comparison = policy.comparison();
    Taken taken = Taken.whole(candidate);
    if (taken.all() == 0) {
      return notEnough(dimension, words, taken, "no values of the candidate");
    }
    if (!comparison.isEnough(taken.effective())) {
      return notEnough(
          dimension,
          words,
          taken,
          "%d values%s; the candidate needs %d of equal weight"
              .formatted(taken.values(), worth(taken), comparison.least()));
    }
    Interval interval = ownInterval(comparison, arms, policy.level());
    GateOutcome outcome =
        isUpper
            ? against(interval, limit, interval.estimate())
            : against(
                new Interval(-interval.estimate(), -interval.high(), -interval.low()),
                -limit,
                interval.estimate());
    String found =
        "is %s, between %s and %s"
            .formatted(
                number(interval.estimate()), number(interval.low()), number(interval.high()));
    return new GateCheck(dimension, words, outcome, null, taken, interval, found);
  }

  private static Interval ownInterval(Comparison comparison, GateArms arms, double level) {
    Moments values = arms.candidate();
    double mean = values.mean();
    if (arms.dimension().kind() == Dimension.Kind.SHARE
        && comparison.reading() == Comparison.Reading.ONCE) {
      double n = shareSize(values);
      return Interval.wilson(Math.min(n, Math.max(0, mean * n)), n, level);
    }
    double effective = values.effectiveSize();
    double least = Effect.leastVariance(arms.dimension(), mean, Taken.whole(values));
    double error = Math.sqrt(Math.max(values.varianceOfMean(), least));
    double half = comparison.margin(error, effective, level);
    return new Interval(mean, mean - half, mean + half);
  }

  /** As many independent values of equal weight would tell as much of a share. */
  private static double shareSize(Moments values) {
    double units = values.effectiveSize();
    double variance = values.varianceOfMean();
    if (values.units() == values.n() || variance == 0) {
      return units;
    }
    double mean = values.mean();
    // Korn and Graubard (1998): what the share's variance would be over what it is.
    return Math.min(units * values.n() / values.units(), mean * (1 - mean) / variance);
  }

  /**
   * Whether an interval keeps to a limit. What is at it is within it, however its sums are rounded.
   *
   * @param scale of the sums that the interval's ends were made of
   */
  private static GateOutcome against(Interval interval, double limit, double scale) {
    if (interval.high() <= limit || Effect.isRounding(interval.high() - limit, limit, scale)) {
      return GateOutcome.PASS;
    }
    return interval.low() > limit && !Effect.isRounding(interval.low() - limit, limit, scale)
        ? GateOutcome.FAIL
        : GateOutcome.NOT_ENOUGH_DATA;
  }

  private static GateCheck missing(String dimension, String limit) {
    return new GateCheck(
        dimension, limit, GateOutcome.NOT_ENOUGH_DATA, null, null, null, "no values in either arm");
  }

  private static GateCheck undecided(
      GatePolicy policy, String dimension, String limit, Finding finding) {
    return new GateCheck(
        dimension,
        limit,
        GateOutcome.NOT_ENOUGH_DATA,
        finding.ofBaseline(),
        finding.ofCandidate(),
        null,
        lack(policy, finding));
  }

  private static String lack(GatePolicy policy, Finding finding) {
    Taken candidate = finding.ofCandidate();
    Taken baseline = finding.ofBaseline();
    if (candidate.all() == 0 || baseline.all() == 0) {
      return "no values of the " + (candidate.all() == 0 ? "candidate" : "baseline");
    }
    return finding.verdict() == Verdict.NOTHING_IN_COMMON
        ? "nothing in common: each arm had other traffic, and that is never compared"
        : "%d values%s against %d%s; each arm needs %d of equal weight"
            .formatted(
                candidate.values(),
                worth(candidate),
                baseline.values(),
                worth(baseline),
                policy.comparison().least());
  }

  /** How many values of equal weight they are worth, where that is fewer. */
  private static String worth(Taken taken) {
    long effective = Math.round(taken.effective());
    return effective >= taken.values() ? "" : " (worth " + effective + ")";
  }

  /** Four digits that count. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return "unknown";
    }
    return new java.math.BigDecimal(String.format(Locale.ROOT, "%.3e", value))
        .stripTrailingZeros()
        .toPlainString();
  }
}
