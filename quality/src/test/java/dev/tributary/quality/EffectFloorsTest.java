package dev.tributary.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The least error that an effect is taken to have, what it is compared within, and of what. */
class EffectFloorsTest {
  private static final Dimension COST =
      new Dimension("cost", Dimension.Kind.AMOUNT, Dimension.Good.LOWER);
  private static final Dimension SHARE =
      new Dimension("share", Dimension.Kind.SHARE, Dimension.Good.LOWER);
  private static final Dimension SCORE =
      new Dimension("score.x", Dimension.Kind.SCORE, Dimension.Good.HIGHER);
  private static final Stratum ALL = new Stratum("w", 0);

  /** One success and one failure more, in each arm (Agresti and Caffo 2000). */
  @Test
  void shareWithoutEvents_hasTheVarianceOfOneOfEachMore() {
    double share = 1.0 / 502;

    assertThat(effect(SHARE, same(500, 0), same(500, 0)).variance())
        .isCloseTo(2 * share * (1 - share) / 502, within(1e-15));
  }

  @Test
  void scoresThatAreAllTheSame_haveTheVarianceOfAnArmWithoutAnyEvent() {
    assertThat(effect(SCORE, same(98, 1), same(198, 1)).variance())
        .isCloseTo(1.0 / (100 * 100) + 1.0 / (200 * 200), within(1e-15));
  }

  /** Two calls of a trace that always balance each other are no more than two that do not. */
  @Test
  void sharesOfTracesThatBalance_haveTheVarianceOfTheirCalls() {
    Moments balanced = Moments.NONE;
    for (int i = 0; i < 100; i++) {
      balanced = balanced.plus(Moments.unweighted(2, 1, 1).together());
    }

    assertThat(balanced.varianceOfMean()).isZero();
    assertThat(effect(SHARE, balanced, balanced).variance())
        .isCloseTo(2 * 0.25 / 202, within(1e-15));
  }

  /** A night that costs half does not look like a saving where the candidate ran at night. */
  @Test
  void hours_areComparedEachWithItself_whereTheyHaveEnough() {
    Map<Stratum, Moments> baseline = new HashMap<>();
    Map<Stratum, Moments> candidate = new HashMap<>();
    baseline.put(new Stratum("w", 2), same(10, 1));
    baseline.put(new Stratum("w", 14), same(90, 2));
    candidate.put(new Stratum("w", 2), same(90, 1));
    candidate.put(new Stratum("w", 14), same(10, 2));

    Effect effect = Effect.adjusted(TwoArms.of(COST, baseline, candidate));

    assertThat(effect.difference()).isZero();
    assertThat(effect.baseline()).isEqualTo(1.5);
  }

  /** Groups whose hours are thin weigh what their traffic weighs, once the hours are joined. */
  @Test
  void groupsOfThinHours_weighWhatTheirTrafficDoes() {
    Map<Stratum, Moments> baseline = new HashMap<>();
    Map<Stratum, Moments> candidate = new HashMap<>();
    baseline.put(new Stratum("a", 1), same(10, 1));
    candidate.put(new Stratum("a", 2), same(90, 2));
    baseline.put(new Stratum("b", 1), same(50, 1));
    candidate.put(new Stratum("b", 2), same(50, 4));

    assertThat(Effect.adjusted(TwoArms.of(COST, baseline, candidate)).difference())
        .isCloseTo((1 + 3) / 2.0, within(1e-12));
  }

  @Test
  void armsWithoutAnyValue_coverNothing() {
    Effect nothing = Effect.adjusted(TwoArms.of(COST, Map.of(), Map.of()));

    assertThat(nothing.covered()).isZero();
    assertThat(nothing.ofBaseline().covered()).isZero();
    assertThat(Moments.NONE.effectiveSize()).isZero();
  }

  /** What the arms had beside is said, and changes nothing of what was found. */
  @Test
  void ofArmsThatHadMore_saysWhatTookNoPart() {
    Effect effect = effect(COST, same(50, 1), same(50, 2));

    Effect beside = effect.of(same(100, 1), same(200, 9));

    assertThat(beside.difference()).isEqualTo(effect.difference());
    assertThat(beside.variance()).isEqualTo(effect.variance());
    assertThat(beside.ofBaseline().leftOut()).isEqualTo(50);
    assertThat(beside.ofCandidate().leftOut()).isEqualTo(150);
    assertThat(beside.covered()).isCloseTo(100 / 300.0, within(1e-12));
    assertThat(beside.isShared()).isTrue();
  }

  /** Many cases of each and none of both: more of the same would never be compared. */
  @Test
  void pairedWithoutACommonCase_hasNothingInCommon_withOneItHasTooLittle() {
    Moments many = same(500, 1);

    assertThat(verdict(Effect.paired(COST, many, many, Moments.NONE)))
        .isEqualTo(Verdict.NOTHING_IN_COMMON);
    assertThat(verdict(Effect.paired(COST, many, many, Moments.of(1))))
        .isEqualTo(Verdict.TOO_LITTLE_DATA);
  }

  @Test
  void probabilityAboveOne_isRefused() {
    assertThatThrownBy(() -> Moments.of(1, 1.5)).hasMessageContaining("(0, 1]");
    assertThatThrownBy(() -> new PredictionPowered().labelled(1, 1, 1, 1.5))
        .hasMessageContaining("(0, 1]");
  }

  private static Verdict verdict(Effect effect) {
    return Comparison.LIVE.finding(COST, effect, 0.05).verdict();
  }

  private static Effect effect(Dimension dimension, Moments baseline, Moments candidate) {
    return Effect.adjusted(TwoArms.of(dimension, Map.of(ALL, baseline), Map.of(ALL, candidate)));
  }

  private static Moments same(int n, double value) {
    return Moments.unweighted(n, n * value, n * value * value);
  }
}
