package dev.tributary.anomaly.core.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every slice whose cells mostly moved one way, with its gain. */
final class Candidates {
  /** A cell moved when it did by so many error scales. */
  private static final double MOVED = 1.5;

  /** A single cell speaks for at most so many error scales. */
  private static final double CAP = 6;

  private static final double LEAST_MOVED_SHARE = 0.5;

  private final CellTable table;
  private final Deviations deviations;
  private final double[] whole = new double[4];

  /** Per set of dimensions, the group of every cell; groups are numbered from 0. */
  private final Map<Integer, int[]> groups = new HashMap<>();

  Candidates(CellTable table, Deviations deviations) {
    this.table = table;
    this.deviations = deviations;
    for (int cell = 0; cell < table.size(); cell++) {
      SliceSums.add(table, cell, whole);
    }
  }

  /** Slices of the cells given that moved up (1) or down (-1), in no order. */
  List<Candidate> all(int direction, boolean[] isAlive) {
    int[] cells = counting(isAlive);
    boolean[] hasMoved = new boolean[table.size()];
    for (int cell : cells) {
      hasMoved[cell] = direction * deviations.of(cell) > MOVED * deviations.sigma(cell);
    }
    List<Candidate> found = new ArrayList<>();
    int masks = 1 << table.dimensions().size();
    for (int mask = 1; mask < masks; mask++) {
      addOf(mask, direction, cells, hasMoved, found);
    }
    return found;
  }

  /** Cells of a candidate among those given. */
  int[] members(Candidate candidate, boolean[] isAlive) {
    int[] members = new int[isAlive.length];
    int count = 0;
    for (int cell = 0; cell < isAlive.length; cell++) {
      if (isAlive[cell] && has(cell, candidate)) {
        members[count++] = cell;
      }
    }
    return Arrays.copyOf(members, count);
  }

  private int[] counting(boolean[] isAlive) {
    int[] cells = new int[isAlive.length];
    int count = 0;
    for (int cell = 0; cell < isAlive.length; cell++) {
      if (isAlive[cell] && !Double.isNaN(deviations.of(cell))) {
        cells[count++] = cell;
      }
    }
    return Arrays.copyOf(cells, count);
  }

  private void addOf(
      int mask, int direction, int[] cells, boolean[] hasMoved, List<Candidate> found) {
    int[] group = groups.computeIfAbsent(mask, this::groupsOf);
    int most = 0;
    for (int cell : cells) {
      most = Math.max(most, group[cell] + 1);
    }
    int[] size = new int[most];
    int[] moved = new int[most];
    for (int cell : cells) {
      size[group[cell]]++;
      moved[group[cell]] += hasMoved[cell] ? 1 : 0;
    }
    int[] start = new int[most];
    int total = 0;
    for (int g = 0; g < most; g++) {
      boolean isCandidate = moved[g] > 0 && moved[g] >= LEAST_MOVED_SHARE * size[g];
      start[g] = isCandidate ? total : -1;
      total += isCandidate ? size[g] : 0;
    }
    int[] listed = new int[total];
    int[] next = start.clone();
    for (int cell : cells) {
      if (start[group[cell]] >= 0) {
        listed[next[group[cell]]++] = cell;
      }
    }
    for (int g = 0; g < most; g++) {
      if (start[g] >= 0) {
        found.add(candidate(mask, direction, listed, start[g], next[g], hasMoved));
      }
    }
  }

  private Candidate candidate(
      int mask, int direction, int[] listed, int from, int to, boolean[] hasMoved) {
    double center = direction * center(listed, from, to, direction, hasMoved);
    double gain = 0;
    double[] sums = new double[4];
    for (int i = from; i < to; i++) {
      int cell = listed[i];
      double sigma = deviations.sigma(cell);
      double deviation = deviations.of(cell);
      gain += loss(deviation / sigma) - loss((deviation - center) / sigma);
      SliceSums.add(table, cell, sums);
    }
    int[] codes = new int[table.dimensions().size()];
    for (int d = 0; d < codes.length; d++) {
      codes[d] = (mask >> d & 1) == 1 ? table.code(listed[from], d) : -1;
    }
    return new Candidate(codes, mask, to - from, gain, SliceSums.excess(table, sums, whole));
  }

  /** Median deviation of the cells that moved. */
  private double center(int[] listed, int from, int to, int direction, boolean[] hasMoved) {
    double[] moved = new double[to - from];
    int count = 0;
    for (int i = from; i < to; i++) {
      if (hasMoved[listed[i]]) {
        moved[count++] = direction * deviations.of(listed[i]);
      }
    }
    Arrays.sort(moved, 0, count);
    return moved[count / 2];
  }

  private static double loss(double scales) {
    double capped = Math.min(Math.abs(scales), CAP);
    return capped * capped;
  }

  private int[] groupsOf(int mask) {
    int[] group = new int[table.size()];
    Map<Long, Integer> numbers = new HashMap<>();
    for (int cell = 0; cell < group.length; cell++) {
      long code = 0;
      for (int d = 0; d < table.dimensions().size(); d++) {
        if ((mask >> d & 1) == 1) {
          code =
              Math.addExact(
                  Math.multiplyExact(code, (long) table.cardinality(d)), table.code(cell, d));
        }
      }
      Integer number = numbers.putIfAbsent(code, numbers.size());
      group[cell] = number == null ? numbers.size() - 1 : number;
    }
    return group;
  }

  private boolean has(int cell, Candidate candidate) {
    int[] codes = candidate.codes();
    for (int d = 0; d < codes.length; d++) {
      if (codes[d] >= 0 && codes[d] != table.code(cell, d)) {
        return false;
      }
    }
    return true;
  }
}
