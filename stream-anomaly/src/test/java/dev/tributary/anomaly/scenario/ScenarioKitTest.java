package dev.tributary.anomaly.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A part of the kit with bounds that leave chance some room; the README has the whole of it. */
class ScenarioKitTest {
  private static final long SEED = 7;
  private static final int SERIES = 20;

  @Test
  void run_injectionsOfTwoToTenTimes_areFoundAndExplained() {
    ScenarioTable table = ScenarioKit.run(SERIES, SEED, ScenarioKit.policy(true), 2.2, 10);

    assertThat(table.recall()).as(table.row("kit")).isGreaterThanOrEqualTo(0.85);
    assertThat(table.precision()).as(table.row("kit")).isGreaterThanOrEqualTo(0.9);
    assertThat(table.falsePerSeriesWeek()).isLessThan(0.1);
    assertThat(table.sliceRight()).isGreaterThan(0.65);
    assertThat(table.factorRight()).isGreaterThan(0.85);
    assertThat(table.namedForNothing()).isLessThan(0.1);
  }

  @Test
  void run_withoutSeason_findsLess() {
    ScenarioTable with = ScenarioKit.run(SERIES, SEED, ScenarioKit.policy(true), 2.2, 10);
    ScenarioTable without = ScenarioKit.run(SERIES, SEED, ScenarioKit.policy(false), 2.2, 10);

    assertThat(without.recall()).isLessThan(with.recall() - 0.05);
  }
}
