package dev.tributary.anomaly.core.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Changes with a known cause, generated as published: {@link #synthetic} follows the description of
 * the sets S, L and H of RiskLoc (arXiv 2205.10004), {@link #squeeze} that of set B of Squeeze
 * (ISSRE 2019): several elements of one cuboid, each with its own magnitude shared by all cells
 * below, over forecasts with a given residual.
 */
final class CauseCases {
  /**
   * A case.
   *
   * @param causes slices that were changed, each dimension to value
   */
  record Case(CellTable table, Set<Map<String, String>> causes) {}

  /** Shape of a synthetic set. */
  record Shape(
      int[] sizes,
      double mostNoise,
      double leastSeverity,
      double mostDeviation,
      int mostAnomalies,
      int mostElements,
      boolean onlyLastLayer) {
    static final Shape S = new Shape(new int[] {10, 12, 10, 8, 5}, 0.25, 0.2, 0.1, 3, 3, false);
    static final Shape L = new Shape(new int[] {10, 24, 10, 15}, 0.1, 0.5, 0, 5, 1, true);
  }

  private final Random random;
  private int[] sizes = {};
  private int[][] cells = {};
  private double[] before = {};
  private double[] after = {};
  private final Set<Map<String, String>> causes = new LinkedHashSet<>();
  private final List<int[]> anomalies = new ArrayList<>();

  private CauseCases(long seed) {
    this.random = new Random(seed);
  }

  static Case synthetic(Shape shape, long seed) {
    CauseCases cases = new CauseCases(seed);
    cases.cross(shape.sizes());
    double noise = cases.uniform(0, shape.mostNoise());
    cases.values(cases.uniform(0.5, 1), cases.uniform(0, 0.25), noise);
    double real = 0;
    double predicted = 0;
    for (int i = 0; i < cases.cells.length; i++) {
      real += cases.after[i];
      predicted += cases.before[i];
    }
    boolean isRise = real > predicted;
    int anomalies = 1 + cases.random.nextInt(shape.mostAnomalies());
    for (int a = 0; a < anomalies; a++) {
      cases.anomaly(shape, noise, isRise);
    }
    return cases.finish();
  }

  /** Elements of one cuboid of a layer, over forecasts with a relative residual. */
  static Case squeeze(int layer, int elements, double residual, long seed) {
    CauseCases cases = new CauseCases(seed);
    cases.cross(new int[] {10, 12, 10, 8});
    int n = cases.cells.length;
    for (int i = 0; i < n; i++) {
      boolean isEmpty = cases.random.nextDouble() < 0.3;
      double real = isEmpty ? 0 : Math.exp(3 + 1.3 * cases.random.nextGaussian());
      cases.after[i] = real;
      cases.before[i] = Math.max(0, real * (1 + residual * cases.random.nextGaussian()));
    }
    Set<Integer> dimensions = cases.someDimensions(layer);
    boolean isRise = cases.random.nextBoolean();
    Set<Map<String, String>> chosen = cases.causes;
    while (chosen.size() < elements) {
      int[] element = cases.element(dimensions, List.of());
      if (!chosen.add(cases.named(element))) {
        continue;
      }
      double magnitude = cases.uniform(0.3, 0.9);
      for (int i = 0; i < n; i++) {
        if (matches(cases.cells[i], element)) {
          double share = 1 - magnitude + residual * cases.random.nextGaussian();
          double changed = Math.max(0, cases.before[i] * share);
          cases.after[i] = isRise ? cases.before[i] : changed;
          cases.before[i] = isRise ? changed : cases.before[i];
        }
      }
    }
    return cases.finish();
  }

  private void cross(int[] sizes) {
    this.sizes = sizes;
    int n = 1;
    for (int size : sizes) {
      n *= size;
    }
    cells = new int[n][sizes.length];
    before = new double[n];
    after = new double[n];
    for (int i = 0; i < n; i++) {
      int rest = i;
      for (int d = sizes.length - 1; d >= 0; d--) {
        cells[i][d] = rest % sizes[d];
        rest /= sizes[d];
      }
    }
  }

  private void values(double alpha, double zeroRate, double noise) {
    for (int i = 0; i < cells.length; i++) {
      double weibull = 100 * Math.pow(-Math.log(1 - random.nextDouble()), 1 / alpha);
      double value = random.nextDouble() > zeroRate ? weibull : 0;
      double noisy = value * (1 + noise * random.nextGaussian());
      boolean isSwapped = random.nextBoolean();
      after[i] = isSwapped ? noisy : value;
      before[i] = Math.max(0, isSwapped ? value : noisy);
    }
  }

  private void anomaly(Shape shape, double noise, boolean isRise) {
    int layer = shape.onlyLastLayer() ? sizes.length : 1 + random.nextInt(sizes.length);
    int elements = 1 + random.nextInt(shape.mostElements());
    double severity = uniform(shape.leastSeverity(), 1) + noise;
    double deviation = uniform(0, shape.mostDeviation());
    Set<Integer> dimensions = someDimensions(layer);
    List<int[]> others = List.copyOf(anomalies);
    for (int e = 0; e < elements; e++) {
      int[] element = element(dimensions, others);
      // Nobody can find a change of nothing: a cell that is zero is drawn again.
      for (int i = 0; layer == sizes.length && isZero(element) && i < 100; i++) {
        element = element(dimensions, others);
      }
      anomalies.add(element);
      causes.add(named(element));
      for (int i = 0; i < cells.length; i++) {
        if (matches(cells[i], element)) {
          double factor = Math.max(0, 1 - severity - deviation * random.nextGaussian());
          if (isRise) {
            before[i] = after[i] * factor;
          } else {
            after[i] = before[i] * factor;
          }
        }
      }
    }
  }

  private boolean isZero(int[] element) {
    for (int i = 0; i < cells.length; i++) {
      if (matches(cells[i], element)) {
        return before[i] == 0 || after[i] == 0;
      }
    }
    return true;
  }

  private Set<Integer> someDimensions(int layer) {
    Set<Integer> chosen = new TreeSet<>();
    while (chosen.size() < layer) {
      chosen.add(random.nextInt(sizes.length));
    }
    return chosen;
  }

  /** An element of the cuboid that shares no value with other anomalies. */
  private int[] element(Set<Integer> dimensions, List<int[]> others) {
    int[] element = new int[sizes.length];
    for (int d = 0; d < sizes.length; d++) {
      element[d] = -1;
      if (dimensions.contains(d)) {
        int dimension = d;
        do {
          element[d] = random.nextInt(sizes[d]);
        } while (others.size() < sizes[d]
            && others.stream().anyMatch(o -> o[dimension] == element[dimension]));
      }
    }
    return element;
  }

  private Map<String, String> named(int[] element) {
    Map<String, String> names = new LinkedHashMap<>();
    for (int d = 0; d < element.length; d++) {
      if (element[d] >= 0) {
        String name = name(d);
        names.put(name, name + element[d]);
      }
    }
    return new TreeMap<>(names);
  }

  private static boolean matches(int[] cell, int[] element) {
    for (int d = 0; d < element.length; d++) {
      if (element[d] >= 0 && element[d] != cell[d]) {
        return false;
      }
    }
    return true;
  }

  private Case finish() {
    List<String> names = new ArrayList<>();
    for (int d = 0; d < sizes.length; d++) {
      names.add(name(d));
    }
    CellTable table = new CellTable(names, false);
    for (int i = 0; i < cells.length; i++) {
      List<String> cell = new ArrayList<>();
      for (int d = 0; d < sizes.length; d++) {
        cell.add(name(d) + cells[i][d]);
      }
      table.add(false, cell, before[i], 0);
      table.add(true, cell, after[i], 0);
    }
    return new Case(table, Set.copyOf(causes));
  }

  private static String name(int dimension) {
    return String.valueOf((char) ('a' + dimension));
  }

  private double uniform(double least, double most) {
    return least + random.nextDouble() * (most - least);
  }
}
