package dev.tributary.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EffectTest {
  private static final Dimension COST =
      new Dimension("cost", Dimension.Kind.AMOUNT, Dimension.Good.LOWER);
  private static final Dimension SHARE =
      new Dimension("share", Dimension.Kind.SHARE, Dimension.Good.LOWER);

  /** Simpson's paradox: in both workspaces the candidate costs half, and on the whole more. */
  @Test
  void adjusted_mixThatHidesASaving_showsIt() {
    Map<Stratum, Moments> baseline =
        Map.of(stratum("cheap", 1), same(90, 1), stratum("dear", 1), same(10, 100));
    Map<Stratum, Moments> candidate =
        Map.of(stratum("cheap", 1), same(10, 0.5), stratum("dear", 1), same(90, 50));

    Effect effect = Effect.adjusted(TwoArms.of(COST, baseline, candidate));

    // Both workspaces have half of all calls.
    assertThat(effect.baseline()).isEqualTo(50.5);
    assertThat(effect.candidate()).isEqualTo(25.25);
    assertThat(effect.covered()).isEqualTo(1);
    assertThat(effect.ofBaseline().values()).isEqualTo(100);
    assertThat(effect.ofCandidate().values()).isEqualTo(100);
    assertThat(effect.variance()).isZero();
  }

  @Test
  void adjusted_thinHours_areJoinedInTheirWorkspace_thinWorkspacesWithEachOther() {
    Map<Stratum, Moments> baseline = new HashMap<>();
    Map<Stratum, Moments> candidate = new HashMap<>();
    for (int hour = 0; hour < 10; hour++) {
      baseline.put(stratum("thin-hours", hour), same(1, 2));
      candidate.put(stratum("thin-hours", 10 + hour), same(1, 3));
      baseline.put(stratum("tiny-" + hour, 0), same(1, 4));
      candidate.put(stratum("tiny-" + hour, 0), same(1, 6));
    }

    Effect effect = Effect.adjusted(TwoArms.of(COST, baseline, candidate));

    assertThat(effect.covered()).isEqualTo(1);
    assertThat(effect.difference()).isEqualTo(1.5);
  }

  @Test
  void adjusted_workspaceOfOneArm_isLeftOutAndSaid() {
    Effect effect =
        Effect.adjusted(
            TwoArms.of(
                COST,
                Map.of(stratum("both", 0), same(50, 1)),
                Map.of(stratum("both", 0), same(25, 2), stratum("new", 0), same(25, 999))));

    assertThat(effect.difference()).isEqualTo(1);
    assertThat(effect.covered()).isEqualTo(0.75);
    assertThat(effect.ofBaseline().leftOut()).isZero();
    assertThat(effect.ofCandidate().leftOut()).isEqualTo(25);
    assertThat(effect.ofCandidate().covered()).isEqualTo(0.5);
  }

  /** Each version served other customers: they are not compared as if both had served all. */
  @Test
  void adjusted_nothingInCommon_isUnknown_howeverMuchThereIs() {
    Effect effect =
        Effect.adjusted(
            TwoArms.of(
                COST,
                Map.of(stratum("a", 0), same(3_000, 1), stratum("b", 4), same(3_000, 1)),
                Map.of(stratum("c", 0), same(3_000, 2), stratum("d", 4), same(3_000, 2))));

    assertThat(effect.difference()).isNaN();
    assertThat(effect.covered()).isZero();
    assertThat(effect.ofBaseline().leftOut()).isEqualTo(6_000);
    assertThat(effect.ofCandidate().leftOut()).isEqualTo(6_000);
    assertThat(verdict(COST, effect)).isEqualTo(Verdict.NOTHING_IN_COMMON);
  }

  @Test
  void adjusted_fewOfOtherWorkspaces_areTooLittle() {
    Effect effect =
        Effect.adjusted(
            TwoArms.of(
                COST, Map.of(stratum("a", 0), same(3, 1)), Map.of(stratum("b", 0), same(300, 2))));

    assertThat(verdict(COST, effect)).isEqualTo(Verdict.TOO_LITTLE_DATA);
  }

  /** More of the same would be compared, so nobody may say that it would not. */
  @Test
  void adjusted_hardlyAnythingInCommon_isTooLittle_untilThereIsMoreOfIt() {
    Map<Stratum, Moments> baseline =
        Map.of(stratum("a", 0), same(200, 1), stratum("b", 0), same(3, 1));
    Map<Stratum, Moments> candidate =
        Map.of(stratum("c", 0), same(200, 1), stratum("b", 4), same(3, 1));

    Effect effect = Effect.adjusted(TwoArms.of(COST, baseline, candidate));

    assertThat(effect.covered()).isZero();
    assertThat(effect.isShared()).isTrue();
    assertThat(verdict(COST, effect)).isEqualTo(Verdict.TOO_LITTLE_DATA);
  }

  /** Values without weight are none, so that a group which has no others is none of the arm's. */
  @Test
  void adjusted_groupWithoutWeightInAnArm_isNotInCommon() {
    Map<Stratum, Moments> baseline =
        Map.of(stratum("a", 0), same(200, 1), stratum("b", 0), same(3, 1));
    Map<Stratum, Moments> candidate =
        Map.of(stratum("c", 0), same(200, 1), stratum("b", 0), new Moments(1, 1, 0, 0, 0, 0, 0));

    Effect effect = Effect.adjusted(TwoArms.of(COST, baseline, candidate));

    assertThat(verdict(COST, effect)).isEqualTo(Verdict.NOTHING_IN_COMMON);
  }

  /** Nearly all of one arm is of a cheap customer and nearly all of the other of a dear one. */
  @Test
  void adjusted_joinedWorkspaces_haveTheSameMixInBothArms() {
    Map<Stratum, Moments> baseline =
        Map.of(stratum("cheap", 0), same(1_000, 1), stratum("dear", 0), same(4, 100));
    Map<Stratum, Moments> candidate =
        Map.of(stratum("cheap", 0), same(4, 1), stratum("dear", 0), same(1_000, 100));

    Effect effect = Effect.adjusted(TwoArms.of(COST, baseline, candidate));

    assertThat(effect.difference()).isZero();
    assertThat(effect.covered()).isEqualTo(1);
    assertThat(effect.ofBaseline().effective()).isBetween(4.0, 20.0);
    assertThat(verdict(COST, effect)).isEqualTo(Verdict.TOO_LITTLE_DATA);
  }

  /** Few values that stand for most of the mix are few, however many lie in other strata. */
  @Test
  void adjusted_valuesThatTakePart_areWorthWhatTheirStratumWeighs() {
    Effect effect =
        Effect.adjusted(
            TwoArms.of(
                COST,
                Map.of(stratum("a", 0), same(9_900, 1), stratum("b", 0), same(50, 1)),
                Map.of(stratum("a", 0), same(5, 1), stratum("b", 0), same(5_000, 1))));

    assertThat(effect.ofCandidate().values()).isEqualTo(5_005);
    assertThat(effect.ofCandidate().effective()).isBetween(5.0, 15.0);
    assertThat(verdict(COST, effect)).isEqualTo(Verdict.TOO_LITTLE_DATA);
  }

  @Test
  void adjusted_valuesWithoutWeight_takeNoPart() {
    Moments weightless = new Moments(1_000, 1_000, 0, 0, 0, 0, 0);
    Effect effect =
        Effect.adjusted(
            TwoArms.of(
                SHARE,
                Map.of(stratum("a", 0), same(500, 0), stratum("b", 0), weightless),
                Map.of(stratum("a", 0), same(50, 0), stratum("b", 0), weightless)));

    assertThat(effect.difference()).isZero();
    assertThat(effect.ofCandidate().values()).isEqualTo(50);
    assertThat(verdict(SHARE, effect)).isEqualTo(Verdict.TOO_LITTLE_DATA);
  }

  /** 0.1 added up ten times is not 1, and equal prices are equal. */
  @Test
  void adjusted_equalAmounts_doNotDiffer_howeverTheirSumsAreRounded() {
    Moments many = Moments.NONE;
    Moments few = Moments.NONE;
    for (int i = 0; i < 3_000; i++) {
      many = many.plus(Moments.of(0.000123));
      few = i < 300 ? few.plus(Moments.of(0.000123)) : few;
    }
    assertThat(many.mean()).isNotEqualTo(few.mean());
    Stratum all = stratum("a", 0);
    Effect live = Effect.adjusted(TwoArms.of(COST, Map.of(all, many), Map.of(all, few)));
    Effect paired = Effect.paired(COST, many, few, same(300, few.mean() - many.mean()));

    for (Effect effect : List.of(live, paired)) {
      Finding finding = Comparison.LIVE.finding(COST, effect, 0.05);
      assertThat(finding.verdict()).isEqualTo(Verdict.NO_DIFFERENCE_SHOWN);
      assertThat(finding.difference()).isZero();
    }
    assertThat(live.variance()).isZero();
    Effect dearer =
        Effect.adjusted(TwoArms.of(COST, Map.of(all, many), Map.of(all, same(300, 0.000124))));
    assertThat(Comparison.LIVE.finding(COST, dearer, 0.05).verdict()).isEqualTo(Verdict.WORSE);
  }

  /** An arm that never failed still has an error of its estimate. */
  @Test
  void shares_ofRareEvents_haveAVariance() {
    Effect effect =
        Effect.adjusted(
            TwoArms.of(
                SHARE,
                Map.of(stratum("a", 0), same(500, 0)),
                Map.of(stratum("a", 0), same(500, 0))));

    assertThat(Math.sqrt(effect.variance())).isBetween(0.001, 0.01);
  }

  /** Cases that all came out the same say as much as they are, not everything. */
  @Test
  void paired_withoutADifference_hasAVariance_ofSharesAndScores() {
    Moments before = same(98, 1);
    Moments differences = same(98, 0);

    assertThat(Effect.paired(SHARE, before, before, differences).variance())
        .isCloseTo(1e-4, within(1e-12));
    assertThat(Effect.paired(COST, before, before, differences).variance()).isZero();
  }

  @Test
  void order_ofValuesAndStrata_doesNotMatter() {
    SplittableRandom random = new SplittableRandom(7);
    List<Map.Entry<Stratum, Moments>> values = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      // Exact in binary, so that sums are the same in any order.
      values.add(
          Map.entry(
              stratum("w" + random.nextInt(4), random.nextInt(3)),
              Moments.of(random.nextInt(64) / 8.0, 1.0 / (1 << random.nextInt(3)))));
    }
    Effect first = effect(values);
    Collections.shuffle(values, new java.util.Random(1));

    assertThat(effect(values)).isEqualTo(first);
  }

  @Test
  void weights_areTheInverseOfTheProbability() {
    Moments moments = Moments.of(1, 0.5).plus(Moments.of(0, 0.25)).plus(Moments.of(1, 1));

    assertThat(moments.mean()).isCloseTo(3.0 / 7, within(1e-12));
    assertThat(moments.effectiveSize()).isCloseTo(49.0 / 21, within(1e-12));
    // Sum of (w (y - mean))^2 over (sum w)^2, times n / (n - 1).
    double spread = Math.pow(2 * 4 / 7.0, 2) + Math.pow(4 * -3 / 7.0, 2) + Math.pow(4 / 7.0, 2);
    assertThat(moments.varianceOfMean()).isCloseTo(spread / 49 * 3 / 2, within(1e-12));
    assertThatThrownBy(() -> Moments.of(1, 0)).hasMessageContaining("(0, 1]");
    assertThatThrownBy(() -> Moments.of(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
  }

  /** Of independent arms the variances add up; of the same cases it is that of each case's own. */
  @Test
  void against_isTheVarianceOfTheDifferenceLessAShareOfTheBaseline() {
    SplittableRandom random = new SplittableRandom(11);
    Moments baseline = Moments.NONE;
    Moments candidate = Moments.NONE;
    Moments differences = Moments.NONE;
    Moments beyond = Moments.NONE;
    for (int i = 0; i < 50; i++) {
      double was = 4 + random.nextGaussian();
      double is = was * random.nextDouble(0.8, 1.4);
      double probability = random.nextDouble(0.2, 1);
      baseline = baseline.plus(Moments.of(was, probability));
      candidate = candidate.plus(Moments.of(is, probability));
      differences = differences.plus(Moments.of(is - was, probability));
      beyond = beyond.plus(Moments.of(is - was - 0.3 * was, probability));
    }
    Stratum all = stratum("a", 0);
    Effect live = Effect.adjusted(TwoArms.of(COST, Map.of(all, baseline), Map.of(all, candidate)));
    Effect paired = Effect.paired(COST, baseline, candidate, differences);

    assertThat(live.against(0)).isEqualTo(live);
    assertThat(live.against(0.3).variance())
        .isCloseTo(
            candidate.varianceOfMean() + 1.3 * 1.3 * baseline.varianceOfMean(), within(1e-12));
    assertThat(live.against(-0.3).variance())
        .isCloseTo(
            candidate.varianceOfMean() + 0.7 * 0.7 * baseline.varianceOfMean(), within(1e-12));
    assertThat(paired.against(0.3).variance()).isCloseTo(beyond.varianceOfMean(), within(1e-12));
  }

  private static Effect effect(List<Map.Entry<Stratum, Moments>> values) {
    Map<Stratum, Moments> a = new HashMap<>();
    Map<Stratum, Moments> b = new HashMap<>();
    for (Map.Entry<Stratum, Moments> value : values) {
      boolean isBaseline = value.getKey().hour() == 0 || value.getValue().wy() > 3;
      (isBaseline ? a : b)
          .merge(stratum(value.getKey().group(), 0), value.getValue(), Moments::plus);
    }
    return Effect.adjusted(TwoArms.of(COST, a, b));
  }

  private static Stratum stratum(String workspace, int hour) {
    return new Stratum(workspace, hour);
  }

  private static Moments same(int n, double value) {
    return Moments.unweighted(n, n * value, n * value * value);
  }

  private static Verdict verdict(Dimension dimension, Effect effect) {
    return Comparison.LIVE.finding(dimension, effect, 0.05).verdict();
  }
}
