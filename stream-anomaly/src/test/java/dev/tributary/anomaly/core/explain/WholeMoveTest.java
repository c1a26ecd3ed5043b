package dev.tributary.anomaly.core.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables in which every cell moved. */
class WholeMoveTest {
  private static final long SEED = 2_000;
  private static final Map<String, String> WHOLE = Map.of();

  /** What a cell is multiplied by. */
  private interface Change {
    double of(int region, int model, int feature);
  }

  private static CellTable table(int features, Change change, double noise, long seed) {
    Random random = new Random(seed);
    CellTable table = new CellTable(List.of("region", "model", "feature"), false);
    for (int region = 0; region < 3; region++) {
      for (int model = 0; model < 4; model++) {
        for (int feature = 0; feature < features; feature++) {
          List<String> cell = List.of("r" + region, "m" + model, "f" + feature);
          double before = 100 * Math.exp(0.7 * random.nextGaussian());
          double by = change.of(region, model, feature) * (1 + noise * random.nextGaussian());
          table.add(false, cell, before, 1);
          table.add(true, cell, before * by, 1);
        }
      }
    }
    return table;
  }

  private static List<Map<String, String>> causes(CellTable table) {
    return SliceSearch.search(table).stream().filter(Slice::isCause).map(Slice::values).toList();
  }

  /** A dimension of one value, too: that value says nothing. */
  @ParameterizedTest
  @CsvSource({"1, 0.5", "1, 2", "5, 0.5", "5, 2", "5, 0", "5, 6"})
  void search_everythingMoves_namesTheWhole(int features, double factor) {
    for (long seed = SEED; seed < SEED + 5; seed++) {
      List<Slice> found = SliceSearch.search(table(features, (r, m, f) -> factor, 0.05, seed));

      assertThat(found).as("seed %d", seed).hasSize(1);
      assertThat(found.get(0).values()).isEmpty();
      assertThat(found.get(0).isCause()).isTrue();
      assertThat(found.get(0).share()).isEqualTo(1);
      assertThat(found.get(0).cells()).isEqualTo(12 * features);
      assertThat(found.get(0).score()).isBetween(0.5, 1.0);
    }
  }

  @Test
  void search_everythingMovesAndOneSliceOtherwise_namesBoth() {
    CellTable table = table(5, (r, m, f) -> m == 1 ? 1.5 : 0.5, 0.05, SEED);

    assertThat(causes(table)).containsExactly(WHOLE, Map.of("model", "m1"));
  }

  @Test
  void search_mostCellsMoveAndTheOthersStandStill_namesTheValuesThatMoved() {
    CellTable table = table(5, (r, m, f) -> r == 1 ? 1 : 0.5, 0.05, SEED);

    assertThat(causes(table))
        .containsExactlyInAnyOrder(Map.of("region", "r0"), Map.of("region", "r2"));
  }

  /** Elsewhere there was nothing before and is nothing now. */
  @Test
  void search_whatThereIsIsNewInOneSlice_namesTheSlice() {
    CellTable table = new CellTable(List.of("region", "model"), false);
    for (int region = 0; region < 3; region++) {
      for (int model = 0; model < 4; model++) {
        List<String> cell = List.of("r" + region, "m" + model);
        table.add(false, cell, 0, 1);
        table.add(true, cell, model == 1 ? 50 + region : 0, 1);
      }
    }

    assertThat(causes(table)).containsExactly(Map.of("model", "m1"));
  }

  /** Each cell of one value gains the same amount, so small ones by more: no value else says so. */
  @Test
  void search_cellsOfOneValueMoveByFactorsOfTheirOwn_areNotSplitByAnotherDimension() {
    int[] values = {12, 6, 5, 12};
    for (long seed = SEED + 4; seed < SEED + 9; seed++) {
      Random random = new Random(seed);
      CellTable table = new CellTable(List.of("d0", "d1", "d2", "d3"), false);
      for (int i = 0; i < 12 * 6 * 5 * 12; i++) {
        List<String> cell = new ArrayList<>();
        double before = 4_000 * Math.exp(0.5 * random.nextGaussian());
        int rest = i;
        for (int d = 0; d < values.length; d++) {
          cell.add("v" + rest % values[d]);
          before /= 1 + rest % values[d];
          rest /= values[d];
        }
        double more = cell.get(1).equals("v1") ? 250 : 0;
        table.add(false, cell, before, 1);
        table.add(true, cell, (before + more) * (1 + 0.05 * random.nextGaussian()), 1);
      }

      assertThat(causes(table)).as("seed %d", seed).containsExactly(Map.of("d1", "v1"));
    }
  }
}
