package dev.tributary.anomaly.core.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far each cell moved, and how far cells of its size move by chance. The deviation of a cell is
 * {@code 2 (after - before) / (|after| + |before|)}, -2 to 2: cells under one cause share it,
 * however large they are (the generalised ripple effect; Li et al., "Generic and Robust
 * Localization of Multi-Dimensional Root Causes", ISSRE 2019).
 *
 * <p>Under counts by chance the variance of a deviation is {@code 4 / (after + before)}. Weighed by
 * that, the mean deviation of many small cells is the deviation of their sum: slices of cells that
 * each say nothing are judged by what they add up to.
 */
final class Deviations {
  /** What all cells may share without being a change of slices. */
  static final double MOST_DRIFT = 0.2;

  /** Where samples are counted, chance is nearly all theirs. */
  private static final double MOST_COMMON_OF_SAMPLES = 0.1;

  /** Of a cell less sure than this nobody can say whether it drifts or is part of a cause. */
  private static final double SURE = 0.25;

  private static final int DRIFT_STEPS = 80;

  /** How much better it must explain them than none, in squared error scales. */
  private static final double DRIFT_COST = 30;

  /** A change of the whole up to so many standard deviations is no change to have a share of. */
  private static final double CHANCE = 2;

  private final double[] deviation;
  private final double[] sigma;
  private final double common;

  /** Per cell what counts are compared with; null: not counts after a forecast. */
  private final double @Nullable [] forecast;

  private Deviations(double[] deviation, CellNoise noise, double @Nullable [] forecast) {
    this.forecast = forecast;
    this.deviation = deviation;
    this.sigma = noise.sigmas();
    this.common = noise.common();
  }

  static Deviations of(CellTable table) {
    return of(table, 1);
  }

  private static Deviations of(CellTable table, double usual) {
    double[] deviation = deviations(table, usual);
    List<double[]> sizes = sizes(table, deviation);
    double mostCommon = isSampled(table, deviation) ? MOST_COMMON_OF_SAMPLES : 1;
    CellNoise noise = CellNoise.of(table, deviation, sizes, mostCommon);
    double drift = drift(deviation, noise.sigmas());
    if (drift != 0) {
      deviation = deviations(table, usual * factor(drift));
      noise = CellNoise.of(table, deviation, sizes, mostCommon);
    }
    double[] forecast = isForecast(table) ? forecast(table, usual * factor(drift)) : null;
    return new Deviations(deviation, noise, forecast);
  }

  /** Whether counts follow a forecast: amounts before in decimals, since in whole numbers. */
  private static boolean isForecast(CellTable table) {
    boolean isWhole = true;
    for (int cell = 0; cell < table.size(); cell++) {
      double after = table.value(true, cell);
      double before = table.value(false, cell);
      if (table.isRatio() || table.samples(cell) > 0 || after < 0 || after != Math.rint(after)) {
        return false;
      }
      isWhole &= before == Math.rint(before);
    }
    return !isWhole;
  }

  private static double[] forecast(CellTable table, double usual) {
    double[] forecast = new double[table.size()];
    for (int cell = 0; cell < forecast.length; cell++) {
      forecast[cell] = usual * Math.max(0, table.value(false, cell));
    }
    return forecast;
  }

  /**
   * The most that cells can say, in squared error scales: what their sum says of a count by chance
   * (Poisson's deviance). A deviation is symmetric where both sides err; after a forecast that is
   * sure a count of few leans to one side, and many that each lean would say something.
   */
  double mostGain(CellTable table, int[] cells, int from, int to) {
    if (forecast == null) {
      return Double.POSITIVE_INFINITY;
    }
    double expected = 0;
    double counted = 0;
    for (int i = from; i < to; i++) {
      expected += forecast[cells[i]];
      counted += table.value(true, cells[i]);
    }
    double logs = counted == 0 ? 0 : counted * Math.log(counted / expected);
    return 2 * (logs - counted + expected);
  }

  /** Whether the change of all cells together is one that chance makes. */
  boolean isChangeByChance(CellTable table) {
    double[] whole = new double[4];
    for (int cell = 0; cell < table.size(); cell++) {
      SliceSums.add(table, cell, whole);
    }
    double variance = 0;
    for (int cell = 0; cell < table.size(); cell++) {
      if (!Double.isNaN(deviation[cell])) {
        double weight = table.isRatio() ? table.count(true, cell) / whole[3] : 1;
        double size = Math.abs(table.metric(false, cell)) + Math.abs(table.metric(true, cell));
        double error = weight * sigma[cell] * size / 2;
        variance += error * error;
      }
    }
    double change = table.metric(whole[1], whole[3]) - table.metric(whole[0], whole[2]);
    return Math.abs(change) <= CHANCE * Math.sqrt(variance);
  }

  /** Deviations from what was before, had all cells moved by a deviation in common. */
  Deviations beside(CellTable table, double shared) {
    return of(table, factor(shared));
  }

  private static double factor(double deviation) {
    return (2 + deviation) / (2 - deviation);
  }

  /** Deviations from what was before, times a factor. */
  private static double[] deviations(CellTable table, double usual) {
    double[] deviation = new double[table.size()];
    for (int i = 0; i < deviation.length; i++) {
      double before = usual * table.metric(false, i);
      double after = table.metric(true, i);
      double sum = Math.abs(before) + Math.abs(after);
      // A ratio without a count is unknown, not zero: it says nothing about its slice.
      boolean isUnknown =
          table.isRatio() && (table.count(false, i) == 0 || table.count(true, i) == 0);
      deviation[i] = sum == 0 || isUnknown ? Double.NaN : 2 * (after - before) / sum;
    }
    return deviation;
  }

  /**
   * What most cells share: the deviation near which most of them lie, if it is small and says
   * clearly more than none.
   */
  private static double drift(double[] deviation, double[] sigma) {
    double best = 0;
    double least = far(deviation, sigma, 0) - DRIFT_COST;
    for (int step = 1; step <= DRIFT_STEPS; step++) {
      for (int side = -1; side <= 1; side += 2) {
        double at = side * step * MOST_DRIFT / DRIFT_STEPS;
        double far = far(deviation, sigma, at);
        if (far < least) {
          least = far;
          best = at;
        }
      }
    }
    return best == 0 ? 0 : near(deviation, sigma, best);
  }

  /** Mean deviation, weighed, of the cells near one. */
  private static double near(double[] deviation, double[] sigma, double at) {
    double sum = 0;
    double weights = 0;
    for (int i = 0; i < deviation.length; i++) {
      boolean isNear = Math.abs(deviation[i] - at) <= 2 * sigma[i];
      if (!Double.isNaN(deviation[i]) && sigma[i] <= SURE && isNear) {
        sum += deviation[i] / (sigma[i] * sigma[i]);
        weights += 1 / (sigma[i] * sigma[i]);
      }
    }
    return weights == 0 ? at : sum / weights;
  }

  /** Squared distances of the cells in their standard deviations, each at most 4. */
  private static double far(double[] deviation, double[] sigma, double from) {
    double sum = 0;
    for (int i = 0; i < deviation.length; i++) {
      if (!Double.isNaN(deviation[i]) && sigma[i] <= SURE) {
        double z = (deviation[i] - from) / sigma[i];
        sum += Math.min(4, z * z);
      }
    }
    return sum;
  }

  /** Per cell; not a copy. */
  double[] all() {
    return deviation;
  }

  /** NaN for a cell that is zero on both sides, or a ratio without a count on one. */
  double of(int cell) {
    return deviation[cell];
  }

  /** Usual deviation of a cell of its size. */
  double sigma(int cell) {
    return sigma[cell];
  }

  /** The part of the usual deviation that does not fall with the size of a cell. */
  double common() {
    return common;
  }

  /** What chance may fall with: the amount; of a ratio the count, or what a share's errors do. */
  private static List<double[]> sizes(CellTable table, double[] deviation) {
    double[] size = new double[deviation.length];
    Arrays.fill(size, 1);
    double value = 0;
    double count = 0;
    boolean isShare = table.isRatio();
    for (int i = 0; i < size.length; i++) {
      if (!Double.isNaN(deviation[i])) {
        size[i] = table.isRatio() ? counts(table, i) : amount(table, i);
        value += table.value(false, i) + table.value(true, i);
        count += table.count(false, i) + table.count(true, i);
        isShare &= isShare(table, i);
      }
    }
    List<double[]> sizes = new ArrayList<>(List.of(size));
    if (isSampled(table, deviation)) {
      for (int i = 0; i < size.length; i++) {
        size[i] = Double.isNaN(deviation[i]) ? 1 : table.samples(i);
      }
      return List.of(size);
    }
    if (isShare && value > 0 && value < count) {
      double usual = value / count;
      double[] share = size.clone();
      for (int i = 0; i < size.length; i++) {
        if (!Double.isNaN(deviation[i])) {
          double calls = table.count(false, i) + table.count(true, i);
          double rate = (table.value(false, i) + table.value(true, i) + usual) / (calls + 1);
          share[i] *= rate / (1 - rate);
        }
      }
      sizes.add(share);
    }
    return sizes;
  }

  /** Whether it is known of every cell how many samples made it. */
  private static boolean isSampled(CellTable table, double[] deviation) {
    for (int i = 0; i < deviation.length; i++) {
      if (!Double.isNaN(deviation[i]) && !(table.samples(i) > 0)) {
        return false;
      }
    }
    return true;
  }

  private static double amount(CellTable table, int cell) {
    return Math.abs(table.value(false, cell)) + Math.abs(table.value(true, cell));
  }

  /** Four times the harmonic sum: twice the count where both sides have it. */
  private static double counts(CellTable table, int cell) {
    double before = Math.abs(table.count(false, cell));
    double after = Math.abs(table.count(true, cell));
    return 4 / (1 / before + 1 / after);
  }

  private static boolean isShare(CellTable table, int cell) {
    return isShare(table.value(false, cell), table.count(false, cell))
        && isShare(table.value(true, cell), table.count(true, cell));
  }

  private static boolean isShare(double value, double count) {
    return value >= 0 && value <= count;
  }
}
