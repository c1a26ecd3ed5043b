package dev.tributary.anomaly.core.explain;

import java.util.Arrays;

/**
 * How far the cells of a small table move by chance, from what is left of their deviations once the
 * slices that clearly moved are out. A side of a few cells says nothing of chance, and one that a
 * cause is in says too much; what is left after the cause does. A slice moved when a common
 * deviation of its cells explains the squares so much better than none that chance rarely does it:
 * with few cells chance is known badly, so the squares are compared by the log of their ratio,
 * times the cells left to say it (as of a t statistic), with what a slice costs.
 */
final class LeftOut {
  private static final int MOST_SLICES = 3;

  /** Cells beyond those of the slices that it takes to tell what chance does. */
  private static final int LEAST_FREE = 4;

  /** Least mean square: where the cells stand quite still. */
  private static final double TINY = 1e-9;

  private final CellTable table;
  private final double[] left;
  private final double[] weight;
  private final int[] used;
  private int slices;
  private double squares;

  /**
   * @param deviation NaN: unknown
   * @param form standard deviations but for a factor
   * @param cost what a slice must explain, in squared standard deviations
   */
  LeftOut(CellTable table, double[] deviation, double[] form, double cost) {
    this.table = table;
    this.left = deviation.clone();
    this.weight = new double[left.length];
    int[] known = new int[left.length];
    int count = 0;
    for (int i = 0; i < left.length; i++) {
      if (!Double.isNaN(left[i])) {
        known[count++] = i;
        weight[i] = 1 / (form[i] * form[i]);
      }
    }
    this.used = Arrays.copyOf(known, count);
    this.squares = squares();
    while (slices < MOST_SLICES && free() > LEAST_FREE && takeOut(cost)) {
      slices++;
    }
  }

  /** How many slices clearly moved. */
  int slices() {
    return slices;
  }

  /**
   * Standard deviation of what is left, in units of the form, with room for how few cells say so.
   */
  double scale() {
    return Math.sqrt(squares / free()) * (1 + CellNoise.UNSURE_CELLS / free());
  }

  /** Minus the mean log likelihood of the form, whatever the factor. */
  double unlikely() {
    double logs = 0;
    for (int i : used) {
      logs -= Math.log(weight[i]) / 2;
    }
    return logs / used.length + Math.log(Math.max(TINY, squares / used.length)) / 2;
  }

  private int free() {
    return used.length - slices;
  }

  private double squares() {
    double sum = 0;
    for (int i : used) {
      sum += weight[i] * left[i] * left[i];
    }
    return sum;
  }

  /** Takes the common deviation of one slice out, if that is beyond chance. */
  private boolean takeOut(double cost) {
    double most = 0;
    int[] best = {};
    double center = 0;
    for (int mask = 1; mask < 1 << table.dimensions().size(); mask++) {
      for (int at : used) {
        int[] cells = like(mask, at);
        double sum = 0;
        double weights = 0;
        for (int i : cells) {
          sum += weight[i] * left[i];
          weights += weight[i];
        }
        if (cells[0] == at
            && cells.length <= used.length - LEAST_FREE + 1
            && sum * sum / weights > most) {
          most = sum * sum / weights;
          best = cells;
          center = sum / weights;
        }
      }
    }
    double rest = Math.max(squares - most, used.length * TINY);
    if ((free() - 1) * Math.log(squares / rest) < cost) {
      return false;
    }
    for (int i : best) {
      left[i] -= center;
    }
    squares = squares();
    return true;
  }

  private int[] like(int mask, int cell) {
    return Arrays.stream(used)
        .filter(
            i -> {
              for (int d = 0; d < table.dimensions().size(); d++) {
                if ((mask >> d & 1) == 1 && table.code(i, d) != table.code(cell, d)) {
                  return false;
                }
              }
              return true;
            })
        .toArray();
  }
}
