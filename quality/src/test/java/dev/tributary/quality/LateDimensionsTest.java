package dev.tributary.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Dimensions that come when others have said something already: how often equal arms are said to
 * differ in any, over looks from a hundred values on to a hundred thousand of the last of them. The
 * long form is {@code -Dtributary.quality.seeds=5000}; its figures stand in the README.
 */
class LateDimensionsTest {
  private static final double FAR = 1e5;
  private static final int LEAST = 100;

  /** One more dimension comes each time the first has so many times as many values. */
  private record Course(int first, int last, double apart) {}

  private static double level(int dimensions, int shares) {
    List<TwoArms> arms = new ArrayList<>();
    for (int i = 0; i < dimensions; i++) {
      arms.add(TwoArms.of(Traffic.ALL.get(i % Traffic.ALL.size()), Map.of(), Map.of()));
    }
    return Comparison.LIVE.of(arms, shares).get(0).level();
  }

  private static double wrong(Course course, IntUnaryOperator shares) {
    int runs = Seeds.runs(1_000);
    double[] levels = new double[course.last() + 1];
    for (int here = course.first(); here <= course.last(); here++) {
      levels[here] = level(here, shares.applyAsInt(here));
    }
    int wrong = 0;
    for (int seed = 1; seed <= runs; seed++) {
      wrong += isEverShown(course, levels, new SplittableRandom(seed)) ? 1 : 0;
    }
    System.out.printf(Locale.ROOT, "%s: %.1f %% of %d seeds%n", course, 100.0 * wrong / runs, runs);
    return wrong / (double) runs;
  }

  private static boolean isEverShown(Course course, double[] levels, SplittableRandom random) {
    double[] differences = new double[course.last()];
    double[] values = new double[course.last()];
    int here = course.first();
    double next = 2_000;
    while (values[course.last() - 1] < FAR) {
      double more = Math.max(LEAST, 0.1 * values[here - 1]);
      for (int i = 0; i < here; i++) {
        // The sum of so many values of variance 1 in each arm, one less the other.
        differences[i] += Math.sqrt(2 * more) * random.nextGaussian();
        values[i] += more;
        double error = Math.sqrt(2 / values[i]);
        double margin = Comparison.LIVE.margin(error, 2 * values[i], levels[here]);
        if (Math.abs(differences[i] / values[i]) > margin) {
          return true;
        }
      }
      if (here < course.last() && values[0] >= next) {
        here++;
        next *= course.apart();
      }
    }
    return false;
  }

  @Test
  void scoresThatComeLater_keepToAlpha() {
    assertThat(wrong(new Course(11, 16, 4), here -> here)).isLessThan(0.05);
    assertThat(wrong(new Course(11, 22, 2), here -> here)).isLessThan(0.05);
  }

  /** Each had nearly all of alpha while it was alone with few: the control. */
  @Test
  void dimensionsOneByOne_spendMore_unlessTheirSharesAreKept() {
    Course course = new Course(1, 11, 3);

    assertThat(wrong(course, here -> here)).as("shares of what is there").isGreaterThan(0.05);
    assertThat(wrong(course, here -> 11)).as("shares of what may come").isLessThan(0.05);
  }

  @Test
  void shares_ofFewerThanTheDimensions_areRefused() {
    assertThatThrownBy(() -> level(3, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 dimensions cannot have 2 shares");
  }
}
