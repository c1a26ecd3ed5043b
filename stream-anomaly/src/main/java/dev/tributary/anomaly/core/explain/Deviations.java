package dev.tributary.anomaly.core.explain;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How far each cell moved, and how far cells of its size move by chance. The deviation of a cell is
 * {@code 2 (after - before) / (|after| + |before|)}, -2 to 2: cells under one cause share it,
 * however large they are (the generalised ripple effect; Li et al., "Generic and Robust
 * Localization of Multi-Dimensional Root Causes", ISSRE 2019). Chance is measured on the side, up
 * or down, that moved less: a cause moves one side, noise both (Kalander, "RiskLoc", arXiv
 * 2205.10004).
 */
final class Deviations {
  /** Deviations below this are never called a change. */
  private static final double LEAST_SIGMA = 0.02;

  private static final double UNSURE_CELLS = 10;
  private static final int LEAST_PER_BIN = 150;
  private static final int MOST_BINS = 8;
  private static final double ONE_SIGMA = 0.6827;

  private final double[] deviation;
  private final double[] sigma;

  private Deviations(double[] deviation, double[] sigma) {
    this.deviation = deviation;
    this.sigma = sigma;
  }

  static Deviations of(CellTable table) {
    int n = table.size();
    double[] deviation = new double[n];
    double[] size = new double[n];
    for (int i = 0; i < n; i++) {
      double before = table.metric(false, i);
      double after = table.metric(true, i);
      double sum = Math.abs(before) + Math.abs(after);
      // A ratio without a count is unknown, not zero: it says nothing about its slice.
      boolean isUnknown =
          table.isRatio() && (table.count(false, i) == 0 || table.count(true, i) == 0);
      deviation[i] = sum == 0 || isUnknown ? Double.NaN : 2 * (after - before) / sum;
      size[i] = table.isRatio() ? table.count(false, i) + table.count(true, i) : sum;
    }
    return new Deviations(deviation, sigmas(deviation, size));
  }

  /** NaN for a cell that is zero on both sides, or a ratio without a count on one. */
  double of(int cell) {
    return deviation[cell];
  }

  /** Usual deviation of a cell of its size. */
  double sigma(int cell) {
    return sigma[cell];
  }

  private static double[] sigmas(double[] deviation, double[] size) {
    int[] used =
        IntStream.range(0, deviation.length)
            .filter(i -> !Double.isNaN(deviation[i]))
            .boxed()
            .sorted((a, b) -> Double.compare(size[a], size[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] sigmas = new double[deviation.length];
    int bins = Math.max(1, Math.min(MOST_BINS, used.length / LEAST_PER_BIN));
    for (int bin = 0; bin < bins; bin++) {
      int from = (int) ((long) used.length * bin / bins);
      int to = (int) ((long) used.length * (bin + 1) / bins);
      double sigma = quietSigma(deviation, used, from, to);
      for (int i = from; i < to; i++) {
        sigmas[used[i]] = sigma;
      }
    }
    return sigmas;
  }

  /** The smaller of the two sides' 68th percentiles; a side of few cells says nothing. */
  private static double quietSigma(double[] deviation, int[] used, int from, int to) {
    double[] up =
        IntStream.range(from, to).mapToDouble(i -> deviation[used[i]]).filter(d -> d > 0).toArray();
    double[] down =
        IntStream.range(from, to)
            .mapToDouble(i -> -deviation[used[i]])
            .filter(d -> d > 0)
            .toArray();
    int still = to - from - up.length - down.length;
    int least = Math.max(5, (to - from) / 20);
    double upper = up.length + still >= least ? percentile(up, still) : Double.POSITIVE_INFINITY;
    double lower =
        down.length + still >= least ? percentile(down, still) : Double.POSITIVE_INFINITY;
    // A few cells say little about how far cells move by chance.
    double quiet = Math.min(upper, lower) * (1 + UNSURE_CELLS / (to - from));
    return Math.max(LEAST_SIGMA, Double.isInfinite(quiet) ? LEAST_SIGMA : quiet);
  }

  /** Cells that did not move at all belong to both sides, half each. */
  private static double percentile(double[] distances, int still) {
    Arrays.sort(distances);
    int zeros = still / 2;
    int total = distances.length + zeros;
    int at = (int) (ONE_SIGMA * total) - zeros;
    return at < 0 || distances.length == 0 ? 0 : distances[Math.min(at, distances.length - 1)];
  }
}
