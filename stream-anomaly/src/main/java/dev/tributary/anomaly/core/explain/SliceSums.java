package dev.tributary.anomaly.core.explain;

/**
 * What a slice was and is, and its part in the change of the whole.
 *
 * @param before metric of the slice before
 * @param after metric of the slice after
 * @param excess part of the whole's change
 * @param share excess over the whole change; NaN where there is none
 */
record SliceSums(double before, double after, double excess, double share) {
  /** Sums over the cells that have the codes; a code of -1 is any. */
  static SliceSums of(CellTable table, int[] codes) {
    double[] slice = new double[4];
    double[] whole = new double[4];
    for (int cell = 0; cell < table.size(); cell++) {
      add(table, cell, whole);
      if (has(table, cell, codes)) {
        add(table, cell, slice);
      }
    }
    double change = table.metric(whole[1], whole[3]) - table.metric(whole[0], whole[2]);
    double excess = excess(table, slice, whole);
    return new SliceSums(
        table.metric(slice[0], slice[2]),
        table.metric(slice[1], slice[3]),
        excess,
        change == 0 ? Double.NaN : excess / change);
  }

  /** The whole's metric now, minus what it would be had the slice stayed as before. */
  static double excess(CellTable table, double[] slice, double[] whole) {
    double unchangedValue = whole[1] - slice[1] + slice[0];
    double unchangedCount = whole[3] - slice[3] + slice[2];
    return table.metric(whole[1], whole[3]) - table.metric(unchangedValue, unchangedCount);
  }

  static void add(CellTable table, int cell, double[] sums) {
    sums[0] += table.value(false, cell);
    sums[1] += table.value(true, cell);
    sums[2] += table.count(false, cell);
    sums[3] += table.count(true, cell);
  }

  private static boolean has(CellTable table, int cell, int[] codes) {
    for (int d = 0; d < codes.length; d++) {
      if (codes[d] >= 0 && codes[d] != table.code(cell, d)) {
        return false;
      }
    }
    return true;
  }
}
