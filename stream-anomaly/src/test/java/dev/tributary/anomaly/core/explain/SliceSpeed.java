package dev.tributary.anomaly.core.explain;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Prints the CPU time of a search: {@code SliceSpeed [CELLS [DIMENSIONS]]}, three times. */
public final class SliceSpeed {
  private static final int VALUES = 9;

  private SliceSpeed() {}

  /** Cells and dimensions, optional. */
  public static void main(String[] args) {
    int cells = args.length > 0 ? Integer.parseInt(args[0]) : 50_000;
    int dimensions = args.length > 1 ? Integer.parseInt(args[1]) : 6;
    for (int round = 0; round < 3; round++) {
      CellTable table = table(cells, dimensions, round);
      long start = cpu();
      long causes = SliceSearch.search(table).stream().filter(Slice::isCause).count();
      System.out.printf(
          Locale.ROOT,
          "%d cells, %d dimensions: %d causes, %.1f s of CPU%n",
          table.size(),
          dimensions,
          causes,
          (cpu() - start) / 1e9);
    }
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** Three values of the first dimension rise, one of two dimensions falls. */
  private static CellTable table(int cells, int dimensions, long seed) {
    Random random = new Random(seed);
    List<String> names = new ArrayList<>();
    for (int d = 0; d < dimensions; d++) {
      names.add("d" + d);
    }
    CellTable table = new CellTable(names, false);
    for (int i = 0; table.size() < cells && i < 20 * cells; i++) {
      List<String> cell = new ArrayList<>();
      for (int d = 0; d < dimensions; d++) {
        cell.add("v" + random.nextInt(VALUES));
      }
      double amount = Math.exp(2 + random.nextGaussian());
      double factor = cell.get(0).compareTo("v3") < 0 ? 1.3 : 1;
      factor = cell.get(1).equals("v5") && cell.get(2).equals("v4") ? 0.5 : factor;
      table.add(false, cell, amount, 0);
      table.add(true, cell, amount * factor * (1 + 0.1 * random.nextGaussian()), 0);
    }
    return table;
  }
}
