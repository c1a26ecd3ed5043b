package dev.tributary.anomaly.core.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of so few cells that they do not show how far cells move by chance. */
class SmallTableTest {
  private static final long SEED = Long.getLong("tributary.seed", 20261123);
  private static final List<String> REGIONS = List.of("eu", "us");

  /** What a cell is multiplied by. */
  private interface Change {
    double of(String region, String model);
  }

  private static List<Map<String, String>> causes(int models, Change change, double noise) {
    Random random = new Random(SEED);
    CellTable table = new CellTable(List.of("region", "model"), false);
    for (String region : REGIONS) {
      for (int model = 0; model < models; model++) {
        List<String> cell = List.of(region, "m" + model);
        double wobble = 1 + noise * (2 * random.nextDouble() - 1);
        table.add(false, cell, 100 * (model + 1), 1);
        table.add(true, cell, 100 * (model + 1) * wobble * change.of(region, "m" + model), 1);
      }
    }
    return SliceSearch.search(table).stream().filter(Slice::isCause).map(Slice::values).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void search_cellsThatWobble_namesNothing(int models) {
    assertThat(causes(models, (region, model) -> 1, 0.08)).as("seed %d", SEED).isEmpty();
  }

  @Test
  void search_oneCellOfFourTrebled_namesItAlone() {
    Change change = (region, model) -> region.equals("eu") && model.equals("m1") ? 3 : 1;

    assertThat(causes(2, change, 0.05)).containsExactly(Map.of("region", "eu", "model", "m1"));
  }

  @Test
  void search_halfOfFourTrebled_namesWhatTheyShare() {
    Change change = (region, model) -> region.equals("us") ? 3 : 1;

    assertThat(causes(2, change, 0.05)).containsExactly(Map.of("region", "us"));
  }

  @Test
  void search_theOnlyCell_isTheCauseOfItsChange() {
    CellTable table = new CellTable(List.of("region"), false);
    table.add(false, List.of("eu"), 100, 1);
    table.add(true, List.of("eu"), 250, 1);

    assertThat(SliceSearch.search(table)).first().matches(Slice::isCause);
  }

  /** Cells of a table of so many values, those of one value of a dimension times a factor. */
  private static List<Map<String, String>> moved(
      int[] values, int dimension, double factor, double noise, long seed) {
    Random random = new Random(seed);
    CellTable table = new CellTable(List.of("region", "model"), false);
    for (int region = 0; region < values[0]; region++) {
      for (int model = 0; model < values[1]; model++) {
        List<String> cell = List.of("r" + region, "m" + model);
        double before = 500 * Math.exp(0.5 * random.nextGaussian());
        double by = (dimension == 0 ? region : model) == 1 ? factor : 1;
        table.add(false, cell, before, 1);
        table.add(true, cell, before * by * (1 + noise * random.nextGaussian()), 1);
      }
    }
    return SliceSearch.search(table).stream().filter(Slice::isCause).map(Slice::values).toList();
  }

  /** A side of a few cells says nothing of chance; what is left without the slice does. */
  @ParameterizedTest
  @CsvSource({"2,3", "3,3", "3,4", "4,4"})
  void search_oneValueOfFewMoved_namesIt(int regions, int models) {
    int[] values = {regions, models};
    int right = 0;
    for (long seed = SEED; seed < SEED + 10; seed++) {
      for (double factor : new double[] {0.5, 2, 3}) {
        right +=
            moved(values, 1, factor, 0.03, seed).equals(List.of(Map.of("model", "m1"))) ? 1 : 0;
      }
    }

    assertThat(right).as("of 30").isGreaterThanOrEqualTo(28);
  }

  /** What is left of a table without a change is not less than all of it. */
  @ParameterizedTest
  @CsvSource({"3,3", "3,4", "4,4", "4,6"})
  void search_fewCellsThatWobble_rarelyNameAnything(int regions, int models) {
    int[] values = {regions, models};
    int named = 0;
    for (long seed = SEED; seed < SEED + 50; seed++) {
      for (double noise : new double[] {0.03, 0.15, 0.4}) {
        named += moved(values, 0, 1, noise, seed).isEmpty() ? 0 : 1;
      }
    }

    assertThat(named).as("of 150").isLessThanOrEqualTo(6);
  }
}
