package dev.tributary.anomaly.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.scenario.ScenarioKit.Options;
import org.junit.jupiter.api.Test;

/** A part of the kit with bounds that leave chance some room; the README has the whole of it. */
class ScenarioKitTest {
  private static final int FEATURES = Integer.getInteger("tributary.kit.features", 6);
  private static final long SEED = Long.getLong("tributary.seed", 7);

  @Test
  void run_injectionsOfTwoToTenTimes_areFoundAndExplained() {
    ScenarioTable table = ScenarioKit.run(new Options(FEATURES, 2, SEED, true, 2.2, 10));

    String row = "seed " + SEED + " " + table.row("kit") + ' ' + table.causes();
    assertThat(table.recall()).as(row).isGreaterThanOrEqualTo(0.75);
    assertThat(table.precision()).as(row).isGreaterThanOrEqualTo(0.75);
    assertThat(table.falsePerFeatureWeek()).as(row).isLessThan(0.2);
    assertThat(table.sliceRight()).as(row).isGreaterThan(0.55);
    assertThat(table.factorRight()).as(row).isGreaterThan(0.7);
    assertThat(table.namedForNothing()).as(row).isLessThan(0.2);
  }
}
