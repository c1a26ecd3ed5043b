package dev.tributary.anomaly.core.explain;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A move that nearly all cells share and that is too great for a drift. Then no cells are quiet,
 * and every value of every dimension seems to have moved: what moved is the whole.
 */
final class WholeMove {
  /** Part of the cells, by what they say, that may be where they were. */
  private static final double MOST_STILL = 0.15;

  /** A cell from nothing to something deviates by this, whatever it is. */
  private static final double NEW = 2 - 1e-9;

  private static final double MOST_LOSS = Candidates.CAP * Candidates.CAP;

  private final Deviations usual;
  private final @Nullable Deviations beside;
  private final int cells;

  private WholeMove(Deviations usual, @Nullable Deviations beside, int cells) {
    this.usual = usual;
    this.beside = beside;
    this.cells = cells;
  }

  /** Null where the cells do not share a great move. */
  static @Nullable WholeMove of(CellTable table, Deviations usual) {
    double[] sorted =
        Arrays.stream(usual.all()).filter(deviation -> !Double.isNaN(deviation)).sorted().toArray();
    if (sorted.length == 0) {
      return null;
    }
    double middle = sorted[sorted.length / 2];
    if (sorted[0] >= NEW || sorted[sorted.length - 1] <= -NEW) {
      return new WholeMove(usual, null, sorted.length);
    }
    if (Math.abs(middle) <= Deviations.MOST_DRIFT || Math.abs(middle) >= NEW) {
      return null;
    }
    WholeMove move = new WholeMove(usual, usual.beside(table, middle), sorted.length);
    return move.isOfAll() ? move : null;
  }

  private boolean isOfAll() {
    double still = 0;
    double all = 0;
    for (int cell = 0; beside != null && cell < usual.all().length; cell++) {
      if (!Double.isNaN(usual.of(cell)) && !Double.isNaN(beside.of(cell))) {
        double weight = 1 / (beside.sigma(cell) * beside.sigma(cell));
        all += weight;
        double moved = Math.abs(usual.of(cell));
        boolean isStill = moved < Math.abs(beside.of(cell)) && moved < 2 * beside.sigma(cell);
        still += isStill ? weight : 0;
      }
    }
    return still < MOST_STILL * all;
  }

  /** How the cells moved beside it; null: every cell is new, or gone. */
  @Nullable Deviations beside() {
    return beside;
  }

  /** Cells that are not zero on both sides. */
  int cells() {
    return cells;
  }

  /**
   * What causes leave of the cells, in squared error scales.
   *
   * @param owners number of each cell's cause, from 0; -1: none, it should be as it was
   */
  double unexplained(int[] owners) {
    return unexplained(usual, owners);
  }

  /** As before, but where a cell has no cause it should have moved as all did. */
  double unexplainedBeside(int[] owners) {
    return beside == null ? 0 : unexplained(beside, owners);
  }

  private double unexplained(Deviations from, int[] owners) {
    double[] centers = centers(owners);
    double sum = 0;
    for (int cell = 0; cell < owners.length; cell++) {
      if (!Double.isNaN(usual.of(cell))) {
        sum +=
            owners[cell] < 0
                ? loss(from, cell, 0)
                : beside == null ? 0 : loss(beside, cell, centers[owners[cell]]);
      }
    }
    return sum;
  }

  /** Common deviation of each cause's cells, beside the move, weighed. */
  private double[] centers(int[] owners) {
    double[] sums = new double[owners.length];
    double[] weights = new double[owners.length];
    for (int cell = 0; beside != null && cell < owners.length; cell++) {
      if (owners[cell] >= 0 && !Double.isNaN(beside.of(cell))) {
        double weight = 1 / (beside.sigma(cell) * beside.sigma(cell));
        sums[owners[cell]] += weight * beside.of(cell);
        weights[owners[cell]] += weight;
      }
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] = weights[i] == 0 ? 0 : sums[i] / weights[i];
    }
    return sums;
  }

  private double loss(Deviations from, int cell, double center) {
    if (beside == null || Double.isNaN(from.of(cell))) {
      return MOST_LOSS;
    }
    double scales = (from.of(cell) - center) / beside.sigma(cell);
    return Math.min(MOST_LOSS, scales * scales);
  }
}
