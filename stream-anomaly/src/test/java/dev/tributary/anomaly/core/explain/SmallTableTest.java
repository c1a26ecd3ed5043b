package dev.tributary.anomaly.core.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
}
