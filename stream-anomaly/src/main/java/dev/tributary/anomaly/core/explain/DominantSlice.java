package dev.tributary.anomaly.core.explain;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The slice that carries nearly all of a great change of a sum, found from the top down: the value
 * that carries most of it, within it the next, as long as each carries far more than it used to be
 * of the whole. It needs no quiet cells to compare with, so it also names who got what another
 * lost, where most cells move at once. Where several slices share a change it names none: that is
 * what {@link SliceSearch} is for.
 */
public final class DominantSlice {
  /** A change smaller than this part of what was there before is left to the search. */
  private static final double GREAT = 0.5;

  /** Part of the change that a slice has to carry. */
  private static final double CARRIES = 0.75;

  /** Part of its slice's change that a narrower one has to carry. */
  private static final double CARRIES_WITHIN = 0.88;

  /** A slice says nothing that carries what its size lets expect. */
  private static final double LIFT = 1.5;

  /** Within a slice chance is what is left, and it rarely leaves nothing. */
  private static final double LIFT_WITHIN = 1.35;

  private final CellTable table;
  private final int[] fixed;

  private DominantSlice(CellTable table) {
    this.table = table;
    this.fixed = new int[table.dimensions().size()];
    Arrays.fill(fixed, -1);
  }

  /** The values of the slice; empty where there is none, or where the metric is a ratio. */
  public static Map<String, String> find(CellTable table) {
    return table.isRatio() ? Map.of() : new DominantSlice(table).find();
  }

  private Map<String, String> find() {
    double before = 0;
    double after = 0;
    for (int cell = 0; cell < table.size(); cell++) {
      before += table.value(false, cell);
      after += table.value(true, cell);
    }
    Map<String, String> slice = new TreeMap<>();
    if (Math.abs(after - before) < GREAT * Math.abs(before)) {
      return slice;
    }
    double carries = CARRIES;
    double lift = LIFT;
    while (fixNext(before, after - before, carries, lift)) {
      double[] inside = sums(-1, -1);
      before = inside[0];
      carries = CARRIES_WITHIN;
      lift = LIFT_WITHIN;
      if (inside[1] == inside[0]) {
        break;
      }
      after = inside[1];
    }
    for (int d = 0; d < fixed.length; d++) {
      if (fixed[d] >= 0) {
        slice.put(table.dimensions().get(d), table.value(d, fixed[d]));
      }
    }
    return slice;
  }

  private boolean fixNext(double before, double change, double carries, double leastLift) {
    int dimension = -1;
    int code = -1;
    double greatest = 0;
    for (int d = 0; d < fixed.length; d++) {
      for (int value = 0; fixed[d] < 0 && value < table.cardinality(d); value++) {
        double[] sums = sums(d, value);
        double share = (sums[1] - sums[0]) / change;
        double size = before == 0 ? 0 : sums[0] / before;
        double lift = share / Math.max(0.01, size);
        // Of two that carry it all, the smaller one says more.
        double worth = Math.min(share, 1.2) - size;
        if (share >= carries && lift >= leastLift && worth > greatest) {
          greatest = worth;
          dimension = d;
          code = value;
        }
      }
    }
    if (dimension >= 0) {
      fixed[dimension] = code;
    }
    return dimension >= 0;
  }

  /** Before and after of the slice so far, with one more value; -1: without. */
  private double[] sums(int dimension, int code) {
    double[] sums = new double[2];
    for (int cell = 0; cell < table.size(); cell++) {
      boolean isIn = dimension < 0 || table.code(cell, dimension) == code;
      for (int d = 0; isIn && d < fixed.length; d++) {
        isIn = fixed[d] < 0 || table.code(cell, d) == fixed[d];
      }
      if (isIn) {
        sums[0] += table.value(false, cell);
        sums[1] += table.value(true, cell);
      }
    }
    return sums;
  }
}
