package dev.tributary.anomaly.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Of a series all of whose cells moved alike, nothing narrower than the series is named. */
class WholeMoveExplainedTest {
  private static final long SEED = 2_000;

  /** An hour of 20 cells. */
  private static List<CellFact> cells(long startUs, double factor, double dearer, Random random) {
    List<CellFact> cells = new ArrayList<>();
    for (int feature = 0; feature < 5; feature++) {
      for (int model = 0; model < 4; model++) {
        double by = factor * (model == 1 ? dearer : 1) * (1 + 0.03 * random.nextGaussian());
        cells.add(
            new CellFact(
                Map.of("feature", "f" + feature, "model", "m" + model),
                startUs,
                1_000,
                0,
                1_000,
                Map.of("in.text.uncached", 100_000L),
                Map.of("in.text.uncached", BigDecimal.valueOf((10 + feature) * by)),
                List.of()));
      }
    }
    return cells;
  }

  @Test
  void slices_allCellsDouble_nameNothing() {
    for (long seed = SEED; seed < SEED + 10; seed++) {
      Random random = new Random(seed);

      assertThat(CellFacts.slices(cells(0, 1, 1, random), cells(1, 2, 1, random))).isEmpty();
    }
  }

  @Test
  void slices_oneModelNearlyDoubles_nameIt() {
    Random random = new Random(SEED);

    assertThat(CellFacts.slices(cells(0, 1, 1, random), cells(1, 1, 1.9, random)))
        .containsExactly(Map.of("model", "m1"));
  }
}
