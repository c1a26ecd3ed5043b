package dev.tributary.anomaly.core.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tributary.anomaly.core.drift.DriftCase.Buckets;
import dev.tributary.anomaly.core.drift.DriftCase.Categories;
import dev.tributary.anomaly.core.drift.DriftCase.Share;
import dev.tributary.anomaly.core.drift.DriftFinding.Verdict;
import dev.tributary.runtime.testing.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Drift: known values of the distributions, and what the rule finds in simulated periods. */
final class DriftTest {
  private static final long SEED = Seeds.one();

  /** Quantiles as printed tables have them. */
  @Test
  void tails_tableValues() {
    assertThat(Tails.normalBothSides(1.959964)).isCloseTo(0.05, within(1e-7));
    assertThat(Tails.normalBothSides(3.290527)).isCloseTo(0.001, within(1e-8));
    assertThat(Tails.chiSquare(3.841459, 1)).isCloseTo(0.05, within(1e-7));
    assertThat(Tails.chiSquare(18.307038, 10)).isCloseTo(0.05, within(1e-7));
    assertThat(Tails.chiSquare(2.5582, 10)).isCloseTo(0.99, within(1e-4));
    assertThat(Tails.kolmogorov(1.358099)).isCloseTo(0.05, within(1e-6));
    assertThat(Tails.kolmogorov(1.627624)).isCloseTo(0.01, within(1e-6));
    assertThat(Tails.chiSquare(0, 3)).isEqualTo(1);
  }

  /**
   * Of 400 and 100 values that are 0.15 apart: Kolmogorov's probability of 0.15 (s + 0.12 + 0.11 /
   * s), where s is the root of 400 x 100 / 500.
   */
  @Test
  void buckets_probabilityIsOfBothSizes() {
    Counts<Integer> reference = Counts.of(Map.of(1, 200L, 2, 200L));
    assertThat(TwoSample.buckets(reference, Counts.of(Map.of(1, 35L, 2, 65L))))
        .isCloseTo(0.04908, within(1e-4));
    assertThat(TwoSample.buckets(reference, Counts.of(Map.of(1, 65L, 2, 35L))))
        .isCloseTo(0.04908, within(1e-4));
    assertThat(TwoSample.buckets(reference, Counts.of(Map.of(1, 50L, 2, 50L)))).isEqualTo(1);
    assertThat(TwoSample.buckets(reference, Counts.of(Map.<Integer, Long>of()))).isEqualTo(1);
  }

  /** The square of z is chi-square with one degree of freedom. */
  @Test
  void proportions_agreeWithChiSquare() {
    double shares = TwoSample.proportions(30, 200, 50, 210);
    double categories =
        TwoSample.categories(
            Counts.of(Map.of("yes", 50L, "no", 160L)), Counts.of(Map.of("yes", 30L, "no", 170L)));
    assertThat(shares).isCloseTo(categories, within(1e-12)).isCloseTo(0.0240, within(5e-4));
    assertThat(TwoSample.proportions(0, 10, 0, 10)).isEqualTo(1);
    assertThat(TwoSample.proportions(1, 1, 0, 0)).isEqualTo(1);
  }

  /** The example of the 1995 paper: four of fifteen at q = 0.05. */
  @Test
  void correction_publishedExample() {
    double[] p = {
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
      0.5719, 0.6528, 0.7590, 1.0
    };
    double[] bh = ManyTests.benjaminiHochberg(p);
    assertThat(java.util.Arrays.stream(bh).filter(q -> q <= 0.05).count()).isEqualTo(4);
    assertThatThrownBy(() -> ManyTests.benjaminiHochberg(new double[] {Double.NaN}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void index_sameIsZero_otherIsLarge_missingClassIsFinite() {
    Counts<String> a = Counts.of(Map.of("STOP", 900L, "LENGTH", 100L));
    assertThat(StabilityIndex.ofCategories(a, a)).isZero();
    assertThat(StabilityIndex.ofCategories(a, Counts.of(Map.of("REFUSAL", 1000L))))
        .isGreaterThan(1)
        .isFinite();
    // (0.6 - 0.5) ln(0.6 / 0.5) + (0.4 - 0.5) ln(0.4 / 0.5)
    assertThat(
            StabilityIndex.ofCategories(
                Counts.of(Map.of("a", 500_000L, "b", 500_000L)),
                Counts.of(Map.of("a", 600_000L, "b", 400_000L))))
        .isCloseTo(0.0405465, within(1e-5));
  }

  /** Most scores are 1: those that fall below are not of the class that they fell from. */
  @Test
  void index_mostOfTheReferenceInOneBucket_whatFallsBelowItCounts() {
    Counts<Integer> reference = Counts.of(Map.of(0, 50L, 20, 950L));
    Counts<Integer> worse = Counts.of(Map.of(0, 400L, 20, 600L));
    Counts<Integer> constant = Counts.of(Map.of(20, 1000L));

    // (0.4 - 0.05) ln(0.4 / 0.05) + (0.6 - 0.95) ln(0.6 / 0.95)
    assertThat(StabilityIndex.ofBuckets(reference, worse)).isCloseTo(0.889, within(0.01));
    assertThat(StabilityIndex.ofBuckets(constant, worse)).isGreaterThan(1);
    assertThat(StabilityIndex.ofBuckets(constant, constant)).isZero();
    assertThat(
            DriftRule.DEFAULT
                .judge(
                    List.of(
                        new DriftCase("g", "score x", new Buckets(reference), new Buckets(worse))))
                .get(0)
                .verdict())
        .isEqualTo(Verdict.DRIFT);
  }

  /** Ten buckets of a tenth each are ten classes, and finer ones are joined to as many. */
  @Test
  void index_evenReference_isOfTenths() {
    Map<Integer, Long> even = new TreeMap<>();
    Map<Integer, Long> upper = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      even.put(i, 100L);
      upper.put(i, i < 50 ? 50L : 150L);
    }
    // 5 (0.05 - 0.1) ln(0.05 / 0.1) + 5 (0.15 - 0.1) ln(0.15 / 0.1)
    assertThat(StabilityIndex.ofBuckets(Counts.of(even), Counts.of(upper)))
        .isCloseTo(0.2747, within(1e-3));
  }

  /**
   * One case of a rare kind among few is nothing, however many the reference has: the exact
   * probability, 1 - C(14000, 50) / C(14050, 50) with 15 such cases in all.
   */
  @Test
  void rareCases_amongFew_haveTheirExactProbability() {
    // 1 - prod_{i<15} (14000 - i) / (14050 - i)
    double exact = 0.052097;
    assertThat(TwoSample.proportions(1, 50, 14, 14_000)).isCloseTo(exact, within(1e-6));
    assertThat(
            TwoSample.categories(
                Counts.of(Map.of("STOP", 13_986L, "LENGTH", 14L)),
                Counts.of(Map.of("STOP", 49L, "LENGTH", 1L))))
        .isCloseTo(exact, within(1e-6));
    // Fisher's tea: 3 of 4 against 1 of 4, both ways.
    assertThat(TwoSample.proportions(3, 4, 1, 4)).isCloseTo(34.0 / 70, within(1e-12));
    assertThat(TwoSample.proportions(4, 4, 0, 4)).isCloseTo(2.0 / 70, within(1e-12));
    // What is likelier does not count, on either side of what was seen.
    assertThat(TwoSample.proportions(0, 4, 2, 4)).isCloseTo(30.0 / 70, within(1e-12));
    assertThat(TwoSample.proportions(2, 4, 0, 4)).isCloseTo(30.0 / 70, within(1e-12));
  }

  /** Eight reasons that were not there before: each too rare for a test, together they are many. */
  @Test
  void categories_rareOnesThatAreManyTogether_areTestedAsOne() {
    Counts<String> before = Counts.of(Map.of("STOP", 900L, "LENGTH", 100L));
    Map<String, Long> now = new HashMap<>(Map.of("STOP", 864L, "LENGTH", 96L));
    for (int i = 0; i < 8; i++) {
      now.put("ODD" + i, 5L);
    }
    // The square of z of 40 of 1000 against none; the tail of chi-square with two degrees.
    double statistic = 0.04 * 0.04 / (0.02 * 0.98 * 2 / 1_000);
    double probability = Math.exp(-statistic / 2);

    assertThat(TwoSample.categories(before, Counts.of(now)))
        .isCloseTo(probability, within(probability / 1e6));
  }

  @Test
  void categories_ofAnEmptySide_sayNothing() {
    Counts<String> some = Counts.of(Map.of("STOP", 900L, "LENGTH", 100L));
    Counts<String> none = Counts.of(Map.<String, Long>of());

    assertThat(TwoSample.categories(some, none)).isEqualTo(1);
    assertThat(TwoSample.categories(none, some)).isEqualTo(1);
    assertThat(TwoSample.categories(none, none)).isEqualTo(1);
  }

  /** What is rare is told from the rest, the others from each other. */
  @Test
  void categories_rareOne_isTestedApart() {
    Counts<String> before = Counts.of(Map.of("STOP", 8_000L, "LENGTH", 2_000L));
    assertThat(
            TwoSample.categories(
                before, Counts.of(Map.of("STOP", 39L, "LENGTH", 10L, "REFUSAL", 1L))))
        .isCloseTo(2 * 50 / 10_050.0, within(1e-9));
    assertThat(
            TwoSample.categories(
                before, Counts.of(Map.of("STOP", 24L, "LENGTH", 6L, "REFUSAL", 20L))))
        .isLessThan(1e-30);
    assertThat(
            TwoSample.categories(
                before, Counts.of(Map.of("STOP", 9L, "LENGTH", 40L, "REFUSAL", 1L))))
        .isLessThan(1e-9);
    assertThat(TwoSample.categories(before, Counts.of(Map.of("STOP", 8_000L, "LENGTH", 2_000L))))
        .isEqualTo(1);
  }

  /** 50 calls against 2 000 without any change: what is rare comes by chance in either. */
  @Test
  void judge_rareEventsInFewCalls_isQuiet() {
    SplittableRandom random = new SplittableRandom(SEED);
    int runs = 4_000;
    int small = 0;
    for (int run = 0; run < runs; run++) {
      long before = hits(random, 2_000, 0.001);
      long now = hits(random, 50, 0.001);
      double share = TwoSample.proportions(now, 50, before, 2_000);
      double finish =
          TwoSample.categories(
              Counts.of(Map.of("STOP", 2_000 - before, "LENGTH", before)),
              Counts.of(Map.of("STOP", 50 - now, "LENGTH", now)));
      small += share < 0.01 || finish < 0.01 ? 1 : 0;
    }
    assertThat(small / (double) runs).as("seed %d", SEED).isLessThanOrEqualTo(0.015);
  }

  private static long hits(SplittableRandom random, int of, double share) {
    long hits = 0;
    for (int i = 0; i < of; i++) {
      hits += random.nextDouble() < share ? 1 : 0;
    }
    return hits;
  }

  @Test
  void judge_tooFewCases_saysSo() {
    List<DriftFinding> findings =
        DriftRule.DEFAULT.judge(
            List.of(new DriftCase("g", "refusals", new Share(0, 1000), new Share(20, 49))));
    assertThat(findings.get(0).verdict()).isEqualTo(Verdict.TOO_FEW);
    assertThat(
            DriftRule.DEFAULT
                .judge(
                    List.of(new DriftCase("g", "refusals", new Share(0, 49), new Share(20, 1000))))
                .get(0)
                .verdict())
        .isEqualTo(Verdict.TOO_FEW);
  }

  /** Beyond chance with ten thousand calls, and too small to matter. */
  @Test
  void judge_smallDifferenceOfMany_isSlight() {
    assertThat(
            DriftRule.DEFAULT
                .judge(
                    List.of(
                        new DriftCase(
                            "g", "errors", new Share(500, 10_000), new Share(650, 10_000)),
                        new DriftCase(
                            "g", "errors", new Share(500, 10_000), new Share(510, 10_000))))
                .stream()
                .map(DriftFinding::verdict))
        .containsExactly(Verdict.SLIGHT, Verdict.STABLE);
  }

  /** 400 groups without drift: hardly a false call; the same groups shifted: nearly all found. */
  @Test
  void judge_noDrift_isQuiet_shifted_isFound() {
    // Given
    Random random = new Random(SEED);
    List<DriftCase> same = new ArrayList<>();
    List<DriftCase> shifted = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      same.add(new DriftCase("g" + i, "length", buckets(random, 0), buckets(random, 0)));
      same.add(new DriftCase("g" + i, "finish", finish(random, 0.05), finish(random, 0.05)));
      shifted.add(new DriftCase("g" + i, "length", buckets(random, 0), buckets(random, 0.5)));
      shifted.add(new DriftCase("g" + i, "finish", finish(random, 0.05), finish(random, 0.25)));
    }

    // When
    long wrong = drifts(DriftRule.DEFAULT.judge(same));
    long found = drifts(DriftRule.DEFAULT.judge(shifted));

    // Then
    assertThat(wrong).as("seed %d", SEED).isLessThanOrEqualTo(2);
    assertThat(found).as("seed %d", SEED).isGreaterThanOrEqualTo(190);
  }

  /** Without the correction, and without a least size, chance alone is called drift. */
  @Test
  void judge_uncorrected_isNoisy() {
    Random random = new Random(SEED);
    long wrong = 0;
    for (int i = 0; i < 1_000; i++) {
      DriftCase one = new DriftCase("g" + i, "finish", finish(random, 0.2), finish(random, 0.2));
      wrong += drifts(new DriftRule(1, 0.05, 0).judge(List.of(one)));
    }
    assertThat(wrong).as("seed %d", SEED).isGreaterThan(10);
  }

  private static long drifts(List<DriftFinding> findings) {
    return findings.stream().filter(finding -> finding.verdict() == Verdict.DRIFT).count();
  }

  /** Log-normal lengths in quarter-octave buckets. */
  private static Buckets buckets(Random random, double shift) {
    Map<Integer, Long> counts = new TreeMap<>();
    for (int i = 0; i < 500; i++) {
      int bucket = (int) Math.floor((8 + shift + random.nextGaussian()) * 4);
      counts.merge(bucket, 1L, Long::sum);
    }
    return new Buckets(Counts.of(counts));
  }

  private static Categories finish(Random random, double length) {
    Map<String, Long> counts = new TreeMap<>();
    for (int i = 0; i < 500; i++) {
      counts.merge(random.nextDouble() < length ? "LENGTH" : "STOP", 1L, Long::sum);
    }
    return new Categories(Counts.of(counts));
  }
}
