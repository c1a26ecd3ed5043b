package dev.tributary.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GateTest {
  private static final Dimension SCORE =
      new Dimension("score.faithfulness", Dimension.Kind.SCORE, Dimension.Good.HIGHER);
  private static final Dimension LENGTH =
      new Dimension("length_share", Dimension.Kind.SHARE, Dimension.Good.LOWER);
  private static final Dimension COST =
      new Dimension("cost_per_call", Dimension.Kind.AMOUNT, Dimension.Good.LOWER);
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

  /** Nothing falls by less than nothing. */
  @Test
  void candidateThatIsBetter_isToldToRise() {
    GateCheck check = decide(policy(KEEPS_FAITH), 2_000, 0.7, 0.9).checks().get(0);

    assertThat(check.reason()).startsWith("rises by 0.").doesNotContain("by -");
    assertThat(check.outcome()).isEqualTo(GateOutcome.PASS);
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

  /** A candidate whose name is mistyped has no values: there is nothing to release. */
  @Test
  void candidateWithoutValues_neverPasses() {
    GateRule own = new GateRule(SCORE.name(), null, null, 0.5);
    GatePolicy policy =
        new GatePolicy(
            policy(own).comparison(), GatePolicy.Undecided.PASS, List.of(KEEPS_FAITH, own));
    Stratum all = new Stratum("w", 0);
    GateArms arms =
        GateArms.live(TwoArms.of(SCORE, Map.of(all, Moments.unweighted(500, 450, 450)), Map.of()));

    assertThat(Gate.decide(policy, Map.of(SCORE.name(), arms)).outcome())
        .isEqualTo(GateOutcome.NOT_ENOUGH_DATA);
    assertThat(Gate.decide(policy, Map.of()).outcome()).isEqualTo(GateOutcome.NOT_ENOUGH_DATA);
    assertThat(decide(policy, 20, 0.9, 0.9).outcome()).isEqualTo(GateOutcome.PASS);
  }

  /** The strictest policy is no weaker where there is nothing to decide by. */
  @Test
  void candidateWithoutValues_isWhatThePolicySays_orNotEnough() {
    for (GatePolicy.Undecided undecided : GatePolicy.Undecided.values()) {
      GatePolicy policy =
          new GatePolicy(policy(KEEPS_FAITH).comparison(), undecided, List.of(KEEPS_FAITH));

      assertThat(Gate.decide(policy, Map.of()).outcome())
          .as(undecided.name())
          .isEqualTo(
              undecided == GatePolicy.Undecided.FAIL
                  ? GateOutcome.FAIL
                  : GateOutcome.NOT_ENOUGH_DATA);
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

  /**
   * No event among few calls shows nothing of a rare limit, however it is read; among many it does.
   */
  @ParameterizedTest
  @EnumSource
  void ownLimit_withoutAnyEvent_takesEnoughValues(Comparison.Reading reading) {
    GatePolicy policy =
        new GatePolicy(
            new Comparison(0.05, 100, reading),
            GatePolicy.Undecided.WAIT,
            List.of(new GateRule("length_share", null, 0.001, null)));

    assertThat(own(policy, LENGTH, 100, 0)).isEqualTo(GateOutcome.NOT_ENOUGH_DATA);
    assertThat(own(policy, LENGTH, 30_000, 0)).isEqualTo(GateOutcome.PASS);
  }

  /** A hundred scores of 1 do not show that hardly any is below. */
  @ParameterizedTest
  @EnumSource
  void scoresThatAreAllTheSame_haveAnErrorToo(Comparison.Reading reading) {
    Comparison comparison = new Comparison(0.05, 100, reading);
    GatePolicy own =
        new GatePolicy(
            comparison,
            GatePolicy.Undecided.WAIT,
            List.of(new GateRule(SCORE.name(), null, null, 0.999)));
    GatePolicy change =
        new GatePolicy(
            comparison,
            GatePolicy.Undecided.WAIT,
            List.of(
                new GateRule(SCORE.name(), new GateRule.Change(false, 0.001, false), null, null)));

    assertThat(own(own, SCORE, 100, 1)).isEqualTo(GateOutcome.NOT_ENOUGH_DATA);
    assertThat(own(own, SCORE, 30_000, 1)).isEqualTo(GateOutcome.PASS);
    assertThat(own(change, SCORE, 100, 1)).isEqualTo(GateOutcome.NOT_ENOUGH_DATA);
    assertThat(own(change, SCORE, 30_000, 1)).isEqualTo(GateOutcome.PASS);
  }

  /**
   * A candidate twice as dear as allowed by nothing at all: the baseline's own error counts, too.
   */
  @Test
  void relativeLimit_candidateAtIt_seldomPasses() {
    GateRule twice = new GateRule(COST.name(), new GateRule.Change(true, 1, true), null, null);
    int live = 0;
    int paired = 0;
    int runs = 1_000;
    SplittableRandom random = new SplittableRandom(29);
    for (int run = 0; run < runs; run++) {
      Moments a = Moments.NONE;
      Moments b = Moments.NONE;
      Moments differences = Moments.NONE;
      for (int i = 0; i < 200; i++) {
        double was = 5 + random.nextGaussian();
        double is = 10 + random.nextGaussian();
        a = a.plus(Moments.of(was));
        b = b.plus(Moments.of(is));
        differences = differences.plus(Moments.of(is - was));
      }
      Stratum all = new Stratum("w", 0);
      GateArms two = GateArms.live(TwoArms.of(COST, Map.of(all, a), Map.of(all, b)));
      GateArms cases = new GateArms(COST, a, b, Effect.paired(COST, a, b, differences));
      live += passes(policy(twice), two) ? 1 : 0;
      paired += passes(policy(twice), cases) ? 1 : 0;
    }
    assertThat(live / (double) runs).as("two samples, seed 29").isLessThanOrEqualTo(0.05);
    assertThat(paired / (double) runs).as("cases, seed 29").isLessThanOrEqualTo(0.05);
  }

  private static boolean passes(GatePolicy policy, GateArms arms) {
    return Gate.decide(policy, Map.of(arms.dimension().name(), arms)).outcome() == GateOutcome.PASS;
  }

  private static GateOutcome own(GatePolicy policy, Dimension dimension, int n, double mean) {
    return Gate.decide(
            policy, Map.of(dimension.name(), GateArms.live(shares(dimension, n, mean, mean))))
        .outcome();
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

  /** Each limit is a statement that may be wrong; a rule may make three. */
  @Test
  void alpha_isSharedByAllLimits() {
    GateRule three = new GateRule("length_share", new GateRule.Change(true, 0.1, false), 0.5, 0.0);

    assertThat(policy(three, KEEPS_FAITH).level()).isEqualTo(0.05 / 4);
    assertThat(decide(policy(three, KEEPS_FAITH), 100, 0.9, 0.9).checks())
        .extracting(GateCheck::limit)
        .containsExactly("may rise by 0.1", "at most 0.5", "at least 0", "may fall by 0.03");
  }

  /** Of a fall less of the baseline has to be left, so that its error counts less. */
  @Test
  void relativeLimit_ofAFall_isHeldAgainstLess() {
    GateCheck rise = change(new GateRule.Change(true, 0.5, true));
    GateCheck fall = change(new GateRule.Change(false, 0.5, true));

    assertThat(width(rise) / width(fall))
        .isCloseTo(Math.sqrt((1 + 2.25) / (1 + 0.25)), within(1e-9));
  }

  private static GateCheck change(GateRule.Change change) {
    Stratum all = new Stratum("w", 0);
    Moments same = Moments.unweighted(200, 2_000, 20_200);
    return Gate.decide(
            policy(new GateRule(COST.name(), change, null, null)),
            Map.of(
                COST.name(), GateArms.live(TwoArms.of(COST, Map.of(all, same), Map.of(all, same)))))
        .checks()
        .get(0);
  }

  private static double width(GateCheck check) {
    Interval interval = Objects.requireNonNull(check.interval());
    return interval.high() - interval.low();
  }

  /** What the candidate did for customers that the baseline did not serve shows nothing of them. */
  @Test
  void valuesThatTookNoPart_areNotEnough() {
    GateRule rule =
        new GateRule(LENGTH.name(), new GateRule.Change(true, 0.005, false), null, null);
    Stratum shared = new Stratum("both", 0);
    Stratum own = new Stratum("new", 0);
    Moments few = Moments.unweighted(100, 0, 0);
    Moments many = Moments.unweighted(100_000, 0, 0);
    GateArms arms =
        GateArms.live(
            TwoArms.of(
                LENGTH,
                Map.of(shared, few, new Stratum("old", 0), many),
                Map.of(shared, few, own, many)));

    GateResult result = Gate.decide(policy(rule), Map.of(LENGTH.name(), arms));

    assertThat(result.outcome()).isEqualTo(GateOutcome.NOT_ENOUGH_DATA);
    GateCheck check = result.checks().get(0);
    assertThat(Objects.requireNonNull(check.ofCandidate()).leftOut()).isEqualTo(100_000);
    assertThat(Objects.requireNonNull(check.ofBaseline()).leftOut()).isEqualTo(100_000);
  }

  @Test
  void armsWithoutACommonWorkspace_areNotDecided_andSaidToBe() {
    GateRule rule = new GateRule(LENGTH.name(), new GateRule.Change(true, 0.5, false), null, null);
    Moments many = Moments.unweighted(100_000, 0, 0);
    GateArms arms =
        GateArms.live(
            TwoArms.of(
                LENGTH, Map.of(new Stratum("a", 0), many), Map.of(new Stratum("b", 0), many)));

    GateResult result = Gate.decide(policy(rule), Map.of(LENGTH.name(), arms));

    assertThat(result.outcome()).isEqualTo(GateOutcome.NOT_ENOUGH_DATA);
    assertThat(result.checks().get(0).reason()).startsWith("nothing in common");
  }

  /** At least what it costs already: 0.1 added up is not 0.1 times as many. */
  @Test
  void amountsAtTheLimit_keepIt_howeverTheirSumsAreRounded() {
    Moments tenths = Moments.NONE;
    Moments more = Moments.NONE;
    for (int i = 0; i < 3_000; i++) {
      tenths = tenths.plus(Moments.of(0.1));
      more = more.plus(Moments.of(0.11));
    }
    assertThat(tenths.mean()).isLessThan(0.1);
    Stratum all = new Stratum("w", 0);
    Map<String, GateArms> same =
        Map.of(
            COST.name(), GateArms.live(TwoArms.of(COST, Map.of(all, tenths), Map.of(all, tenths))));
    Map<String, GateArms> dearer =
        Map.of(
            COST.name(), GateArms.live(TwoArms.of(COST, Map.of(all, tenths), Map.of(all, more))));

    assertThat(outcome(same, null, 0.1)).isEqualTo(GateOutcome.PASS);
    assertThat(outcome(same, null, 0.1001)).isEqualTo(GateOutcome.FAIL);
    assertThat(outcome(same, new GateRule.Change(true, 0, true), null)).isEqualTo(GateOutcome.PASS);
    assertThat(outcome(dearer, new GateRule.Change(true, 0.1, true), null))
        .isEqualTo(GateOutcome.PASS);
    assertThat(outcome(dearer, new GateRule.Change(true, 0.01, false), null))
        .isEqualTo(GateOutcome.PASS);
    assertThat(outcome(dearer, new GateRule.Change(true, 0.099, true), null))
        .isEqualTo(GateOutcome.FAIL);
  }

  private static GateOutcome outcome(
      Map<String, GateArms> arms, GateRule.@Nullable Change change, @Nullable Double atLeast) {
    return Gate.decide(policy(new GateRule(COST.name(), change, null, atLeast)), arms).outcome();
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
