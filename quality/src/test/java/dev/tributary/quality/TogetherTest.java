package dev.tributary.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Calls of one trace are alike: both arms are the same, and half of the variance lies between
 * traces. The long form is {@code -Dtributary.quality.seeds=2000}; its figures stand in the README.
 */
class TogetherTest {
  private static final Stratum ALL = new Stratum("w", 0);
  private static final int CALLS = 5;
  private static final double BETWEEN = Math.sqrt(0.5);

  /** A comparison that is read once, which has no width to spare. */
  private static final Comparison ONCE = new Comparison(0.05, 100, Comparison.Reading.ONCE);

  /** How the calls of a trace are taken: as one unit, or each as if it were alone. */
  private static final UnaryOperator<Moments> TOGETHER = Moments::together;

  private static final UnaryOperator<Moments> APART =
      trace ->
          new Moments(
              trace.n(), trace.n(), trace.w(), trace.ww(), trace.wy(), trace.wwy(), trace.wwyy());

  /** What is drawn of a trace: its calls' values, of which half the variance is the trace's. */
  private interface Trace {
    double[] draw(SplittableRandom random);
  }

  private static double[] amounts(SplittableRandom random) {
    double ofTrace = BETWEEN * random.nextGaussian();
    double[] values = new double[CALLS];
    for (int i = 0; i < CALLS; i++) {
      values[i] = 10 + ofTrace + BETWEEN * random.nextGaussian();
    }
    return values;
  }

  /** One to nine calls, five on average. */
  private static double[] unequal(SplittableRandom random) {
    double ofTrace = BETWEEN * random.nextGaussian();
    double[] values = new double[1 + random.nextInt(2 * CALLS - 1)];
    for (int i = 0; i < values.length; i++) {
      values[i] = 10 + ofTrace + BETWEEN * random.nextGaussian();
    }
    return values;
  }

  /** Each call says what the trace says with 0.71, so that two of them correlate with 0.5. */
  private static double[] events(SplittableRandom random, double share) {
    double ofTrace = random.nextDouble() < share ? 1 : 0;
    double[] values = new double[CALLS];
    for (int i = 0; i < CALLS; i++) {
      values[i] = random.nextDouble() < BETWEEN ? ofTrace : random.nextDouble() < share ? 1 : 0;
    }
    return values;
  }

  private static Moments arm(SplittableRandom random, int traces, Trace trace, boolean isTogether) {
    Moments sum = Moments.NONE;
    for (int i = 0; i < traces; i++) {
      Moments one = Moments.NONE;
      for (double value : trace.draw(random)) {
        one = one.plus(Moments.of(value));
      }
      sum = sum.plus(isTogether ? TOGETHER.apply(one) : APART.apply(one));
    }
    return sum;
  }

  /** Share of runs in which equal arms are said to differ at any of the looks. */
  private static double wrong(
      Comparison comparison,
      Dimension dimension,
      Trace trace,
      int looks,
      int traces,
      boolean isTogether) {
    int runs = Seeds.runs(400);
    int wrong = 0;
    for (int seed = 1; seed <= runs; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Moments baseline = Moments.NONE;
      Moments candidate = Moments.NONE;
      boolean isShown = false;
      for (int look = 0; look < looks; look++) {
        baseline = baseline.plus(arm(random, traces, trace, isTogether));
        candidate = candidate.plus(arm(random, traces, trace, isTogether));
        TwoArms arms = TwoArms.of(dimension, Map.of(ALL, baseline), Map.of(ALL, candidate));
        isShown |= comparison.of(List.of(arms)).get(0).isShown();
      }
      wrong += isShown ? 1 : 0;
    }
    double share = wrong / (double) runs;
    System.out.printf(
        Locale.ROOT,
        "%s, %s, %d looks at %d traces more, calls %s: %.1f %% of %d runs show a difference%n",
        dimension.name(),
        comparison.reading(),
        looks,
        traces,
        isTogether ? "together" : "apart",
        100 * share,
        runs);
    return share;
  }

  /** What chance adds to a short run: three standard errors. */
  private static double allowed() {
    return 0.06 + 3 * Math.sqrt(0.06 * 0.94 / Seeds.runs(400));
  }

  @Test
  void equalArms_readOnce_differAsSeldomAsIsSaid() {
    for (Trace trace : List.<Trace>of(TogetherTest::amounts, TogetherTest::unequal)) {
      assertThat(wrong(ONCE, Traffic.LATENCY, trace, 1, 200, true)).isLessThan(allowed());
      assertThat(wrong(ONCE, Traffic.LATENCY, trace, 1, 200, false))
          .as("taken apart, as a control")
          .isGreaterThan(0.15);
    }
  }

  @Test
  void equalArms_readAtAnyTime_seldomDiffer() {
    assertThat(wrong(Comparison.LIVE, Traffic.LATENCY, TogetherTest::amounts, 48, 40, true))
        .isLessThan(allowed());
    assertThat(wrong(Comparison.LIVE, Traffic.LATENCY, TogetherTest::amounts, 48, 40, false))
        .as("taken apart, as a control")
        .isGreaterThan(0.15);
  }

  @Test
  void equalShares_ofCommonAndRareEvents_differAsSeldomAsIsSaid() {
    for (double share : new double[] {0.3, 0.02, 0.003}) {
      Trace trace = random -> events(random, share);
      assertThat(wrong(ONCE, Traffic.ERRORS, trace, 1, 200, true)).isLessThan(allowed());
    }
    assertThat(wrong(ONCE, Traffic.ERRORS, random -> events(random, 0.3), 1, 200, false))
        .as("taken apart, as a control")
        .isGreaterThan(0.15);
  }

  @Test
  void unitsOfOneValue_areAsIfThereWereNone() {
    Moments one = Moments.of(0.3, 0.25);

    assertThat(one.together()).isEqualTo(one);
    assertThat(Moments.NONE.together()).isEqualTo(Moments.NONE);
  }

  /** Traces (1, 3) and (2), the first with weights 1 and 2, the other with 2. */
  @Test
  void unit_countsByTheSumOfItsResiduals() {
    Moments first = Moments.of(1).plus(Moments.of(3, 0.5)).together();
    Moments sum = first.plus(Moments.of(2, 0.5).together());

    assertThat(sum.n()).isEqualTo(3);
    assertThat(sum.units()).isEqualTo(2);
    assertThat(sum.mean()).isCloseTo(11.0 / 5, within(1e-12));
    assertThat(sum.effectiveSize()).isCloseTo(25.0 / 13, within(1e-12));
    // (7 - 3 x 11/5)^2 + (4 - 2 x 11/5)^2 over the squared weight, times units / (units - 1).
    assertThat(sum.varianceOfMean()).isCloseTo(0.32 / 25 * 2, within(1e-12));
    assertThat(first.varianceOfMean()).isNaN();
    assertThatThrownBy(() -> new Moments(1, 2, 1, 1, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 values cannot be of 2 units");
    assertThatThrownBy(() -> new Moments(1, 0, 1, 1, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** What is not alike loses nothing by being in one trace: the floor of shares is none of it. */
  @Test
  void callsThatAreNotAlike_areWorthAsMuchTogether() {
    Trace trace =
        random -> {
          double[] values = new double[CALLS];
          for (int i = 0; i < CALLS; i++) {
            values[i] = random.nextDouble() < 0.3 ? 1 : 0;
          }
          return values;
        };
    Moments together = arm(new SplittableRandom(1), 400, trace, true);
    Moments apart = arm(new SplittableRandom(1), 400, trace, false);

    assertThat(standardError(together) / standardError(apart)).isBetween(0.85, 1.15);
    GateArms own = arms(together);
    GateArms asBefore = arms(apart);
    assertThat(width(own) / width(asBefore)).isBetween(0.85, 1.15);
  }

  /** One trace may have all events there are, so that none in few traces is no proof of none. */
  @Test
  void rareEvents_ofFewTraces_areNotExcludedByTheirManyCalls() {
    Moments none = arm(new SplittableRandom(1), 100, random -> new double[50], true);

    assertThat(standardError(none)).isBetween(0.009, 0.015);
  }

  private static double standardError(Moments arm) {
    return Math.sqrt(
        Effect.adjusted(TwoArms.of(Traffic.ERRORS, Map.of(ALL, arm), Map.of(ALL, arm))).variance()
            / 2);
  }

  private static GateArms arms(Moments arm) {
    return GateArms.live(TwoArms.of(Traffic.ERRORS, Map.of(ALL, arm), Map.of(ALL, arm)));
  }

  /** Of the interval of the candidate's own share, read once. */
  private static double width(GateArms arms) {
    GatePolicy policy =
        new GatePolicy(
            ONCE,
            GatePolicy.Undecided.WAIT,
            List.of(new GateRule(Traffic.ERRORS.name(), null, 0.5, null)));
    Interval interval =
        Gate.decide(policy, Map.of(Traffic.ERRORS.name(), arms)).checks().get(0).interval();
    assertThat(interval).isNotNull();
    return interval.high() - interval.low();
  }
}
