package dev.tributary.anomaly.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.scenario.ScenarioKit.Options;
import org.junit.jupiter.api.Test;

/** Parts of the kit, held to the goals of the whole; the README has the whole of it. */
class ScenarioKitTest {
  private static final int WEEKS = 2;
  private static final long SEED = Long.getLong("tributary.seed", 7);

  /** Two of spend, one to which nothing is done, one of scores. */
  @Test
  void topology_injectionsOfTwoToTenTimes_areFoundAndExplained() {
    ScenarioTable table = ScenarioKit.run(new Options(3, 4, WEEKS, SEED, true, 2.2, 10));

    String row = "seed " + SEED + " " + table.row("topology") + '\n' + table.scenarios();
    assertGoals(table, row);
    assertThat(table.sliceRight()).as(row).isGreaterThanOrEqualTo(0.8);
    assertThat(table.factorRight()).as(row).isGreaterThanOrEqualTo(0.95);
    assertThat(table.namedForNothing()).as(row).isZero();
  }

  @Test
  void rules_injectionsOfTwoToTenTimes_areFound() {
    ScenarioTable table = ScenarioKit.judge(new Options(0, 12, WEEKS, SEED, true, 2.2, 10));

    assertGoals(table, "seed " + SEED + " " + table.row("rules"));
  }

  private static void assertGoals(ScenarioTable table, String row) {
    assertThat(table.truth()).as(row).isPositive();
    assertThat(table.recall()).as(row).isGreaterThanOrEqualTo(0.95);
    assertThat(table.precision()).as(row).isGreaterThanOrEqualTo(0.9);
    assertThat(table.mostFalseOfSeries()).as(row).isLessThanOrEqualTo(1);
    assertThat(table.mostFalseOfWeek()).as(row).isLessThanOrEqualTo(3);
    assertThat(table.foundIn(2)).as(row).isGreaterThanOrEqualTo(0.9);
    assertThat(table.foundIn(3)).as(row).isGreaterThanOrEqualTo(0.95);
    assertThat(table.resolvedIn(3)).as(row).isGreaterThanOrEqualTo(0.95);
  }
}
