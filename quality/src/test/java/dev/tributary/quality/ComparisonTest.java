package dev.tributary.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a finding claims, and with which right. */
class ComparisonTest {
  private static final Stratum ALL = new Stratum("w", 0);
  private static final Dimension COST =
      new Dimension("cost_per_call", Dimension.Kind.AMOUNT, Dimension.Good.LOWER);
  private static final Dimension TOKENS =
      new Dimension("output_tokens", Dimension.Kind.AMOUNT, Dimension.Good.NEITHER);
  private static final Dimension SCORE =
      new Dimension("score.x", Dimension.Kind.SCORE, Dimension.Good.HIGHER);

  /**
   * Ten dimensions that may each be wrong with alpha would be wrong together ten times as often.
   */
  @Test
  void eachDimension_hasItsShareOfAlpha() {
    List<Finding> two =
        Comparison.LIVE.of(List.of(arms(COST, spread(10, 1)), arms(TOKENS, spread(10, 1))));
    Finding alone = Comparison.LIVE.of(List.of(arms(COST, spread(10, 1)))).get(0);

    assertThat(two).extracting(Finding::level).containsExactly(0.025, 0.025);
    assertThat(alone.level()).isEqualTo(0.05);
    assertThat(two.get(0).high() - two.get(0).low()).isGreaterThan(alone.high() - alone.low());
  }

  @Test
  void verdict_isThatOfTheDimensionsGoodSide() {
    assertThat(verdict(COST, spread(12, 1))).isEqualTo(Verdict.WORSE);
    assertThat(verdict(COST, spread(8, 1))).isEqualTo(Verdict.BETTER);
    assertThat(verdict(SCORE, spread(12, 1))).isEqualTo(Verdict.BETTER);
    assertThat(verdict(SCORE, spread(8, 1))).isEqualTo(Verdict.WORSE);
    assertThat(verdict(TOKENS, spread(12, 1))).isEqualTo(Verdict.DIFFERENT);
    assertThat(verdict(TOKENS, spread(8, 1))).isEqualTo(Verdict.DIFFERENT);
    assertThat(verdict(COST, spread(10, 1))).isEqualTo(Verdict.NO_DIFFERENCE_SHOWN);
  }

  /**
   * A few values that stand for nearly all are few, in either arm, however many lie beside them.
   */
  @Test
  void unequalWeights_countAsTheEqualOnesTheyAreWorth() {
    Moments many = Moments.NONE;
    Moments few = Moments.NONE;
    for (int i = 0; i < 400; i++) {
      many = many.plus(Moments.of(i % 2, 1));
      few = few.plus(Moments.of(i % 2, i < 20 ? 0.001 : 1));
    }
    assertThat(few.effectiveSize()).isCloseTo(20.8, within(0.1));

    assertThat(verdict(TwoArms.of(COST, Map.of(ALL, many), Map.of(ALL, many))))
        .isEqualTo(Verdict.NO_DIFFERENCE_SHOWN);
    assertThat(verdict(TwoArms.of(COST, Map.of(ALL, many), Map.of(ALL, few))))
        .isEqualTo(Verdict.TOO_LITTLE_DATA);
    assertThat(verdict(TwoArms.of(COST, Map.of(ALL, few), Map.of(ALL, many))))
        .isEqualTo(Verdict.TOO_LITTLE_DATA);
    GatePolicy own =
        new GatePolicy(
            Comparison.LIVE,
            GatePolicy.Undecided.WAIT,
            List.of(new GateRule(COST.name(), null, 100.0, null)));
    assertThat(
            Gate.decide(
                    own,
                    Map.of(
                        COST.name(),
                        GateArms.live(TwoArms.of(COST, Map.of(ALL, many), Map.of(ALL, few)))))
                .outcome())
        .isEqualTo(GateOutcome.NOT_ENOUGH_DATA);
  }

  /** An interval that ends at 0 holds 0. */
  @Test
  void armsThatAreExactlyEqual_showNoDifference_whicheverSideIsGood() {
    Moments same = Moments.unweighted(200, 200, 200);
    for (Dimension dimension : List.of(COST, TOKENS)) {
      TwoArms arms = TwoArms.of(dimension, Map.of(ALL, same), Map.of(ALL, same));
      Finding finding = Comparison.LIVE.of(List.of(arms)).get(0);

      assertThat(finding.high() - finding.low()).isZero();
      assertThat(finding.verdict()).isEqualTo(Verdict.NO_DIFFERENCE_SHOWN);
    }
  }

  /** As many as are enough are enough to say that there is nothing in common; one less is not. */
  @Test
  void nothingInCommon_isSaidOfEnoughValuesInEachArm() {
    assertThat(apart(100, 100)).isEqualTo(Verdict.NOTHING_IN_COMMON);
    assertThat(apart(99, 100)).isEqualTo(Verdict.TOO_LITTLE_DATA);
    assertThat(apart(100, 99)).isEqualTo(Verdict.TOO_LITTLE_DATA);
  }

  private static Verdict apart(int baseline, int candidate) {
    return verdict(
        TwoArms.of(
            COST,
            Map.of(ALL, Moments.unweighted(baseline, baseline, baseline)),
            Map.of(new Stratum("v", 0), Moments.unweighted(candidate, candidate, candidate))));
  }

  /** With fewer shares than dimensions, alpha would be more than was promised. */
  @Test
  void fewerSharesThanDimensions_areRefused() {
    List<TwoArms> two = List.of(arms(COST, spread(10, 1)), arms(TOKENS, spread(10, 1)));

    assertThat(Comparison.LIVE.of(two, 2)).hasSize(2);
    assertThatThrownBy(() -> Comparison.LIVE.of(two, 1))
        .hasMessage("2 dimensions cannot have 1 shares");
  }

  private static Verdict verdict(Dimension dimension, Moments candidate) {
    return verdict(arms(dimension, candidate));
  }

  private static Verdict verdict(TwoArms arms) {
    return Comparison.LIVE.of(List.of(arms)).get(0).verdict();
  }

  private static TwoArms arms(Dimension dimension, Moments candidate) {
    return TwoArms.of(dimension, Map.of(ALL, spread(10, 1)), Map.of(ALL, candidate));
  }

  /** A thousand values, half of them so much below the mean and half above. */
  private static Moments spread(double mean, double by) {
    int n = 1_000;
    return Moments.unweighted(n, n * mean, n * (mean * mean + by * by));
  }
}
