package dev.tributary.evaldispatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Money and rates of the controller. */
class RateControllerTest {
  private static final long SECOND = 1_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long START = 1_772_359_200L * SECOND;
  private static final ControllerOptions OPTIONS =
      new ControllerOptions(5 * SECOND, 1_000_000, 35 * 24 * HOUR);
  private static final BigDecimal CEILING = new BigDecimal("2.00");

  static Stream<Long> seeds() {
    return Seeds.many(20);
  }

  private record Job(String id, BigDecimal actual) {}

  /** Money spent by clock hour, as the judge's bill would say. */
  private static Map<Long, BigDecimal> bill(
      Generator generator, EvalPolicy policy, boolean isNaive, List<String> admitted) {
    Killable killable = new Killable(OPTIONS);
    Map<Long, BigDecimal> bill = new TreeMap<>();
    Deque<Job> inFlight = new ArrayDeque<>();
    double naiveRate = 1;
    double expected = 1;
    int burst = generator.between(70, 100);
    long number = 0;
    for (int minute = 0; minute < 180; minute++) {
      long nowUs = START + minute * MINUTE;
      int traces = generator.between(20, 40) * (minute >= burst && minute < burst + 12 ? 10 : 1);
      killable.controller().plan(nowUs, List.of(policy));
      // What a controller does that only looks at the mean: a rate for the demand it expects.
      naiveRate = Math.min(1, CEILING.doubleValue() / 60 / (expected * 0.01));
      expected = 0.9 * expected + 0.1 * traces;
      if (generator.chance(10)) {
        killable.restart();
      }
      for (int i = 0; i < traces; i++) {
        long atUs = nowUs + MINUTE * i / traces;
        String id = "%032x|faithfulness|1".formatted(++number);
        killable.controller().demand(Policies.CELL, Stratum.REST, 1);
        Candidate candidate =
            new Candidate(
                id,
                Policies.CELL,
                Stratum.REST,
                generator.random().nextDouble(),
                1,
                atUs - generator.between(0L, 2 * SECOND),
                Policies.COST);
        boolean isAdmitted =
            isNaive
                ? candidate.draw() < naiveRate
                : killable.controller().admit(candidate, policy, atUs)
                    instanceof Admission.Admitted;
        if (isAdmitted) {
          BigDecimal actual =
              Policies.COST
                  .multiply(BigDecimal.valueOf(generator.between(60, 100)))
                  .divide(BigDecimal.valueOf(100), 18, RoundingMode.HALF_EVEN);
          admitted.add(id);
          inFlight.add(new Job(id, actual));
          bill.merge(Math.floorDiv(atUs, HOUR), actual, BigDecimal::add);
        }
        while (inFlight.size() > 30) {
          Job done = inFlight.remove();
          // Now and then the cost of a job is not known: what was reserved stays.
          killable.controller().settle(done.id(), generator.chance(5) ? null : done.actual());
          killable.controller().settle(done.id(), done.actual());
        }
      }
    }
    return bill;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void spend_inABurstAndOverRestarts_withinTheCeiling(long seed) {
    Seeds.with(
        seed,
        generator -> {
          // A floor far above what the money allows: only the ceiling can hold it.
          EvalPolicy policy = Policies.withCeiling("2.00", 1, 0.3);
          List<String> admitted = new ArrayList<>();

          Map<Long, BigDecimal> bill = bill(generator, policy, false, admitted);

          assertThat(admitted).doesNotHaveDuplicates().hasSizeGreaterThan(300);
          assertThat(bill.values())
              .allMatch(spent -> spent.compareTo(CEILING.multiply(new BigDecimal("1.01"))) <= 0);
        });
  }

  /** The negative control: who plans by expected demand alone overspends in the burst. */
  @Test
  void spend_ofANaiveController_aboveTheCeiling() {
    Seeds.with(
        7,
        generator -> {
          Map<Long, BigDecimal> bill =
              bill(generator, Policies.withCeiling("2.00", 1, 0.3), true, new ArrayList<>());

          assertThat(bill.values())
              .anyMatch(spent -> spent.compareTo(CEILING.multiply(new BigDecimal("1.2"))) > 0);
        });
  }

  @Test
  void money_thatSuffices_ratesAsWished() {
    RateController controller = new RateController(OPTIONS, StateLog.NONE);
    controller.demand(Policies.CELL, Stratum.REST, 100);
    controller.demand(Policies.CELL, "errors", 10);

    List<RateChange> changes =
        controller.plan(START, List.of(Policies.withCeiling("1000", 0.05, 0.001)));

    assertThat(changes)
        .extracting(RateChange::stratumAtTeam, RateChange::rate, RateChange::fromUs)
        .containsExactly(
            tuple("errors@blue", 0.5, START + 5 * SECOND),
            tuple("rest@blue", 0.05, START + 5 * SECOND));
  }

  @Test
  void money_thatIsShort_allStrataScaledAlikeAboveTheFloor() {
    RateController controller = new RateController(OPTIONS, StateLog.NONE);
    controller.demand(Policies.CELL, Stratum.REST, 1_000);
    controller.demand(Policies.CELL, "errors", 100);

    List<RateChange> changes =
        controller.plan(START, List.of(Policies.withCeiling("30", 0.05, 0.001)));

    // 0.50 a minute buys 50 of the wished 100 jobs.
    assertThat(changes.get(0).rate()).isEqualTo(0.25);
    assertThat(changes.get(1).rate()).isEqualTo(0.025);
    assertThat(changes.get(0).reason()).isEqualTo("budget");
  }

  @Test
  void episode_open_ratesRaisedUntilItEnds() {
    EvalPolicy policy =
        new EvalPolicy(
            "default",
            "answers",
            0,
            TraceFilter.ALL,
            List.of(Policies.judge()),
            0.05,
            0.001,
            1,
            List.of(),
            4,
            new BigDecimal("1000"),
            null,
            false);
    RateController controller = new RateController(OPTIONS, StateLog.NONE);
    controller.demand(Policies.CELL, Stratum.REST, 10);
    controller.episode("default|e1", Map.of("feature", "checkout"), true);
    double during = controller.plan(START, List.of(policy)).get(0).rate();

    controller.episode("default|e1", Map.of(), false);
    double after = controller.plan(START + MINUTE, List.of(policy)).get(0).rate();

    assertThat(during).isEqualTo(0.2);
    assertThat(after).isEqualTo(0.05);
  }

  @Test
  void restart_sameDecisions() {
    EvalPolicy policy = Policies.withCeiling("0.10", 1, 0.1);
    List<List<String>> runs = new ArrayList<>();
    for (boolean isRestarted : new boolean[] {false, true}) {
      Killable killable = new Killable(OPTIONS);
      killable.controller().demand(Policies.CELL, Stratum.REST, 5);
      killable.controller().plan(START, List.of(policy));
      List<String> decisions = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        if (isRestarted && i % 4 == 0) {
          killable.restart();
        }
        long atUs = START + 10 * SECOND + i;
        Candidate candidate =
            new Candidate(
                "job" + i, Policies.CELL, Stratum.REST, (i % 7) / 100.0, 1, atUs, Policies.COST);
        decisions.add(
            killable.controller().admit(candidate, policy, atUs).getClass().getSimpleName());
      }
      runs.add(decisions);
    }

    assertThat(runs.get(1)).isEqualTo(runs.get(0)).contains("Admitted", "Gap");
  }

  @Test
  void forgotten_ratesThatEnded_areNamedForTheTopic() {
    RateController controller =
        new RateController(new ControllerOptions(0, 10, HOUR), StateLog.NONE);
    EvalPolicy policy = Policies.withCeiling("1000", 0.05, 0.001);
    controller.demand(Policies.CELL, Stratum.REST, 1);
    controller.plan(START, List.of(policy));
    controller.plan(START + MINUTE, List.of(Policies.withCeiling("1000", 0.5, 0.001)));

    List<RateChange> early = controller.forget(START + HOUR);
    List<RateChange> gone = controller.forget(START + 3 * HOUR);

    assertThat(early).isEmpty();
    assertThat(gone).extracting(RateChange::fromUs).containsExactly(START);
  }

  @Test
  void refusal_ofATraceThatCameTooLate_isWrittenAndForgotten() {
    RateController controller =
        new RateController(new ControllerOptions(0, 10, HOUR), StateLog.NONE);
    EvalPolicy policy = Policies.withCeiling("0.01", 1, 0.1);
    controller.demand(Policies.CELL, Stratum.REST, 1);
    controller.plan(START, List.of(policy));
    controller.admit(candidate("first", START + 5), policy, START + 10);

    Admission late = controller.admit(candidate("late", START + 5), policy, START + 10);

    RateChange refused = ((Admission.Gap) late).changes().get(0);
    assertThat(refused.jobId()).isEqualTo("late");
    assertThat(refused.fromUs()).isEqualTo(START + 5);
    assertThat(refused.isGap()).isTrue();
    assertThat(controller.forget(START + HOUR)).isEmpty();
    assertThat(controller.forget(START + 3 * HOUR)).contains(refused);
  }

  /** A backlog is decided while newer rates are written already: none of them may draw. */
  @Test
  void ceiling_behindABacklog_replacesEveryRateAfterIt() {
    RateController controller =
        new RateController(new ControllerOptions(0, 10, HOUR), StateLog.NONE);
    controller.demand(Policies.CELL, Stratum.REST, 1);
    for (int plan = 0; plan < 3; plan++) {
      controller.plan(
          START + plan * MINUTE, List.of(Policies.withCeiling("1000", 0.3 * (plan + 1), 0.1)));
    }
    EvalPolicy poor = Policies.withCeiling("0.01", 1, 0.1);
    controller.admit(candidate("first", START + 5), poor, START + 3 * MINUTE);

    Admission gap = controller.admit(candidate("next", START + 6), poor, START + 3 * MINUTE);

    assertThat(((Admission.Gap) gap).changes())
        .extracting(RateChange::fromUs, RateChange::isGap)
        .containsExactly(
            tuple(START + 6, true), tuple(START + MINUTE, true), tuple(START + 2 * MINUTE, true));
  }

  /** At the ceiling the timeline grows by what changes, and not by what is refused. */
  @Test
  void ceiling_underAFlood_writesOneRatePerPlanAndNotOnePerTrace() {
    EvalPolicy poor = Policies.withCeiling("0.05", 1, 0.1);
    RateController controller =
        new RateController(new ControllerOptions(0, 1_000_000, HOUR), StateLog.NONE);
    controller.demand(Policies.CELL, Stratum.REST, 10_000);
    int written = controller.plan(START, List.of(poor)).size();
    int gaps = 0;
    for (int minute = 0; minute < 5; minute++) {
      long fromUs = START + minute * MINUTE;
      for (int i = 1; i <= 10_000; i++) {
        long closedUs = fromUs + i * 1_000L;
        Admission admission =
            controller.admit(candidate(minute + "-" + i, closedUs), poor, closedUs);
        if (admission instanceof Admission.Gap gap) {
          gaps++;
          written += gap.changes().size();
        }
      }
      controller.demand(Policies.CELL, Stratum.REST, 10_000);
      written += controller.plan(fromUs + MINUTE, List.of(poor)).size();
    }

    assertThat(gaps).isGreaterThan(49_000);
    assertThat(written).isBetween(2, 12);
  }

  /** A partition's clock may be ahead: a rate that began before what is decided would undo it. */
  @Test
  void rate_planned_beginsAfterEveryTraceThatWasDecided() {
    RateController controller = new RateController(OPTIONS, StateLog.NONE);
    controller.demand(Policies.CELL, Stratum.REST, 1);
    controller.plan(START, List.of(Policies.withCeiling("1000", 0.1, 0.001)));
    long aheadUs = START + MINUTE;
    controller.admit(
        candidate("ahead", aheadUs), Policies.withCeiling("1000", 0.1, 0.001), START + 10 * SECOND);

    List<RateChange> changes =
        controller.plan(START + 20 * SECOND, List.of(Policies.withCeiling("1000", 0.5, 0.001)));

    assertThat(changes).extracting(RateChange::fromUs).containsExactly(aheadUs + 1);
  }

  @Test
  void queue_thatIsLong_lowersRatesUntilItIsAnswered() {
    RateController controller =
        new RateController(new ControllerOptions(0, 10, HOUR), StateLog.NONE);
    EvalPolicy policy = Policies.withCeiling("1000", 1, 0.001);
    controller.demand(Policies.CELL, Stratum.REST, 1);
    controller.plan(START, List.of(policy));
    for (int job = 0; job < 20; job++) {
      controller.admit(candidate("job" + job, START + job), policy, START + SECOND);
    }
    RateChange during = controller.plan(START + MINUTE, List.of(policy)).get(0);

    for (int job = 0; job < 20; job++) {
      controller.settle("job" + job, Policies.COST);
    }
    RateChange after = controller.plan(START + 2 * MINUTE, List.of(policy)).get(0);

    assertThat(tuple(during.rate(), during.reason())).isEqualTo(tuple(0.5, "queue"));
    assertThat(tuple(after.rate(), after.reason())).isEqualTo(tuple(1.0, "policy"));
    assertThat(controller.queued()).isZero();
  }

  private static Candidate candidate(String job, long closedAtUs) {
    return new Candidate(job, Policies.CELL, Stratum.REST, 0, 1, closedAtUs, Policies.COST);
  }
}
