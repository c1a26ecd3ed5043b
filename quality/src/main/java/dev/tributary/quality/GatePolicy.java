package dev.tributary.quality;

import java.util.List;

/**
 * When a candidate may be released.
 *
 * @param comparison level of the family, least numbers, and how often one looks
 * @param undecided what to do where the data neither show that a limit is kept nor that it is not
 * @param rules in the order of the report
 */
public record GatePolicy(Comparison comparison, Undecided undecided, List<GateRule> rules) {

  /** Answers to a rule that the data do not decide. */
  public enum Undecided {
    /** Say so: code 2. */
    WAIT,
    /** Release: only a shown breach holds it, or that the candidate has no values at all. */
    PASS,
    /** Hold: only shown harmlessness releases. */
    FAIL
  }

  public GatePolicy {
    if (rules.isEmpty()) {
      throw new IllegalArgumentException("a policy needs a rule");
    }
    rules = List.copyOf(rules);
  }

  /** Each statement's share of alpha. */
  double level() {
    return comparison.alpha() / rules.stream().mapToInt(GateRule::statements).sum();
  }
}
