package dev.tributary.evaldispatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which rate a plan writes, and when it writes none. */
class PlannedRatesTest {
  private static final long SECOND = 1_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  /** Ten o'clock, UTC. */
  private static final long START = 1_772_359_200L * SECOND;

  private final RateController controller =
      new RateController(new ControllerOptions(0, 10, HOUR), StateLog.NONE);

  private List<Double> rates(long nowUs, EvalPolicy policy, long traces) {
    controller.demand(Policies.CELL, Stratum.REST, traces);
    return controller.plan(nowUs, List.of(policy)).stream().map(RateChange::rate).toList();
  }

  private static Candidate candidate(String job) {
    return new Candidate(job, Policies.CELL, Stratum.REST, 0, 1, START + 1, Policies.COST);
  }

  /** Below it the sample says nothing any more: the ceiling stops dispatch instead. */
  @Test
  void money_thatIsShort_doesNotLowerARateBelowItsFloor() {
    assertThat(rates(START, Policies.withCeiling("0.60", 1, 0.3), 100)).containsExactly(0.3);
  }

  @Test
  void queue_thatIsLong_doesNotLowerARateBelowItsFloor() {
    EvalPolicy policy = Policies.withCeiling("1000", 1, 0.3);
    rates(START, policy, 1);
    for (int job = 0; job < 1_000; job++) {
      controller.admit(candidate("job" + job), policy, START + SECOND);
    }

    assertThat(rates(START + MINUTE, policy, 1)).containsExactly(0.3);
  }

  /** Up to as many as may be under way, the queue lowers nothing. */
  @Test
  void queue_thatIsAsLongAsItMayBe_lowersNothing() {
    EvalPolicy policy = Policies.withCeiling("1000", 1, 0);
    rates(START, policy, 1);
    for (int job = 0; job < 10; job++) {
      controller.admit(candidate("job" + job), policy, START + SECOND);
    }

    assertThat(rates(START + MINUTE, policy, 1)).isEmpty();
  }

  /** A stratum that is not wanted at all has no floor. */
  @Test
  void wishBelowTheFloor_isLeftAsItIs() {
    EvalPolicy policy =
        new EvalPolicy(
            "default",
            "answers",
            0,
            TraceFilter.ALL,
            List.of(Policies.judge()),
            0.5,
            0.1,
            1,
            List.of(new Stratum("errors", 0, Stratum.When.ERRORS)),
            1,
            new BigDecimal("1000"),
            null,
            false);
    controller.demand(Policies.CELL, "errors", 1);

    assertThat(rates(START, policy, 1)).containsExactly(0.0, 0.5);
  }

  /** So that the timeline stays short. */
  @Test
  void rateThatMovesByLessThanATwentieth_isNotWritten() {
    assertThat(rates(START, Policies.withCeiling("1000", 0.1, 0), 1)).containsExactly(0.1);
    assertThat(rates(START + MINUTE, Policies.withCeiling("1000", 0.1049, 0), 1)).isEmpty();
    assertThat(rates(START + 2 * MINUTE, Policies.withCeiling("1000", 0.0951, 0), 1)).isEmpty();
    assertThat(rates(START + 3 * MINUTE, Policies.withCeiling("1000", 0.1051, 0), 1))
        .containsExactly(0.1051);
    assertThat(rates(START + 4 * MINUTE, Policies.withCeiling("1000", 0.0998, 0), 1))
        .containsExactly(0.0998);
  }

  /** Too many jobs cost money, too few only width. */
  @Test
  void demand_thatRises_countsAtOnce_thatFalls_slowly() {
    EvalPolicy policy = Policies.withCeiling("30", 1, 0);

    assertThat(rates(START, policy, 1_000)).containsExactly(0.05);
    assertThat(rates(START + MINUTE, policy, 0)).containsExactly(0.072639);
    assertThat(rates(START + 2 * MINUTE, policy, 2_000)).containsExactly(0.025862);
  }

  /** Demand that was told over two minutes is half as much a minute. */
  @Test
  void demand_isTakenByTheMinute() {
    EvalPolicy policy = Policies.withCeiling("30", 1, 0);
    rates(START, policy, 0);

    assertThat(rates(START + 2 * MINUTE, policy, 2_000)).containsExactly(0.051724);
  }

  /** Half a minute before the hour ends, what is left is not spent at twice the pace. */
  @Test
  void moneyOfTheLastMinute_isSpreadOverOneMinute() {
    long nowUs = START + HOUR - 30 * SECOND;

    assertThat(rates(nowUs, Policies.withCeiling("1", 1, 0), 200)).containsExactly(0.5);
  }

  /** The least that weighted sums can take; what is not wished stays at none. */
  @Test
  void rate_isNeverBelowWhatAWeightCanBe_unlessItIsNone() {
    assertThat(rates(START, Policies.withCeiling("0.01", 1, 0), 10_000_000))
        .containsExactly(0.000001);
    assertThat(rates(START + MINUTE, Policies.withCeiling("0.01", 0, 0), 0)).containsExactly(0.0);
  }

  /** Half of what a trace costs buys none: a gap, and written once however long it lasts. */
  @Test
  void moneyForLessThanATrace_isAGap_untilTheNextHour() {
    EvalPolicy policy = Policies.withCeiling("0.015", 1, 0.5);
    rates(START, policy, 1);
    controller.admit(candidate("first"), policy, START + SECOND);

    List<RateChange> gap = controller.plan(START + MINUTE, List.of(policy));
    assertThat(gap)
        .extracting(RateChange::isGap, RateChange::rate, RateChange::reason)
        .containsExactly(tuple(true, 0.0, "ceiling"));
    assertThat(controller.plan(START + 2 * MINUTE, List.of(policy))).isEmpty();
    assertThat(controller.plan(START + HOUR, List.of(policy)))
        .extracting(RateChange::isGap)
        .containsExactly(false);
  }

  /** A judge that cost more than it was said to cost at most has cost it. */
  @Test
  void costAboveWhatWasReserved_isSpent() {
    EvalPolicy policy = Policies.withCeiling("1000", 1, 0);
    rates(START, policy, 1);
    controller.admit(candidate("job"), policy, START + SECOND);
    controller.settle("job", new BigDecimal("0.03"));

    assertThat(controller.spentInHour(Policies.CELL, START)).isEqualByComparingTo("0.03");
  }

  /** No episode makes a probability of more than one. */
  @Test
  void wishThatAnEpisodeRaises_isAtMostCertain() {
    EvalPolicy policy =
        new EvalPolicy(
            "default",
            "answers",
            0,
            TraceFilter.ALL,
            List.of(Policies.judge()),
            0.5,
            0,
            1,
            List.of(),
            4,
            new BigDecimal("1000"),
            null,
            false);
    controller.episode("default|e1", Map.of(), true);

    assertThat(rates(START, policy, 1)).containsExactly(1.0);
  }

  /** Eligible traces, jobs and gaps are told once, and never again. */
  @Test
  void coverage_isWhatBecameOfTracesSinceItWasTold() {
    EvalPolicy poor = Policies.withCeiling("0.01", 1, 0);
    rates(START, poor, 3);
    controller.admit(candidate("first"), poor, START + SECOND);
    controller.admit(candidate("second"), poor, START + SECOND);
    controller.admit(candidate("third"), null, START + SECOND);

    assertThat(controller.takeCoverage())
        .containsExactly(new Coverage(Policies.CELL, Stratum.REST, 3, 1, 2));
    assertThat(controller.takeCoverage()).isEmpty();
    controller.demand(Policies.CELL, Stratum.REST, 2);
    assertThat(controller.takeCoverage())
        .containsExactly(new Coverage(Policies.CELL, Stratum.REST, 2, 0, 0));
  }
}
