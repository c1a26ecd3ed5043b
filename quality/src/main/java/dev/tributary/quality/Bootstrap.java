package dev.tributary.quality;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Percentile intervals of a weighted mean by drawing the values again (Efron 1979). */
public final class Bootstrap {
  private Bootstrap() {}

  /**
   * The interval of the Hájek mean.
   *
   * @param values at least one
   * @param probabilities with which each was looked at, in (0, 1]
   * @param draws how many samples; 1 000 is usual
   */
  public static Interval ofMean(
      double[] values, double[] probabilities, double alpha, int draws, RandomGenerator random) {
    if (values.length == 0 || values.length != probabilities.length || draws < 1) {
      throw new IllegalArgumentException(
          "values, as many probabilities and a draw are needed: %d, %d, %d"
              .formatted(values.length, probabilities.length, draws));
    }
    Moments all = Moments.NONE;
    for (int i = 0; i < values.length; i++) {
      all = all.plus(Moments.of(values[i], probabilities[i]));
    }
    double[] means = new double[draws];
    for (int draw = 0; draw < draws; draw++) {
      double w = 0;
      double wy = 0;
      for (int i = 0; i < values.length; i++) {
        int chosen = random.nextInt(values.length);
        w += 1 / probabilities[chosen];
        wy += values[chosen] / probabilities[chosen];
      }
      means[draw] = wy / w;
    }
    Arrays.sort(means);
    return new Interval(
        all.mean(),
        rank(means, alpha / 2),
        Math.max(rank(means, alpha / 2), rank(means, 1 - alpha / 2)));
  }

  /** Nearest rank. */
  private static double rank(double[] sorted, double share) {
    int index = (int) Math.ceil(share * sorted.length) - 1;
    return sorted[Math.min(sorted.length - 1, Math.max(0, index))];
  }
}
