package dev.tributary.anomaly.core.explain;

import java.util.Arrays;
import java.util.List;

/**
 * How far cells move by chance, from how they did. The variance of a cell's deviation is a part
 * that all cells have (forecasts err by a part of the amount) and one that falls with its size
 * (counts come by chance): {@code s^2 (w + (1 - w) m / size)}, m the median size. The mixture w and
 * which size it is are those under which the cells of the quieter side, up or down, are most
 * likely; s is read off that side, since a cause moves one side and noise both (Kalander,
 * "RiskLoc", arXiv 2205.10004). A small table has too few cells on a side: there what is left
 * without the slices that clearly moved says it, see {@link LeftOut}.
 */
final class CellNoise {
  /** Deviations below this are never called a change. */
  private static final double LEAST_SIGMA = 0.005;

  /** Taken where too few cells moved to say: up to a fifth up or down is no news. */
  private static final double UNKNOWN_SIGMA = 0.1;

  /** What calls add to that variance, over their number: twice as much as counts by chance. */
  private static final double UNKNOWN_OF_SAMPLES = 8;

  /** Cells of a side that say something. */
  private static final int LEAST_CELLS = 5;

  /** A fit to n cells is widened by this over n. */
  static final double UNSURE_CELLS = 16;

  private static final double ONE_SIGMA = 0.6827;

  /** In tables of at most so many cells a cause may be much of a side. */
  private static final int FEW = 200;

  /**
   * Share of the cells that are taken for calm then, and the standard deviations they lie within.
   */
  private static final double CALM = 0.4;

  private static final double CALM_SIGMA = 0.5244;
  private static final double UNSURE_CALM = 1.5;

  /** Tables of at most so many cells say what is usual by what is left of them. */
  private static final int SMALL = 64;

  /** What a slice must explain there to be left out: as much as one that is named. */
  private static final double SLICE_COST = 23;

  private static final double[] MIXTURES = {1, 0.8, 0.5, 0.25, 0.1, 0.03, 0.01, 0};

  /**
   * Sides that differ by less than this differ by chance or by what a forecast errs, not by a
   * cause.
   */
  private static final double ALIKE = 1.5;

  /** A deviation counts as so many standard deviations at most when fits are compared. */
  private static final double CAP = 3;

  private final double[] deviation;
  private final int[] used;
  private double likeliest = Double.POSITIVE_INFINITY;
  private final double[] sigmas;
  private double common;

  private CellNoise(double[] deviation) {
    this.deviation = deviation;
    int[] known = new int[deviation.length];
    int count = 0;
    for (int i = 0; i < deviation.length; i++) {
      if (!Double.isNaN(deviation[i])) {
        known[count++] = i;
      }
    }
    this.used = Arrays.copyOf(known, count);
    this.sigmas = new double[deviation.length];
  }

  /**
   * Fits standard deviations of the cells' deviations.
   *
   * @param table whose slices are left out where it is small
   * @param deviation NaN: unknown
   * @param mostCommon greatest w, 0 to 1
   * @param sizes what the second part may fall with, each a positive number per cell
   */
  static CellNoise of(
      CellTable table, double[] deviation, List<double[]> sizes, double mostCommon) {
    CellNoise noise = new CellNoise(deviation);
    if (noise.used.length > 0) {
      sizes.forEach(size -> noise.fit(size, mostCommon));
      if (noise.likeliest == Double.POSITIVE_INFINITY) {
        noise.assume(sizes.get(0), mostCommon < 1);
      }
      if (noise.used.length <= SMALL) {
        noise.leaveOut(table, sizes, mostCommon);
      }
    }
    return noise;
  }

  /** Standard deviation of each cell; 0 where nothing is known. */
  double[] sigmas() {
    return sigmas;
  }

  /** The part of it that does not fall with size. */
  double common() {
    return common;
  }

  /**
   * Too few cells moved, either way, to tell what is usual.
   *
   * @param isSampled whether the size is a number of samples
   */
  private void assume(double[] size, boolean isSampled) {
    common = UNKNOWN_SIGMA;
    for (int i : used) {
      double ofSamples = isSampled ? UNKNOWN_OF_SAMPLES / size[i] : 0;
      sigmas[i] = Math.sqrt(UNKNOWN_SIGMA * UNKNOWN_SIGMA + ofSamples);
    }
  }

  /** In a small table: what is left without the slices that clearly moved, where that is less. */
  private void leaveOut(CellTable table, List<double[]> sizes, double mostCommon) {
    LeftOut best = null;
    double[] bestForm = {};
    double bestMixture = 0;
    for (double[] size : sizes) {
      for (double mixture : mixtures(mostCommon)) {
        double[] form = form(size, mixture);
        LeftOut left = new LeftOut(table, deviation, form, SLICE_COST);
        if (best == null || left.unlikely() < best.unlikely()) {
          best = left;
          bestForm = form;
          bestMixture = mixture;
        }
      }
    }
    if (best == null || best.slices() == 0) {
      return;
    }
    double scale = best.scale();
    double more = 0;
    for (int i : used) {
      more += Math.log(Math.max(LEAST_SIGMA, scale * bestForm[i]) / sigmas[i]);
    }
    if (more < 0) {
      common = scale * Math.sqrt(bestMixture);
      for (int i : used) {
        sigmas[i] = Math.max(LEAST_SIGMA, scale * bestForm[i]);
      }
    }
  }

  private static double[] mixtures(double mostCommon) {
    return Arrays.stream(MIXTURES).filter(m -> m <= mostCommon).toArray();
  }

  /** Standard deviations but for a factor, 1 for the median size. */
  private double[] form(double[] size, double mixture) {
    double[] sorted = Arrays.stream(used).mapToDouble(i -> size[i]).sorted().toArray();
    double median = sorted[sorted.length / 2];
    double[] form = new double[deviation.length];
    for (int i : used) {
      form[i] = Math.sqrt(mixture + (1 - mixture) * median / size[i]);
    }
    return form;
  }

  private void fit(double[] size, double mostCommon) {
    for (double mixture : mixtures(mostCommon)) {
      double[] form = form(size, mixture);
      double up = percentile(1, form);
      double down = percentile(-1, form);
      boolean isUpQuiet = up <= down;
      double quiet = Math.min(up, down);
      double loud = Math.max(up, down);
      if (Double.isInfinite(quiet)) {
        return;
      }
      // Errors of a forecast are not the same up and down.
      quiet = loud <= ALIKE * quiet ? Math.sqrt(quiet * loud) : quiet;
      // A few cells say little about how far cells move by chance.
      double scale = quiet * (1 + UNSURE_CELLS / used.length);
      double unlikely = unlikely(isUpQuiet ? 1 : -1, form, scale);
      if (unlikely < likeliest) {
        likeliest = unlikely;
        common = scale * Math.sqrt(mixture);
        for (int i : used) {
          sigmas[i] = Math.max(LEAST_SIGMA, scale * form[i]);
        }
      }
    }
  }

  /** Minus the mean log likelihood of the cells of a side. */
  private double unlikely(int side, double[] form, double scale) {
    double sum = 0;
    int count = 0;
    for (int i : used) {
      if (side * deviation[i] >= 0) {
        double sigma = Math.max(LEAST_SIGMA, scale * form[i]);
        double z = Math.min(CAP, Math.abs(deviation[i]) / sigma);
        sum += Math.log(sigma) + z * z / 2;
        count++;
      }
    }
    return count == 0 ? 0 : sum / count;
  }

  /** 68th percentile of a side, in units of the form; a side of few cells says nothing. */
  private double percentile(int side, double[] form) {
    double[] distances = new double[used.length];
    int count = 0;
    int still = 0;
    for (int i : used) {
      if (side * deviation[i] > 0) {
        distances[count++] = Math.abs(deviation[i]) / form[i];
      } else if (deviation[i] == 0) {
        still++;
      }
    }
    if (count + still < Math.max(LEAST_CELLS, used.length / 20)) {
      return Double.POSITIVE_INFINITY;
    }
    // Cells that did not move at all belong to both sides, half each.
    int zeros = still / 2;
    int at = (int) (ONE_SIGMA * (count + zeros)) - zeros;
    if (at < 0 || count == 0) {
      return 0;
    }
    Arrays.sort(distances, 0, count);
    double usual = distances[Math.min(at, count - 1)];
    if (used.length > FEW || still > 0) {
      return usual;
    }
    // Of few cells a cause may be more than a third: then the calmer ones say what is usual.
    return Math.min(usual, UNSURE_CALM * distances[(int) (CALM * count)] / CALM_SIGMA);
  }
}
