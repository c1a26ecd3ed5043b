package dev.tributary.evaldispatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the controller still knows after it was killed, and what it forgets in time. */
class ControllerRestartTest {
  private static final long SECOND = 1_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  /** Ten o'clock, UTC. */
  private static final long START = 1_772_359_200L * SECOND;

  private static final EvalPolicy RICH = Policies.withCeiling("1000", 0.1, 0.001);

  private final Killable killable = new Killable(new ControllerOptions(5 * SECOND, 10, HOUR));

  private RateController controller() {
    return killable.controller();
  }

  private List<RateChange> plan(long nowUs, EvalPolicy policy) {
    return controller().plan(nowUs, List.of(policy));
  }

  private static Candidate candidate(String job, long closedAtUs) {
    return new Candidate(job, Policies.CELL, Stratum.REST, 0, 1, closedAtUs, Policies.COST);
  }

  /** Without it, the first plan after a crash would spend an hour's money on a minute's traces. */
  @Test
  void expectedDemand_isKept() {
    EvalPolicy poor = Policies.withCeiling("30", 1, 0);
    controller().demand(Policies.CELL, Stratum.REST, 1_000);
    double before = plan(START, poor).get(0).rate();

    killable.restart();
    double after = plan(START + MINUTE, poor).get(0).rate();

    assertThat(before).isEqualTo(0.05);
    // 700 are expected of the next minute, and 59 minutes are left.
    assertThat(after).isEqualTo(0.072639);
  }

  @Test
  void openEpisode_isKeptUntilItEnds() {
    EvalPolicy boosted =
        new EvalPolicy(
            "default",
            "answers",
            0,
            new TraceFilter(Map.of("feature", List.of("checkout"))),
            List.of(Policies.judge()),
            0.05,
            0,
            1,
            List.of(),
            4,
            new BigDecimal("1000"),
            null,
            false);
    controller().demand(Policies.CELL, Stratum.REST, 1);
    controller().episode("default|e1", Map.of("feature", "checkout", "team", "blue"), true);
    controller().episode("default|e2", Map.of("feature", "search"), true);
    assertThat(plan(START, boosted)).extracting(RateChange::rate).containsExactly(0.2);

    killable.restart();
    assertThat(plan(START + MINUTE, boosted)).as("as before").isEmpty();
    controller().episode("default|e1", Map.of(), false);
    killable.restart();

    assertThat(plan(START + 2 * MINUTE, boosted))
        .extracting(RateChange::rate)
        .containsExactly(0.05);
    assertThat(killable.kept('e')).isEqualTo(1);
  }

  /** A trace that was decided ahead of time must not be decided otherwise by a replay. */
  @Test
  void timeUpToWhichIsDecided_isKept() {
    controller().demand(Policies.CELL, Stratum.REST, 1);
    plan(START, RICH);
    long aheadUs = START + 10 * MINUTE;
    controller().admit(candidate("ahead", aheadUs), RICH, START + MINUTE);

    killable.restart();

    assertThat(plan(START + 2 * MINUTE, Policies.withCeiling("1000", 0.5, 0.001)))
        .extracting(RateChange::fromUs)
        .containsExactly(aheadUs + 1);
  }

  /** A job that is under way is not let through again, and frees its money when it is answered. */
  @Test
  void moneyAndJobsUnderWay_areKept() {
    controller().demand(Policies.CELL, Stratum.REST, 1);
    plan(START, RICH);
    controller().admit(candidate("job", START + 6 * SECOND), RICH, START + 7 * SECOND);

    killable.restart();

    assertThat(controller().queued()).isEqualTo(1);
    assertThat(controller().spentInHour(Policies.CELL, START)).isEqualByComparingTo("0.01");
    assertThat(controller().admit(candidate("job", START + 6 * SECOND), RICH, START + 8 * SECOND))
        .isInstanceOf(Admission.Repeated.class);
    controller().settle("job", new BigDecimal("0.004"));
    assertThat(controller().spentInHour(Policies.CELL, START)).isEqualByComparingTo("0.004");
    assertThat(controller().queued()).isZero();
    assertThat(killable.kept('r')).isZero();
  }

  /** A refusal that a crash forgot would stay on the topic for ever. */
  @Test
  void refusalByName_isKeptUntilItIsForgotten() {
    EvalPolicy poor = Policies.withCeiling("0.01", 1, 0.1);
    controller().demand(Policies.CELL, Stratum.REST, 1);
    plan(START - MINUTE, poor);
    controller().admit(candidate("first", START + 5), poor, START + 10);
    controller().admit(candidate("late", START + 4), poor, START + 10);

    killable.restart();

    assertThat(controller().forget(START + HOUR + 4)).isEmpty();
    assertThat(controller().forget(START + HOUR + 5))
        .extracting(RateChange::jobId, RateChange::fromUs, RateChange::stratumAtTeam)
        .containsExactly(tuple("late", START + 4, "rest@blue"));
    assertThat(killable.kept('x')).isZero();
  }

  /** A judge that answers in the next hour was paid for in the hour that it was asked in. */
  @Test
  void cost_isOfTheHourThatTheJobWentOutIn() {
    controller().demand(Policies.CELL, Stratum.REST, 1);
    plan(START, RICH);
    long lastSecondUs = START + HOUR - SECOND;
    controller().admit(candidate("job", lastSecondUs), RICH, lastSecondUs);
    controller().settle("job", new BigDecimal("0.004"));

    assertThat(controller().spentInHour(Policies.CELL, lastSecondUs)).isEqualByComparingTo("0.004");
    assertThat(controller().spentInHour(Policies.CELL, START + HOUR)).isZero();
  }

  /** Of an hour and a day each: kept until they ended so long ago as rates are kept. */
  @Test
  void spend_isForgottenWithItsRates() {
    controller().demand(Policies.CELL, Stratum.REST, 1);
    plan(START, RICH);
    controller().admit(candidate("job", START + 6 * SECOND), RICH, START + 7 * SECOND);
    assertThat(killable.kept('s')).isEqualTo(2);

    controller().forget(START + 2 * HOUR);
    assertThat(killable.kept('s')).as("the hour ended one hour ago").isEqualTo(2);
    controller().forget(START + 2 * HOUR + 1);
    assertThat(killable.kept('s')).as("the day").isEqualTo(1);
    controller().forget(START + 15 * HOUR + 1);
    assertThat(killable.kept('s')).isZero();
  }
}
