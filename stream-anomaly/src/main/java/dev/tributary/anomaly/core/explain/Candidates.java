package dev.tributary.anomaly.core.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every slice of which a common deviation explains the cells better than none does, with its gain.
 */
final class Candidates {
  /** A cell moved when it did by so many error scales. */
  private static final double MOVED = 1.5;

  /** A single cell speaks for at most so many error scales, if odd cells are rare. */
  static final double CAP = 8;

  /** Cells farther than this from a common deviation do not share it. */
  private static final double NEAR = 3;

  /** Cells of a cause differ in their deviations by this part of it. */
  private static final double UNLIKE = 0.2;

  /** A slice moved by at least this part of what every cell errs by, however many cells it has. */
  private static final double LEAST_EFFECT = 0.5;

  /** Slices that gain less are not looked at. */
  private static final double LEAST_GAIN = 9;

  private final CellTable table;
  private final Deviations deviations;
  private final double cap;
  private final double[] whole = new double[4];

  /** Per set of dimensions, the group of every cell; groups are numbered from 0. */
  private final int[][] groups;

  /**
   * @param cap error scales that a single cell speaks for at most
   */
  Candidates(CellTable table, Deviations deviations, double cap) {
    this.cap = cap;
    this.table = table;
    this.deviations = deviations;
    this.groups = new int[1 << table.dimensions().size()][];
    groups[0] = new int[table.size()];
    for (int mask = 1; mask < groups.length; mask++) {
      groups[mask] = groupsOf(mask);
    }
    for (int cell = 0; cell < table.size(); cell++) {
      SliceSums.add(table, cell, whole);
    }
  }

  /** Slices of the cells given that moved up or down, in no order. */
  List<Candidate> all(boolean[] isAlive) {
    int[] cells = counting(isAlive);
    List<Candidate> found = new ArrayList<>();
    int masks = 1 << table.dimensions().size();
    for (int mask = 1; mask < masks; mask++) {
      addOf(mask, cells, found);
    }
    return found;
  }

  /** How many slices there are. */
  long slices() {
    long slices = 0;
    for (int mask = 1; mask < 1 << table.dimensions().size(); mask++) {
      int most = -1;
      for (int group : groups[mask]) {
        most = Math.max(most, group);
      }
      slices += most + 1;
    }
    return slices;
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

  private void addOf(int mask, int[] cells, List<Candidate> found) {
    int[] group = groups[mask];
    int most = 0;
    for (int cell : cells) {
      most = Math.max(most, group[cell] + 1);
    }
    int[] size = new int[most];
    double[] rise = new double[most];
    double[] fall = new double[most];
    for (int cell : cells) {
      size[group[cell]]++;
      double scales = deviations.of(cell) / deviations.sigma(cell);
      (scales > 0 ? rise : fall)[group[cell]] += loss(scales);
    }
    int[] start = new int[most];
    int total = 0;
    for (int g = 0; g < most; g++) {
      boolean isCandidate = Math.max(rise[g], fall[g]) >= LEAST_GAIN;
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
      if (start[g] >= 0 && rise[g] >= LEAST_GAIN) {
        add(mask, 1, listed, start[g], next[g], found);
      }
      if (start[g] >= 0 && fall[g] >= LEAST_GAIN) {
        add(mask, -1, listed, start[g], next[g], found);
      }
    }
  }

  private void add(int mask, int direction, int[] listed, int from, int to, List<Candidate> found) {
    double all = mean(listed, from, to, Double.NaN);
    double gain = gain(listed, from, to, all, direction);
    double moved = moved(listed, from, to, direction);
    gain = Math.max(gain, gain(listed, from, to, moved, direction));
    gain = Math.min(gain, deviations.mostGain(table, listed, from, to));
    if (gain < LEAST_GAIN) {
      return;
    }
    double[] sums = new double[4];
    for (int i = from; i < to; i++) {
      SliceSums.add(table, listed[i], sums);
    }
    int[] codes = new int[table.dimensions().size()];
    for (int d = 0; d < codes.length; d++) {
      codes[d] = (mask >> d & 1) == 1 ? table.code(listed[from], d) : -1;
    }
    double excess = SliceSums.excess(table, sums, whole);
    found.add(new Candidate(codes, mask, direction, to - from, gain, excess));
  }

  /** The gain of a common deviation near the one given; 0 where it went the other way. */
  private double gain(int[] listed, int from, int to, double near, int direction) {
    double center = mean(listed, from, to, near);
    if (!(direction * center > LEAST_EFFECT * deviations.common())) {
      return 0;
    }
    double own = UNLIKE * center;
    double gain = 0;
    for (int i = from; i < to; i++) {
      double sigma = deviations.sigma(listed[i]);
      double deviation = deviations.of(listed[i]);
      double spread = sigma * sigma + own * own;
      gain += loss(deviation / sigma) - loss((deviation - center) / Math.sqrt(spread));
    }
    return gain;
  }

  /** Mean deviation, weighed, of the cells that are near a deviation; NaN: of all. */
  private double mean(int[] listed, int from, int to, double near) {
    double sum = 0;
    double weights = 0;
    for (int i = from; i < to; i++) {
      double sigma = deviations.sigma(listed[i]);
      double deviation = deviations.of(listed[i]);
      if (Double.isNaN(near) || Math.abs(deviation - near) <= NEAR * sigma) {
        sum += deviation / (sigma * sigma);
        weights += 1 / (sigma * sigma);
      }
    }
    return weights == 0 ? near : sum / weights;
  }

  /** Median deviation of the cells that moved; 0 where none did. */
  private double moved(int[] listed, int from, int to, int direction) {
    double[] moved = new double[to - from];
    int count = 0;
    for (int i = from; i < to; i++) {
      double deviation = direction * deviations.of(listed[i]);
      if (deviation > MOVED * deviations.sigma(listed[i])) {
        moved[count++] = deviation;
      }
    }
    Arrays.sort(moved, 0, count);
    return count == 0 ? 0 : direction * moved[count / 2];
  }

  private double loss(double scales) {
    double capped = Math.min(Math.abs(scales), cap);
    return capped * capped;
  }

  /**
   * Groups of one dimension less, told apart by that one: codes of all together may be too many.
   */
  private int[] groupsOf(int mask) {
    int dimension = 31 - Integer.numberOfLeadingZeros(mask);
    int[] wider = groups[mask ^ 1 << dimension];
    int[] group = new int[table.size()];
    Map<Long, Integer> numbers = new HashMap<>();
    for (int cell = 0; cell < group.length; cell++) {
      long code = (long) wider[cell] * table.cardinality(dimension) + table.code(cell, dimension);
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
