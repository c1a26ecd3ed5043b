package dev.tributary.anomaly.core.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The slices that carry nearly all of a great change, found from the top down: the value that
 * carries most of it, within it the next, as long as each carries far more than it used to be of
 * the whole. Sums over many cells are surer than cells, and no quiet cells are needed to compare
 * with, so it also names who got what another lost, where most cells move at once. Where two or
 * three values of one dimension share the change and the others keep still, each is followed by
 * itself. Where neither is so it names none: that is what {@link SliceSearch} is for.
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

  /** Within a slice the rest stands still when it moves by less than this part of the value. */
  private static final double STILL_WITHIN = 0.07;

  /** Where a value is nearly all of its slice, chance makes the rest stand still. */
  private static final double MOST_SIZE_WITHIN = 0.85;

  /** A slice may be most of the whole when what is left keeps still. */
  private static final double MOST_SIZE = 0.8;

  private static final double CARRIES_ALL = 0.9;

  /** What is left keeps still when it moves by less than this part of how the slice moves. */
  private static final double STILL = 0.2;

  /** Values that share a change: how many, and what each has to carry. */
  private static final int MOST_SHARING = 3;

  private static final double SHARES = 0.2;

  /** What a slice that is most of the whole has to change the whole by: chance changes it too. */
  private static final double GREATER = 0.75;

  private final CellTable table;
  private final int[] fixed;

  /**
   * A slice that carries a change.
   *
   * @param values by dimension
   * @param share its part of the change
   */
  public record Carrier(Map<String, String> values, double share) {}

  private DominantSlice(CellTable table) {
    this.table = table;
    this.fixed = new int[table.dimensions().size()];
    Arrays.fill(fixed, -1);
  }

  /** The slices, the one that carries most first; empty where none is clear. */
  public static List<Carrier> find(CellTable table) {
    CellTable sums = table.isRatio() ? table.atCountsSince() : table;
    double[] whole = new DominantSlice(sums).sums(-1, -1);
    if (Math.abs(whole[1] - whole[0]) < GREAT * Math.abs(whole[0])) {
      return List.of();
    }
    Carrier one = new DominantSlice(sums).narrow(whole, true);
    return one.values().isEmpty() ? shared(sums, whole) : List.of(one);
  }

  /** Fixes one dimension after another. */
  private Carrier narrow(double[] whole, boolean isWhole) {
    boolean isFirst = isWhole;
    double[] inside = sums(-1, -1);
    while (inside[1] != inside[0] && fixNext(inside[0], inside[1] - inside[0], isFirst)) {
      inside = sums(-1, -1);
      isFirst = false;
    }
    Map<String, String> slice = new TreeMap<>();
    for (int d = 0; d < fixed.length; d++) {
      if (fixed[d] >= 0) {
        slice.put(table.dimensions().get(d), table.value(d, fixed[d]));
      }
    }
    return new Carrier(slice, (inside[1] - inside[0]) / (whole[1] - whole[0]));
  }

  /** The dimension of which the smallest part of the values shares the change. */
  private static List<Carrier> shared(CellTable table, double[] whole) {
    List<Carrier> best = List.of();
    double smallest = MOST_SIZE;
    for (int d = 0; d < table.dimensions().size(); d++) {
      List<Integer> sharing = sharing(table, d, whole);
      double[] sums = new double[2];
      for (int code : sharing) {
        double[] own = new DominantSlice(table).sums(d, code);
        sums[0] += own[0];
        sums[1] += own[1];
      }
      double size = whole[0] == 0 ? 0 : sums[0] / whole[0];
      if (sharing.size() > 1 && size <= smallest && isAll(sums, whole)) {
        smallest = size;
        best = new ArrayList<>();
        for (int code : sharing) {
          DominantSlice slice = new DominantSlice(table);
          slice.fixed[d] = code;
          best.add(slice.narrow(whole, false));
        }
      }
    }
    return best;
  }

  /** The fewest values of a dimension that carry it all, the greatest part first. */
  private static List<Integer> sharing(CellTable table, int dimension, double[] whole) {
    Map<Integer, Double> shares = new HashMap<>();
    for (int code = 0; code < table.cardinality(dimension); code++) {
      double[] own = new DominantSlice(table).sums(dimension, code);
      shares.put(code, (own[1] - own[0]) / (whole[1] - whole[0]));
    }
    List<Integer> sharing = new ArrayList<>();
    double carried = 0;
    for (Map.Entry<Integer, Double> next :
        shares.entrySet().stream()
            .sorted(
                Map.Entry.<Integer, Double>comparingByValue()
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(MOST_SHARING)
            .toList()) {
      if (carried < CARRIES_ALL && next.getValue() >= SHARES) {
        sharing.add(next.getKey());
        carried += next.getValue();
      }
    }
    return sharing;
  }

  /** Whether the slice carries it all and what is left keeps still. */
  private static boolean isAll(double[] slice, double[] whole) {
    double share = (slice[1] - slice[0]) / (whole[1] - whole[0]);
    double left = whole[0] - slice[0];
    double moved = slice[0] == 0 ? Double.POSITIVE_INFINITY : Math.abs(slice[1] / slice[0] - 1);
    double movedLeft = left <= 0 ? 0 : Math.abs((whole[1] - slice[1]) / left - 1);
    return Math.abs(whole[1] - whole[0]) >= GREATER * Math.abs(whole[0])
        && share >= CARRIES_ALL
        && slice[0] <= MOST_SIZE * whole[0]
        && movedLeft <= STILL * moved;
  }

  private boolean fixNext(double before, double change, boolean isFirst) {
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
        boolean isClear =
            isFirst
                ? (share >= CARRIES && lift >= LIFT)
                    || isAll(sums, new double[] {before, before + change})
                : isRestStill(sums, before, change, share);
        if (isClear && worth > greatest) {
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

  /** Whether a value carries nearly all of its slice's change and the rest of that stands still. */
  private static boolean isRestStill(double[] slice, double before, double change, double share) {
    double left = before - slice[0];
    double moved = slice[0] == 0 ? Double.POSITIVE_INFINITY : Math.abs(slice[1] / slice[0] - 1);
    double movedLeft = left <= 0 ? 0 : Math.abs((before + change - slice[1]) / left - 1);
    return share >= CARRIES_WITHIN
        && slice[0] <= MOST_SIZE_WITHIN * before
        && movedLeft <= STILL_WITHIN * moved;
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
