package dev.tributary.evaldispatch.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A ceiling of the day beside that of the hour. */
class CeilingOfDayTest {
  private static final long SECOND = 1_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  /** Ten o'clock, UTC. */
  private static final long START = 1_772_359_200L * SECOND;

  private static final ControllerOptions OPTIONS =
      new ControllerOptions(5 * SECOND, 1_000_000, 35 * 24 * HOUR);

  private static EvalPolicy withDay(String perHour, String perDay) {
    EvalPolicy hourly = Policies.withCeiling(perHour, 1, 0);
    return new EvalPolicy(
        hourly.tenant(),
        hourly.id(),
        0,
        TraceFilter.ALL,
        hourly.evaluators(),
        1,
        0,
        1,
        List.of(),
        1,
        hourly.ceilingPerHour(),
        new BigDecimal(perDay),
        false);
  }

  @Test
  void ceilingOfTheDay_reached_holdsInTheNextHourAndEndsWithTheDay() {
    EvalPolicy policy = withDay("1", "0.02");
    RateController controller = new RateController(OPTIONS, StateLog.NONE);
    controller.demand(Policies.CELL, Stratum.REST, 1);
    controller.plan(START, List.of(policy));
    List<String> said = new ArrayList<>();
    for (int hour : new int[] {0, 1, 2, 13, 14}) {
      long atUs = START + hour * HOUR + MINUTE;
      controller.plan(atUs - 30 * SECOND, List.of(policy));
      said.add(
          controller.admit(candidate("of" + hour, atUs), policy, atUs).getClass().getSimpleName());
    }

    // It is ten o'clock: fourteen hours later another day begins.
    assertThat(said).containsExactly("Admitted", "Admitted", "Gap", "Gap", "Admitted");
  }

  @Test
  void ceilingOfTheDay_narrowerThanTheHours_isSpreadOverTheDay() {
    RateController controller = new RateController(OPTIONS, StateLog.NONE);
    controller.demand(Policies.CELL, Stratum.REST, 100);

    List<RateChange> changes = controller.plan(START, List.of(withDay("60", "84")));

    // 84 over the 840 minutes that are left of the day, for 100 jobs of 0.01 a minute.
    assertThat(changes).extracting(RateChange::rate).containsExactly(0.1);
  }

  private static Candidate candidate(String job, long closedAtUs) {
    return new Candidate(job, Policies.CELL, Stratum.REST, 0, 1, closedAtUs, Policies.COST);
  }
}
