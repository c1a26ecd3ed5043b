package dev.tributary.anomaly.core.drift;

/** Tail probabilities of the distributions that the tests need. */
final class Tails {
  private static final int MOST_TERMS = 10_000;
  private static final double SMALL = 1e-300;
  private static final double PRECISION = 1e-14;

  /** As likely as what was seen, but for rounding. */
  private static final double ALIKE = 1 + 1e-9;

  private Tails() {}

  /** Probability that a standard normal value is at least so far from 0, either way. */
  static double normalBothSides(double z) {
    return upperGamma(0.5, z * z / 2);
  }

  /** Probability that chi-square with so many degrees of freedom is at least this. */
  static double chiSquare(double statistic, int degrees) {
    return upperGamma(degrees / 2.0, statistic / 2);
  }

  /**
   * Probability that Kolmogorov's distribution is at least this: 2 sum (-1)^(j-1) exp(-2 j^2 x^2).
   */
  static double kolmogorov(double x) {
    if (x < 0.2) {
      return 1; // above 1 - 1e-12, and the alternating sum converges slowly there
    }
    double sum = 0;
    double sign = 1;
    for (int j = 1; j <= 100; j++) {
      double term = Math.exp(-2.0 * j * j * x * x);
      sum += sign * term;
      if (term < PRECISION) {
        break;
      }
      sign = -sign;
    }
    return clamp(2 * sum);
  }

  /**
   * Probability that of {@code drawn} cases, drawn from {@code all} of which {@code hitsInAll} are
   * hits, a number is hit that is no likelier than {@code hits}, either way.
   */
  static double hypergeometric(long hits, long drawn, long hitsInAll, long all) {
    long least = Math.max(0, drawn + hitsInAll - all);
    long most = Math.min(drawn, hitsInAll);
    // Relative to the probability of what was seen.
    double sum = 1;
    double noLikelier = 1;
    double weight = 1;
    for (long k = hits; k > least; k--) {
      double more = (hitsInAll - k + 1) * (double) (drawn - k + 1);
      weight *= k * (double) (all - hitsInAll - drawn + k) / more;
      sum += weight;
      noLikelier += weight <= ALIKE ? weight : 0;
    }
    weight = 1;
    for (long k = hits; k < most; k++) {
      double more = (k + 1) * (double) (all - hitsInAll - drawn + k + 1);
      weight *= (hitsInAll - k) * (double) (drawn - k) / more;
      sum += weight;
      noLikelier += weight <= ALIKE ? weight : 0;
    }
    return clamp(noLikelier / sum);
  }

  /**
   * Regularised upper incomplete gamma function Q(a, x): its series below a + 1 (DLMF 8.11.4), its
   * continued fraction above (DLMF 8.9.2), by Lentz's method.
   *
   * @param a at least 0.5
   */
  static double upperGamma(double a, double x) {
    if (x <= 0) {
      return 1;
    }
    double front = Math.exp(a * Math.log(x) - x - logGamma(a));
    if (x < a + 1) {
      double term = 1 / a;
      double sum = term;
      for (int n = 1; n < MOST_TERMS && term > sum * PRECISION; n++) {
        term *= x / (a + n);
        sum += term;
      }
      return clamp(1 - front * sum);
    }
    double b = x + 1 - a;
    double c = 1 / SMALL;
    double d = 1 / b;
    double fraction = d;
    for (int n = 1; n < MOST_TERMS; n++) {
      double an = -n * (n - a);
      b += 2;
      d = 1 / nonZero(an * d + b);
      c = nonZero(b + an / c);
      double change = d * c;
      fraction *= change;
      if (Math.abs(change - 1) < PRECISION) {
        break;
      }
    }
    return clamp(front * fraction);
  }

  private static double nonZero(double value) {
    return Math.abs(value) < SMALL ? SMALL : value;
  }

  /** Lanczos' approximation with g = 7 and nine terms, relative error below 1e-14; from 0.5 on. */
  private static double logGamma(double a) {
    double[] c = {
      0.9999999999998099,
      676.5203681218851,
      -1259.1392167224028,
      771.3234287776531,
      -176.6150291621406,
      12.507343278686905,
      -0.13857109526572012,
      9.984369578019572e-6,
      1.5056327351493116e-7
    };
    double x = a - 1;
    double sum = c[0];
    for (int i = 1; i < c.length; i++) {
      sum += c[i] / (x + i);
    }
    double t = x + 7.5;
    return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(sum);
  }

  private static double clamp(double probability) {
    return Math.max(0, Math.min(1, probability));
  }
}
