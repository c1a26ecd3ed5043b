package dev.tributary.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final Dimension SCORE =
      new Dimension("score.faithfulness", Dimension.Kind.SCORE, Dimension.Good.HIGHER);
  private static final Dimension LENGTH =
      new Dimension("length_share", Dimension.Kind.SHARE, Dimension.Good.LOWER);
  private static final GateRule KEEPS_FAITH =
      new GateRule("score.faithfulness", new GateRule.Change(false, 0.03, false), null, null);

  @Test
  void candidateThatIsAsGood_passes_withEnoughCases() {
    assertThat(decide(policy(KEEPS_FAITH), 2_000, 0.9, 0.9).outcome()).isEqualTo(GateOutcome.PASS);
  }

  @Test
  void candidateThatIsWorse_fails() {
    GateResult result = decide(policy(KEEPS_FAITH), 2_000, 0.9, 0.7);

    assertThat(result.outcome()).isEqualTo(GateOutcome.FAIL);
    assertThat(result.checks())
        .singleElement()
        .satisfies(
            check -> {
              assertThat(check.limit()).isEqualTo("may fall by 0.03");
              assertThat(check.reason()).contains("0.03 are allowed");
            });
  }

  /** As good, but too few cases say so; and too few at all. */
  @Test
  void fewCases_doNotDecide() {
    assertThat(decide(policy(KEEPS_FAITH), 120, 0.9, 0.9).outcome())
        .isEqualTo(GateOutcome.NOT_ENOUGH_DATA);
    GateResult none = decide(policy(KEEPS_FAITH), 20, 0.9, 0.2);
    assertThat(none.outcome()).isEqualTo(GateOutcome.NOT_ENOUGH_DATA);
    assertThat(none.checks().get(0).reason()).contains("20 values against 20", "needs 50");
  }

  @Test
  void undecided_isWhatThePolicySays() {
    for (GatePolicy.Undecided undecided : GatePolicy.Undecided.values()) {
      GatePolicy policy =
          new GatePolicy(policy(KEEPS_FAITH).comparison(), undecided, List.of(KEEPS_FAITH));
      assertThat(decide(policy, 120, 0.9, 0.9).outcome().name())
          .isEqualTo(
              switch (undecided) {
                case WAIT -> "NOT_ENOUGH_DATA";
                case PASS -> "PASS";
                case FAIL -> "FAIL";
              });
    }
  }

  @Test
  void breach_outweighsWhatIsUndecided() {
    GateRule unknown = new GateRule("score.style", null, null, 0.5);

    assertThat(decide(policy(unknown, KEEPS_FAITH), 2_000, 0.9, 0.7).outcome())
        .isEqualTo(GateOutcome.FAIL);
    assertThat(decide(policy(unknown, KEEPS_FAITH), 2_000, 0.9, 0.9).outcome())
        .isEqualTo(GateOutcome.NOT_ENOUGH_DATA);
    assertThat(decide(policy(KEEPS_FAITH, unknown), 2_000, 0.9, 0.7).outcome())
        .isEqualTo(GateOutcome.FAIL);
  }

  @Test
  void ownLimits_areOfTheCandidate() {
    GateRule short_ = new GateRule("length_share", null, 0.05, null);
    Map<String, GateArms> arms =
        Map.of("length_share", GateArms.live(shares(LENGTH, 3_000, 0.5, 0.02)));

    assertThat(Gate.decide(policy(short_), arms).outcome()).isEqualTo(GateOutcome.PASS);
    assertThat(Gate.decide(policy(new GateRule("length_share", null, 0.01, null)), arms).outcome())
        .isEqualTo(GateOutcome.FAIL);
    assertThat(Gate.decide(policy(new GateRule("length_share", null, null, 0.2)), arms).outcome())
        .isEqualTo(GateOutcome.FAIL);
    assertThat(Gate.decide(policy(new GateRule("length_share", null, 0.021, null)), arms).outcome())
        .isEqualTo(GateOutcome.NOT_ENOUGH_DATA);
  }

  @Test
  void relativeLimit_isAShareOfTheBaseline() {
    GateRule fifth = new GateRule("length_share", new GateRule.Change(true, 0.5, true), null, null);

    assertThat(
            Gate.decide(
                    policy(fifth),
                    Map.of("length_share", GateArms.live(shares(LENGTH, 4_000, 0.2, 0.25))))
                .outcome())
        .isEqualTo(GateOutcome.PASS);
    assertThat(
            Gate.decide(
                    policy(fifth),
                    Map.of("length_share", GateArms.live(shares(LENGTH, 4_000, 0.2, 0.4))))
                .outcome())
        .isEqualTo(GateOutcome.FAIL);
  }

  /** Breaking the limit by nothing at all is the hardest case: it passes in alpha of all runs. */
  @Test
  void candidateAtTheLimit_seldomPasses() {
    int passes = 0;
    int runs = 400;
    SplittableRandom random = new SplittableRandom(23);
    for (int run = 0; run < runs; run++) {
      Map<Stratum, Moments> a = Map.of(new Stratum("w", 0), draws(random, 600, 0.80));
      Map<Stratum, Moments> b = Map.of(new Stratum("w", 0), draws(random, 600, 0.77));
      GateResult result =
          Gate.decide(
              policy(KEEPS_FAITH), Map.of(SCORE.name(), GateArms.live(TwoArms.of(SCORE, a, b))));
      passes += result.outcome() == GateOutcome.PASS ? 1 : 0;
    }
    assertThat(passes / (double) runs).as("seed 23").isLessThanOrEqualTo(0.05);
  }

  @Test
  void policyWithoutRules_andRuleWithoutLimit_areRefused() {
    assertThatThrownBy(() -> policy()).hasMessageContaining("needs a rule");
    assertThatThrownBy(() -> new GateRule("x", null, null, null))
        .hasMessageContaining("needs a limit");
    assertThatThrownBy(() -> new GateRule.Change(true, -1, false))
        .hasMessageContaining("must not be negative");
  }

  private static GatePolicy policy(GateRule... rules) {
    return new GatePolicy(
        new Comparison(0.05, 50, Comparison.Reading.ONCE),
        GatePolicy.Undecided.WAIT,
        List.of(rules));
  }

  private static GateResult decide(GatePolicy policy, int n, double baseline, double candidate) {
    return Gate.decide(
        policy, Map.of(SCORE.name(), GateArms.live(shares(SCORE, n, baseline, candidate))));
  }

  /** So many values in each arm, exactly this share of them 1. */
  private static TwoArms shares(Dimension dimension, int n, double baseline, double candidate) {
    Stratum all = new Stratum("w", 0);
    return TwoArms.of(
        dimension,
        Map.of(all, Moments.unweighted(n, n * baseline, n * baseline)),
        Map.of(all, Moments.unweighted(n, n * candidate, n * candidate)));
  }

  private static Moments draws(SplittableRandom random, int n, double share) {
    Moments sum = Moments.NONE;
    for (int i = 0; i < n; i++) {
      sum = sum.plus(Moments.of(random.nextDouble() < share ? 1 : 0));
    }
    return sum;
  }
}
