package dev.tributary.anomaly.core.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Leaf cells before and after: one per combination of dimension values, a cell that one side lacks
 * being zero there. The metric is a sum, or a ratio of two sums (value over count).
 */
public final class CellTable {
  /** Their subsets are searched one by one. */
  public static final int MOST_DIMENSIONS = 8;

  private final List<String> dimensions;
  private final boolean isRatio;
  private final List<Map<String, Integer>> codes = new ArrayList<>();
  private final List<List<String>> values = new ArrayList<>();
  private final Map<Key, Integer> rows = new HashMap<>();
  private final List<int[]> cells = new ArrayList<>();
  private final List<double[]> amounts = new ArrayList<>();

  /** Dimension codes of a cell. */
  @SuppressWarnings("ArrayRecordComponent") // equals and hashCode look into the array
  private record Key(int[] codes, int hash) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(codes, key.codes);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /**
   * @param dimensions names, 1 to 8 of them, without repetition
   * @param isRatio whether the metric is value over count
   */
  public CellTable(List<String> dimensions, boolean isRatio) {
    if (dimensions.isEmpty() || dimensions.size() > MOST_DIMENSIONS) {
      throw new IllegalArgumentException(
          "1 to " + MOST_DIMENSIONS + " dimensions, not " + dimensions.size());
    }
    this.dimensions = List.copyOf(dimensions);
    this.isRatio = isRatio;
    for (int i = 0; i < dimensions.size(); i++) {
      codes.add(new HashMap<>());
      values.add(new ArrayList<>());
    }
  }

  /**
   * Adds amounts to a cell.
   *
   * @param isAfter which side
   * @param cell dimension values in the order of the dimensions
   * @param count second sum of a ratio; ignored for a sum
   */
  public void add(boolean isAfter, List<String> cell, double value, double count) {
    add(isAfter, cell, value, count, 0);
  }

  /**
   * Adds amounts to a cell, of which it is known how many samples made them: chance falls with
   * their number, whatever the amounts are.
   *
   * @param samples not scaled as the amounts may be
   */
  public void add(boolean isAfter, List<String> cell, double value, double count, double samples) {
    int[] key = new int[dimensions.size()];
    for (int i = 0; i < key.length; i++) {
      List<String> known = values.get(i);
      key[i] =
          codes
              .get(i)
              .computeIfAbsent(
                  cell.get(i),
                  name -> {
                    known.add(name);
                    return known.size() - 1;
                  });
    }
    Integer row = rows.putIfAbsent(new Key(key, Arrays.hashCode(key)), cells.size());
    if (row == null) {
      row = cells.size();
      cells.add(key);
      amounts.add(new double[6]);
    }
    double[] amount = amounts.get(row);
    amount[isAfter ? 1 : 0] += value;
    amount[isAfter ? 3 : 2] += count;
    amount[isAfter ? 5 : 4] += samples;
  }

  public int size() {
    return cells.size();
  }

  /**
   * Of a ratio: what its value would have been, had the counts since met the rates from before, and
   * what it is. Cells of few counts have the rate of all, to the part that they are few.
   */
  CellTable atCountsSince() {
    CellTable table = new CellTable(dimensions, false);
    double value = 0;
    double count = 0;
    for (double[] amount : amounts) {
      value += amount[0];
      count += amount[2];
    }
    double usual = count == 0 ? 0 : value / count;
    double few = count / Math.max(1, size());
    for (int cell = 0; cell < size(); cell++) {
      double[] amount = amounts.get(cell);
      double weight = amount[2] + few;
      double rate = weight == 0 ? 0 : (amount[0] + few * usual) / weight;
      List<String> named = new ArrayList<>();
      for (int d = 0; d < dimensions.size(); d++) {
        named.add(value(d, code(cell, d)));
      }
      table.add(false, named, rate * amount[3], 0);
      table.add(true, named, amount[1], 0);
    }
    return table;
  }

  public boolean isRatio() {
    return isRatio;
  }

  /** How far the metric of all cells moved, over what it was; infinite where it was 0. */
  public double relativeChange() {
    double[] sums = new double[4];
    for (double[] amount : amounts) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += amount[i];
      }
    }
    double was = metric(sums[0], sums[2]);
    double change = Math.abs(metric(sums[1], sums[3]) - was);
    return change == 0 ? 0 : change / Math.abs(was);
  }

  /** Names of the dimensions, in the order in which cells give them. */
  public List<String> names() {
    return dimensions;
  }

  List<String> dimensions() {
    return dimensions;
  }

  /** Number of values a dimension has. */
  int cardinality(int dimension) {
    return values.get(dimension).size();
  }

  String value(int dimension, int code) {
    return values.get(dimension).get(code);
  }

  int code(int cell, int dimension) {
    return cells.get(cell)[dimension];
  }

  /** Value sum of a cell. */
  double value(boolean isAfter, int cell) {
    return amounts.get(cell)[isAfter ? 1 : 0];
  }

  double count(boolean isAfter, int cell) {
    return amounts.get(cell)[isAfter ? 3 : 2];
  }

  /** How many samples made both sides of a cell; 0: nobody said. */
  double samples(int cell) {
    return amounts.get(cell)[4] + amounts.get(cell)[5];
  }

  /** The metric of a cell; 0 where a ratio has no count. */
  double metric(boolean isAfter, int cell) {
    return metric(value(isAfter, cell), count(isAfter, cell));
  }

  /** The metric of sums. */
  double metric(double value, double count) {
    if (!isRatio) {
      return value;
    }
    return count == 0 ? 0 : value / count;
  }
}
