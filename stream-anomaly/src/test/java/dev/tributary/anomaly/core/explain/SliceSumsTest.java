package dev.tributary.anomaly.core.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the change would be less by, had a slice stayed as it was. */
class SliceSumsTest {
  private static CellTable table(boolean isRatio, double[]... cells) {
    CellTable table = new CellTable(List.of("workspace", "region"), isRatio);
    String[][] names = {{"acme", "eu"}, {"acme", "us"}, {"bolt", "eu"}};
    for (int i = 0; i < cells.length; i++) {
      table.add(false, List.of(names[i]), cells[i][0], cells[i][2]);
      table.add(true, List.of(names[i]), cells[i][1], cells[i][3]);
    }
    return table;
  }

  /** Above all of it, where another one moved the other way. */
  @Test
  void excessOfASum_isItsChange() {
    CellTable table =
        table(
            false,
            new double[] {10, 30, 0, 0},
            new double[] {5, 5, 0, 0},
            new double[] {20, 10, 0, 0});

    SliceSums acme = SliceSums.of(table, new int[] {0, -1});
    assertThat(acme.before()).isEqualTo(15);
    assertThat(acme.after()).isEqualTo(35);
    assertThat(acme.excess()).isEqualTo(20);
    assertThat(acme.share()).isEqualTo(2);
    assertThat(SliceSums.of(table, new int[] {1, -1}).share()).isEqualTo(-1);
    assertThat(SliceSums.of(table, new int[] {-1, 0}).excess()).as("eu").isEqualTo(10);
    assertThat(SliceSums.of(table, new int[] {-1, -1}).share()).as("all").isEqualTo(1);
  }

  /** A slice with a rate above that of all moves the whole by coming more often too. */
  @Test
  void excessOfARatio_isThatOfTheWholeWithoutItsChange() {
    CellTable table =
        table(
            true,
            new double[] {10, 60, 100, 300},
            new double[] {10, 10, 100, 100},
            new double[] {10, 30, 200, 100});

    SliceSums slice = SliceSums.of(table, new int[] {0, 0});

    assertThat(slice.before()).isEqualTo(0.1);
    assertThat(slice.after()).isEqualTo(0.2);
    double is = 100 / 500.0;
    double otherwise = (100 - 60 + 10) / (500.0 - 300 + 100);
    assertThat(slice.excess()).isCloseTo(is - otherwise, within(1e-12));
    assertThat(slice.share()).isCloseTo((is - otherwise) / (is - 30 / 400.0), within(1e-12));
  }

  @Test
  void shareOfNoChange_isUnknown() {
    CellTable table =
        table(
            false,
            new double[] {10, 20, 0, 0},
            new double[] {5, 5, 0, 0},
            new double[] {20, 10, 0, 0});

    assertThat(SliceSums.of(table, new int[] {0, -1}).share()).isNaN();
    assertThat(SliceSums.of(table, new int[] {0, -1}).excess()).isEqualTo(10);
  }
}
