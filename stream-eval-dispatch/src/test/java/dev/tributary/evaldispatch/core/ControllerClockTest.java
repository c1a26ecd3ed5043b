package dev.tributary.evaldispatch.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the controller makes of a clock that jumps. */
final class ControllerClockTest {
  private static final long MINUTE_US = 60_000_000;
  private static final long START_US = 1_772_359_200_000_000L;
  private static final EvalPolicy POLICY = Policies.withCeiling("100.00", 1, 0.001);

  private final RateController controller =
      new RateController(
          new ControllerOptions(5_000_000, 1_000_000, 35 * 24 * 60 * MINUTE_US),
          (key, value) -> {});

  private List<RateChange> planAfterDemand(long nowUs) {
    controller.demand(Policies.CELL, Stratum.REST, 60);
    return controller.plan(nowUs, List.of(POLICY));
  }

  /** Sixty traces a minute would be taken for sixty thousand, and quality be blind for long. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 60, 24 * 60})
  void plan_clockStandsStillOrGoesBack_demandIsNotTakenForAFlood(long backMinutes) {
    planAfterDemand(START_US);
    planAfterDemand(START_US + MINUTE_US);

    List<RateChange> changes = planAfterDemand(START_US + MINUTE_US - backMinutes * MINUTE_US);

    assertThat(changes).isEmpty();
  }

  /** The control: such a flood lowers the rate. */
  @Test
  void plan_flood_rateIsLowered() {
    planAfterDemand(START_US);
    controller.demand(Policies.CELL, Stratum.REST, 60_000);

    assertThat(planAfterDemand(START_US + MINUTE_US))
        .isNotEmpty()
        .allMatch(change -> change.rate() < 0.1);
  }
}
