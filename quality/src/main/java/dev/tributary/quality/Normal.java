package dev.tributary.quality;

/** The standard normal distribution. */
public final class Normal {
  private static final double[] ODD = {
    -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02,
    1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00
  };
  private static final double[] ODD_BELOW = {
    -5.447609879822406e+01,
    1.615858368580409e+02,
    -1.556989798598866e+02,
    6.680131188771972e+01,
    -1.328068155288572e+01
  };
  private static final double[] TAIL = {
    -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
    -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00
  };
  private static final double[] TAIL_BELOW = {
    7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00
  };
  private static final double TAIL_FROM = 0.02425;

  private Normal() {}

  /**
   * The value below which a normal variable falls with this probability, by Acklam's rational
   * approximation; relative error below 1.2e-9.
   *
   * @param probability in (0, 1)
   */
  public static double quantile(double probability) {
    if (!(probability > 0 && probability < 1)) {
      throw new IllegalArgumentException("a probability must be in (0, 1): " + probability);
    }
    if (probability < TAIL_FROM) {
      double q = Math.sqrt(-2 * Math.log(probability));
      return polynomial(TAIL, q) / (polynomial(TAIL_BELOW, q) * q + 1);
    }
    if (probability > 1 - TAIL_FROM) {
      return -quantile(1 - probability);
    }
    double q = probability - 0.5;
    double r = q * q;
    return polynomial(ODD, r) * q / (polynomial(ODD_BELOW, r) * r + 1);
  }

  private static double polynomial(double[] coefficients, double x) {
    double sum = 0;
    for (double coefficient : coefficients) {
      sum = sum * x + coefficient;
    }
    return sum;
  }
}
