package dev.tributary.anomaly.core.drift;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Correction for many tests: of a hundred features without any drift, five would show one at 0.05.
 */
public final class ManyTests {
  private ManyTests() {}

  /**
   * Benjamini and Hochberg (1995): where everything with an adjusted probability below q is called
   * drift, at most a share q of those calls is wrong on average, for independent or positively
   * dependent tests.
   *
   * @return adjusted probabilities, in the order of the given ones
   */
  public static double[] benjaminiHochberg(double[] probabilities) {
    int n = probabilities.length;
    int[] order = ascending(probabilities);
    double[] adjusted = new double[n];
    double least = 1;
    for (int rank = n; rank >= 1; rank--) {
      int index = order[rank - 1];
      least = Math.min(least, probabilities[index] * n / rank);
      adjusted[index] = least;
    }
    return adjusted;
  }

  private static int[] ascending(double[] probabilities) {
    if (Arrays.stream(probabilities).anyMatch(p -> !(p >= 0 && p <= 1))) {
      throw new IllegalArgumentException(
          "probabilities are " + Arrays.toString(probabilities) + "; allowed: 0 to 1");
    }
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> probabilities[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
