package dev.tributary.anomaly.core;

/** The upper tail of the normal distribution. */
final class NormalTail {
  /** The default of policies, asked for with every window. */
  private static final double USUAL = 1e-4;

  private static final double USUAL_SIGMAS = bisect(USUAL);

  private NormalTail() {}

  /** How many standard deviations leave this probability above; by bisection, to 1e-9. */
  static double sigmas(double probability) {
    return probability == USUAL ? USUAL_SIGMAS : bisect(probability);
  }

  private static double bisect(double probability) {
    double low = 0;
    double high = 40;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (probabilityAbove(middle) > probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Probability above so many standard deviations, relative error below 1.2e-7: the Chebyshev fit
   * of erfc in Press et al., Numerical Recipes, 6.2.
   */
  static double probabilityAbove(double sigmas) {
    double z = Math.abs(sigmas) / Math.sqrt(2);
    double t = 1 / (1 + 0.5 * z);
    double[] c = {
      -1.26551223,
      1.00002368,
      0.37409196,
      0.09678418,
      -0.18628806,
      0.27886807,
      -1.13520398,
      1.48851587,
      -0.82215223,
      0.17087277
    };
    double sum = 0;
    for (int i = c.length - 1; i >= 0; i--) {
      sum = sum * t + c[i];
    }
    double upper = t * Math.exp(-z * z + sum) / 2;
    return sigmas >= 0 ? upper : 1 - upper;
  }
}
