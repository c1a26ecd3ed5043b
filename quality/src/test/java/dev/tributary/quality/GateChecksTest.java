package dev.tributary.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a gate says of each limit, and the interval that it holds against it. */
class GateChecksTest {
  private static final Dimension SCORE =
      new Dimension("score.faithfulness", Dimension.Kind.SCORE, Dimension.Good.HIGHER);
  private static final Dimension LENGTH =
      new Dimension("length_share", Dimension.Kind.SHARE, Dimension.Good.LOWER);
  private static final Stratum ALL = new Stratum("w", 0);
  private static final GateRule.Change FALL = new GateRule.Change(false, 0.03, false);
  private static final GateRule.Change RISE = new GateRule.Change(true, 0.03, false);

  @Test
  void limit_isToldWithItsWay_andAsAShareOfTheBaselineInPercent() {
    assertThat(change(new GateRule.Change(false, 0.05, true), 0.5, 0.5).limit())
        .isEqualTo("may fall by 5 %");
    assertThat(change(new GateRule.Change(true, 0.2, false), 0.5, 0.5).limit())
        .isEqualTo("may rise by 0.2");
  }

  /** Whichever way is limited, what is read is the way it went, the smaller number first. */
  @Test
  void change_isToldTheWayItWent_withItsIntervalInOrder() {
    assertThat(change(FALL, 0.9, 0.7).reason()).startsWith("falls by 0.2, between 0.17");
    assertThat(change(RISE, 0.9, 0.7).reason()).startsWith("falls by 0.2, between 0.17");
    assertThat(change(FALL, 0.7, 0.9).reason()).startsWith("rises by 0.2, between 0.17");
    assertThat(change(RISE, 0.7, 0.9).reason()).startsWith("rises by 0.2, between 0.17");
  }

  @Test
  void ownLimit_isToldWithTheMeanAndItsInterval() {
    assertThat(own(SCORE, values(2_000, 0.9), Comparison.Reading.ONCE).reason())
        .startsWith("is 0.9, between 0.88")
        .contains(" and 0.91");
  }

  @Test
  void armWithoutValues_isNamed() {
    GateRule fall = new GateRule(SCORE.name(), FALL, null, null);
    Moments some = values(2_000, 0.9);

    assertThat(check(fall, SCORE, some, Moments.NONE, Comparison.Reading.ONCE).reason())
        .isEqualTo("no values of the candidate");
    assertThat(check(fall, SCORE, Moments.NONE, some, Comparison.Reading.ONCE).reason())
        .isEqualTo("no values of the baseline");
    assertThat(own(SCORE, Moments.NONE, Comparison.Reading.ONCE).reason())
        .isEqualTo("no values of the candidate");
  }

  /** Many values of which few stand for nearly all: both numbers are said. */
  @Test
  void tooFew_areToldWithWhatTheyAreWorth() {
    Moments uneven = Moments.NONE;
    for (int i = 0; i < 400; i++) {
      uneven = uneven.plus(Moments.of(i % 2, i < 20 ? 0.001 : 1));
    }
    GateRule fall = new GateRule(SCORE.name(), FALL, null, null);

    assertThat(own(SCORE, values(20, 0.9), Comparison.Reading.ONCE).reason())
        .isEqualTo("20 values; the candidate needs 50 of equal weight");
    assertThat(own(SCORE, uneven, Comparison.Reading.ONCE).reason())
        .isEqualTo("400 values (worth 21); the candidate needs 50 of equal weight");
    assertThat(check(fall, SCORE, values(40, 1), uneven, Comparison.Reading.ONCE).reason())
        .isEqualTo("400 values (worth 21) against 40; each arm needs 50 of equal weight");
  }

  /** Wilson's interval is of shares that are read once: looked at often, it would be too narrow. */
  @Test
  void ownShare_readOnce_hasWilsonsInterval_readAtAnyTimeAWiderOne() {
    Moments shares = values(1_000, 0.02);

    assertThat(interval(own(LENGTH, shares, Comparison.Reading.ONCE)))
        .isEqualTo(Interval.wilson(20, 1_000, 0.05));
    double margin = ConfidenceSequence.margin(Math.sqrt(shares.varianceOfMean()), 1_000, 0.05);
    Interval live = interval(own(LENGTH, shares, Comparison.Reading.ANY_TIME));
    assertThat(live.high() - live.estimate()).isGreaterThanOrEqualTo(margin);
    Interval score = interval(own(SCORE, shares, Comparison.Reading.ONCE));
    assertThat(score.high() - score.estimate())
        .as("a score is no share")
        .isCloseTo(Normal.quantile(0.975) * Math.sqrt(shares.varianceOfMean()), within(1e-12));
  }

  /** Five calls that all say what their trace says tell as much as one of them. */
  @Test
  void ownShare_ofTracesWhoseCallsAreAlike_isAsWideAsOfOneCallEach() {
    Moments alike = Moments.NONE;
    for (int i = 0; i < 200; i++) {
      alike = alike.plus(Moments.unweighted(5, i < 40 ? 5 : 0, i < 40 ? 5 : 0).together());
    }

    Interval interval = interval(own(LENGTH, alike, Comparison.Reading.ONCE));

    // The freedom of 200 traces, of which the mean takes one.
    Interval expected = Interval.wilson(0.2 * 199, 199, 0.05);
    assertThat(interval.low()).isCloseTo(expected.low(), within(1e-9));
    assertThat(interval.high()).isCloseTo(expected.high(), within(1e-9));
  }

  /** However well the calls of a trace balance each other, there are no more of them than calls. */
  @Test
  void ownShare_ofTracesWhoseCallsBalance_isNoNarrowerThanOfAllCalls() {
    Moments balanced = Moments.NONE;
    for (int i = 0; i < 200; i++) {
      int events = i == 0 ? 2 : i == 1 ? 0 : 1;
      balanced = balanced.plus(Moments.unweighted(2, events, events).together());
    }

    Interval interval = interval(own(LENGTH, balanced, Comparison.Reading.ONCE));

    Interval expected = Interval.wilson(200, 400, 0.05);
    assertThat(interval.low()).isCloseTo(expected.low(), within(1e-9));
    assertThat(interval.high()).isCloseTo(expected.high(), within(1e-9));
  }

  private static Interval interval(GateCheck check) {
    return Objects.requireNonNull(check.interval());
  }

  private static GateCheck change(GateRule.Change change, double baseline, double candidate) {
    return check(
        new GateRule(SCORE.name(), change, null, null),
        SCORE,
        values(2_000, baseline),
        values(2_000, candidate),
        Comparison.Reading.ONCE);
  }

  private static GateCheck own(Dimension dimension, Moments values, Comparison.Reading reading) {
    GateRule atMost = new GateRule(dimension.name(), null, 0.5, null);
    return check(atMost, dimension, values(2_000, 0.5), values, reading);
  }

  private static GateCheck check(
      GateRule rule,
      Dimension dimension,
      Moments baseline,
      Moments candidate,
      Comparison.Reading reading) {
    GatePolicy policy =
        new GatePolicy(new Comparison(0.05, 50, reading), GatePolicy.Undecided.WAIT, List.of(rule));
    GateArms arms =
        GateArms.live(TwoArms.of(dimension, Map.of(ALL, baseline), Map.of(ALL, candidate)));
    return Gate.decide(policy, Map.of(dimension.name(), arms)).checks().get(0);
  }

  /** So many values, exactly this share of them 1. */
  private static Moments values(int n, double share) {
    return Moments.unweighted(n, n * share, n * share);
  }
}
