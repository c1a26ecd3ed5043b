package dev.tributary.anomaly.core.explain;

import dev.tributary.anomaly.scenario.Noise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Changes with a known cause in cells as traffic has them: sizes skewed by Zipf's law, most
 * combinations rare or absent, counts by chance, dimensions that lie in others, sums and ratios. A
 * cause is drawn again until it can be told from what is one value wider or narrower: what it
 * leaves out, and each part of it, must be large enough for chance not to hide that it stood still
 * or moved. A slice that has the same cells with fewer values is named by those.
 */
final class TrafficCases {
  /** Standard errors by which a cause, its parts and what it leaves out can be told from chance. */
  private static final double CLEAR = 7;

  private static final double SIDE_CLEAR = 5;

  /** Amounts below this are rounded to nothing. */
  private static final double LEAST_AMOUNT = 0.3;

  private static final int TRIES = 3_000;

  private final CauseKind kind;
  private final Random random;
  private int[] sizes = {};
  private final List<int[]> cells = new ArrayList<>();
  private double[] mean = {};
  private double[] rate = {};
  private double[] factor = {};
  private double noise;
  private double usualRate;
  private double spread;
  private final List<int[]> causes = new ArrayList<>();

  private TrafficCases(CauseKind kind, long seed) {
    this.kind = kind;
    this.random = new Random((seed * 64 + kind.ordinal()) * 0x9E3779B97F4A7C15L);
  }

  static CauseCases.Case of(CauseKind kind, long seed) {
    for (long attempt = 0; attempt < 100; attempt++) {
      TrafficCases cases = new TrafficCases(kind, seed + attempt * 1_000_003);
      cases.traffic();
      if (cases.change()) {
        return cases.finish();
      }
    }
    throw new IllegalStateException("no case for " + kind + " of seed " + seed);
  }

  /** Traffic to which nothing is done. */
  static CellTable quiet(CauseKind kind, long seed) {
    TrafficCases cases = new TrafficCases(kind, seed);
    cases.traffic();
    return cases.finish().table();
  }

  private void traffic() {
    int dimensions =
        kind.leastDimensions() + random.nextInt(kind.mostDimensions() - kind.leastDimensions() + 1);
    sizes = new int[dimensions];
    int[] parent = new int[dimensions];
    Arrays.fill(parent, -1);
    for (int d = 0; d < dimensions; d++) {
      sizes[d] = 3 + random.nextInt(dimensions > 4 ? 8 : 14);
    }
    if (kind.isNested()) {
      sizes[0] = 4 + random.nextInt(4);
      sizes[1] = sizes[0] * (2 + random.nextInt(4));
      parent[1] = 0;
      if (random.nextBoolean()) {
        sizes[3] = Math.min(sizes[2], 3);
        parent[2] = 3; // one dimension decides another
      }
    }
    double[][] weight = new double[dimensions][];
    for (int d = 0; d < dimensions; d++) {
      weight[d] = zipf(sizes[d], uniform(0.3, 1.3));
    }
    double present = kind == CauseKind.COUNT_SPARSE ? 0.3 : uniform(0.4, 1);
    cross(parent, weight, present);
    boolean isSparse = kind == CauseKind.COUNT_SPARSE;
    double events = cells.size() * (isSparse ? uniform(1, 4) : uniform(15, 300));
    events *= kind.isSmall() ? 8 : 1;
    double all = Arrays.stream(mean).sum();
    for (int i = 0; i < mean.length; i++) {
      mean[i] *= events / all;
    }
    noise = uniform(0.02, 0.15);
    spread = uniform(0.5, 1.5);
    usualRate =
        switch (kind.metric()) {
          case SUCCESS -> 1 - Math.exp(uniform(Math.log(0.005), Math.log(0.08)));
          case FAILURE -> Math.exp(uniform(Math.log(0.01), Math.log(0.1)));
          case MEAN -> uniform(50, 800);
          case COUNT, AMOUNT -> 1;
        };
    rate = new double[mean.length];
    factor = new double[mean.length];
    Arrays.fill(factor, 1);
    double[][] level = new double[dimensions][];
    for (int d = 0; d < dimensions; d++) {
      level[d] = random.doubles(sizes[d], 0.85, 1.18).toArray();
    }
    for (int i = 0; i < rate.length; i++) {
      double own = 1;
      for (int d = 0; d < dimensions; d++) {
        own *= level[d][cells.get(i)[d]];
      }
      rate[i] =
          switch (kind.metric()) {
            case SUCCESS -> 1 - Math.min(0.5, (1 - usualRate) * own);
            case FAILURE -> Math.min(0.5, usualRate * own);
            case MEAN -> usualRate * own;
            case COUNT, AMOUNT -> 1;
          };
    }
  }

  private void cross(int[] parent, double[][] weight, double present) {
    int n = Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    double[] weights = new double[n];
    int kept = 0;
    for (int i = 0; i < n; i++) {
      int[] cell = new int[sizes.length];
      int rest = i;
      double own = Math.exp(0.7 * random.nextGaussian());
      for (int d = sizes.length - 1; d >= 0; d--) {
        cell[d] = rest % sizes[d];
        rest /= sizes[d];
        own *= weight[d][cell[d]];
      }
      boolean isPossible = random.nextDouble() < present;
      for (int d = 0; d < parent.length; d++) {
        isPossible &= parent[d] < 0 || cell[d] % sizes[parent[d]] == cell[parent[d]];
      }
      if (isPossible) {
        cells.add(cell);
        weights[kept++] = own;
      }
    }
    mean = Arrays.copyOf(weights, kept);
  }

  private double[] zipf(int size, double exponent) {
    double[] weights = new double[size];
    for (int i = 0; i < size; i++) {
      weights[i] = Math.pow(i + 1, -exponent);
    }
    return weights;
  }

  /** Puts the causes in; false where none can be told from chance. */
  private boolean change() {
    int wanted = kind.leastCauses() + random.nextInt(kind.mostCauses() - kind.leastCauses() + 1);
    int cuboid = 0;
    for (int t = 0; t < TRIES && causes.size() < wanted; t++) {
      int[] cause = element(kind == CauseKind.COUNT_SAME_CUBOID && cuboid != 0 ? cuboid : cuboid());
      double by = strength();
      if (isClear(cause, by) && isApart(cause)) {
        causes.add(cause);
        cuboid = mask(cause);
        for (int i = 0; i < factor.length; i++) {
          if (matches(cells.get(i), cause)) {
            factor[i] = by;
          }
        }
      }
    }
    return causes.size() == wanted;
  }

  private int cuboid() {
    int layer = 1 + random.nextInt(Math.min(3, sizes.length));
    Set<Integer> chosen = new HashSet<>();
    while (chosen.size() < layer) {
      chosen.add(random.nextInt(sizes.length));
    }
    return chosen.stream().mapToInt(d -> 1 << d).sum();
  }

  /** The values of a cell that has them all, so that it is not empty. */
  private int[] element(int cuboid) {
    int[] cell = cells.get(random.nextInt(cells.size()));
    int[] element = new int[sizes.length];
    for (int d = 0; d < element.length; d++) {
      element[d] = (cuboid >> d & 1) == 1 ? cell[d] : -1;
    }
    return element;
  }

  private double strength() {
    if (kind == CauseKind.COUNT_SMALL) {
      double by = uniform(0.1, 0.35);
      return random.nextBoolean() ? 1 + by : 1 - by;
    }
    return switch (kind.metric()) {
      case COUNT, AMOUNT ->
          kind == CauseKind.COUNT_ONE_SIDED
              ? random.nextBoolean() ? 0 : Double.POSITIVE_INFINITY
              : random.nextBoolean() ? Math.exp(uniform(0.4, 1.8)) : uniform(0.1, 0.65);
      case SUCCESS -> kind == CauseKind.SUCCESS_SMALL ? 1 - uniform(0.01, 0.05) : uniform(0.2, 0.9);
      case FAILURE -> Math.exp(uniform(Math.log(2), Math.log(8)));
      case MEAN -> random.nextInt(4) == 0 ? uniform(0.3, 0.7) : Math.exp(uniform(0.25, 1.4));
    };
  }

  /** Standard errors by which so much volume in so many cells moves. */
  private double z(double[] volume, double by) {
    double step = Double.isInfinite(by) || by == 0 ? 1 : Math.abs(2 * (by - 1) / (by + 1));
    if (kind.metric() == CauseKind.Metric.AMOUNT) {
      return Math.min(3, step / noise) * Math.sqrt(volume[1]); // no cell says much: some are absent
    }
    double variance =
        switch (kind.metric()) {
          case COUNT, AMOUNT -> 2;
          case SUCCESS -> 2 * Math.max(1 - usualRate, 0.5 * Math.max(0, 1 - by));
          case FAILURE -> 2 / usualRate;
          case MEAN -> 2 * spread * spread;
        };
    return step / Math.sqrt(variance / Math.max(1e-9, volume[0]));
  }

  /** Whether it can be told from chance, and from what is one value wider or narrower. */
  private boolean isClear(int[] cause, double by) {
    double[] inside = volume(cause);
    double whole = Arrays.stream(mean).sum();
    boolean isSmall = inside[0] < 0.002 * whole || inside[0] > 0.5 * whole;
    if (isSmall || z(inside, by) < CLEAR) {
      return false;
    }
    for (int d = 0; d < sizes.length; d++) {
      int[] other = cause.clone();
      if (cause[d] >= 0) {
        other[d] = -1;
        if (z(minus(volume(other), inside), by) < SIDE_CLEAR) {
          return false;
        }
      } else {
        for (int value = 0; value < sizes[d]; value++) {
          other[d] = value;
          double[] part = volume(other);
          if (part[0] > 0 && z(minus(inside, part), by) < SIDE_CLEAR) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private boolean isApart(int[] cause) {
    for (int i = 0; i < factor.length; i++) {
      if (factor[i] != 1 && matches(cells.get(i), cause)) {
        return false;
      }
    }
    return true;
  }

  /** Mean volume of a slice, and in how many cells that hold something. */
  private double[] volume(int[] slice) {
    double[] volume = new double[2];
    for (int i = 0; i < mean.length; i++) {
      if (matches(cells.get(i), slice)) {
        volume[0] += mean[i];
        volume[1] += mean[i] < LEAST_AMOUNT ? 0 : 1;
      }
    }
    return volume;
  }

  private static double[] minus(double[] volume, double[] part) {
    return new double[] {volume[0] - part[0], volume[1] - part[1]};
  }

  private static int mask(int[] slice) {
    int mask = 0;
    for (int d = 0; d < slice.length; d++) {
      mask |= slice[d] >= 0 ? 1 << d : 0;
    }
    return mask;
  }

  private static boolean matches(int[] cell, int[] slice) {
    for (int d = 0; d < slice.length; d++) {
      if (slice[d] >= 0 && slice[d] != cell[d]) {
        return false;
      }
    }
    return true;
  }

  private CauseCases.Case finish() {
    List<String> names = new ArrayList<>();
    for (int d = 0; d < sizes.length; d++) {
      names.add(name(d));
    }
    boolean isRatio = kind.metric().isRatio();
    CellTable table = new CellTable(names, isRatio);
    for (int i = 0; i < mean.length; i++) {
      List<String> cell = new ArrayList<>();
      for (int d = 0; d < sizes.length; d++) {
        cell.add(name(d) + cells.get(i)[d]);
      }
      boolean isNew = Double.isInfinite(factor[i]);
      double[] before = draw(i, isNew ? 0 : 1);
      double[] after = draw(i, (isNew ? 1 : factor[i]) * kind.drift());
      boolean isSure = kind.metric() != CauseKind.Metric.AMOUNT || random.nextDouble() >= 0.04;
      int lost = isSure ? -1 : random.nextInt(2);
      if ((before[0] != 0 || before[1] != 0) && lost != 0) {
        table.add(false, cell, before[0], before[1]);
      }
      if ((after[0] != 0 || after[1] != 0) && lost != 1) {
        table.add(true, cell, after[0], after[1]);
      }
    }
    Set<Map<String, String>> named = new HashSet<>();
    causes.forEach(cause -> named.add(named(cause)));
    return new CauseCases.Case(table, named);
  }

  /** Value and count of a cell that is multiplied. */
  private double[] draw(int i, double by) {
    return switch (kind.metric()) {
      case COUNT -> new double[] {Noise.poisson(random, mean[i] * by), 0};
      case AMOUNT ->
          new double[] {
            mean[i] < LEAST_AMOUNT
                ? 0
                : Math.max(0, mean[i] * by * (1 + noise * random.nextGaussian())),
            0
          };
      case SUCCESS, FAILURE -> {
        double calls = Noise.poisson(random, mean[i]);
        yield new double[] {binomial((long) calls, Math.min(1, rate[i] * by)), calls};
      }
      case MEAN -> {
        double calls = Noise.poisson(random, mean[i] * uniform(0.9, 1.1));
        double sigma = Math.sqrt(Math.log(1 + spread * spread / Math.max(1, calls)));
        double each = Math.exp(sigma * random.nextGaussian() - sigma * sigma / 2);
        yield new double[] {calls * rate[i] * by * each, calls};
      }
    };
  }

  private double binomial(long trials, double probability) {
    double variance = trials * probability * (1 - probability);
    if (variance > 50) {
      double drawn = trials * probability + Math.sqrt(variance) * random.nextGaussian();
      return Math.max(0, Math.min(trials, Math.round(drawn)));
    }
    long count = 0;
    for (long i = 0; i < trials; i++) {
      count += random.nextDouble() < probability ? 1 : 0;
    }
    return count;
  }

  private Map<String, String> named(int[] slice) {
    Map<String, String> names = new TreeMap<>();
    for (int d = 0; d < slice.length; d++) {
      if (slice[d] >= 0) {
        names.put(name(d), name(d) + slice[d]);
      }
    }
    return names;
  }

  private static String name(int dimension) {
    return String.valueOf((char) ('a' + dimension));
  }

  private double uniform(double least, double most) {
    return least + random.nextDouble() * (most - least);
  }
}
