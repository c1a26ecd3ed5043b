package dev.tributary.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Intervals against published figures, and against truth that is known. */
class IntervalsTest {

  @ParameterizedTest
  @CsvSource({"0.975, 1.959963984540", "0.5, 0", "0.995, 2.575829303549", "0.01, -2.326347874041"})
  void normal_tabulatedQuantiles(double probability, double quantile) {
    assertThat(Normal.quantile(probability)).isCloseTo(quantile, within(1e-8));
  }

  /** Newcombe 1998, table I, method 3. */
  @ParameterizedTest
  @CsvSource({
    "81, 263, 0.2553, 0.3662",
    "15, 148, 0.0624, 0.1605",
    "0, 20, 0, 0.1611",
    "1, 29, 0.0061, 0.1718"
  })
  void wilson_newcombesCases(double successes, double n, double low, double high) {
    Interval interval = Interval.wilson(successes, n, 0.05);

    assertThat(interval.low()).isCloseTo(low, within(5e-5));
    assertThat(interval.high()).isCloseTo(high, within(5e-5));
  }

  @Test
  void wilson_ofWhatIsNoShare_isRefused() {
    assertThatThrownBy(() -> Interval.wilson(0, 0, 0.05)).hasMessageContaining("no share");
    assertThatThrownBy(() -> Interval.wilson(-1, 5, 0.05)).hasMessageContaining("no share");
    assertThatThrownBy(() -> Interval.wilson(6, 5, 0.05)).hasMessageContaining("no share");
    assertThat(Interval.wilson(5, 5, 0.05).high()).isEqualTo(1);
  }

  @Test
  void interval_holdsItsEnds_andNothingBeyond() {
    Interval mean = Interval.ofMean(Moments.unweighted(100, 200, 500), 0.05);

    // The variance is 1, with 100 / 99.
    double half = Normal.quantile(0.975) * Math.sqrt(1.0 / 99);
    assertThat(mean.low()).isCloseTo(2 - half, within(1e-12));
    assertThat(mean.high()).isCloseTo(2 + half, within(1e-12));
    assertThat(mean.contains(mean.low())).isTrue();
    assertThat(mean.contains(mean.high())).isTrue();
    assertThat(mean.contains(2 - 1.01 * half)).isFalse();
    assertThat(mean.contains(2 + 1.01 * half)).isFalse();
  }

  @Test
  void evidence_isAboveItsLevel_exactlyWhereTheIntervalLeavesZero() {
    for (double alpha : new double[] {0.05, 0.005}) {
      for (long n : new long[] {50, 1_000, 100_000}) {
        double margin = ConfidenceSequence.margin(0.1, n, alpha);
        assertThat(ConfidenceSequence.evidence(margin * 1.000001, 0.1, n, alpha))
            .isGreaterThan(1 / alpha);
        assertThat(ConfidenceSequence.evidence(margin * 0.999999, 0.1, n, alpha))
            .isLessThan(1 / alpha);
        assertThat(margin).isGreaterThan(0.1 * Normal.quantile(1 - alpha / 2));
      }
    }
    assertThat(ConfidenceSequence.evidence(0, 0, 100, 0.05)).isLessThan(1);
  }

  /** The claim beside the constant: little is lost away from the number it is tuned for. */
  @Test
  void margin_isNearItsBest_overAThousandfoldOfValues() {
    double best = ConfidenceSequence.margin(1, (long) ConfidenceSequence.TUNED_FOR, 0.005);

    assertThat(ConfidenceSequence.margin(1, 400, 0.005)).isLessThan(1.2 * best);
    assertThat(ConfidenceSequence.margin(1, 40_000, 0.005)).isLessThan(1.2 * best);
  }

  @Test
  void bootstrap_coversTheMeanOfASkewedSample() {
    SplittableRandom random = new SplittableRandom(11);
    int covered = 0;
    int runs = 200;
    for (int run = 0; run < runs; run++) {
      double[] values = new double[120];
      double[] probabilities = new double[120];
      for (int i = 0; i < values.length; ) {
        double value = -Math.log(1 - random.nextDouble());
        double probability = value > 2 ? 0.9 : 0.3;
        if (random.nextDouble() < probability) {
          values[i] = value;
          probabilities[i++] = probability;
        }
      }
      covered += Bootstrap.ofMean(values, probabilities, 0.05, 300, random).contains(1) ? 1 : 0;
    }
    assertThat(covered / (double) runs).as("seed 11").isBetween(0.88, 0.99);
  }

  /** Both ends cut off as much. */
  @Test
  void bootstrap_ofASymmetricSample_isSymmetric() {
    double[] values = new double[400];
    double[] probabilities = new double[400];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 2 == 0 ? -1 : 1;
      probabilities[i] = 0.5;
    }

    Interval interval =
        Bootstrap.ofMean(values, probabilities, 0.1, 4_000, new SplittableRandom(13));

    double half = Normal.quantile(0.95) / 20;
    assertThat(interval.low()).isCloseTo(-half, within(0.006));
    assertThat(interval.high()).isCloseTo(half, within(0.006));
  }

  @Test
  void bootstrap_withoutValues_isRefused() {
    assertThatThrownBy(
            () -> Bootstrap.ofMean(new double[0], new double[0], 0.05, 10, new SplittableRandom(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /**
   * A judge that is too kind, most of all to bad answers, which are judged and labelled more often:
   * its weighted mean is wrong, so is a correction without weights, and the corrected one holds.
   */
  @Test
  void predictionPowered_biasIsTakenOff_andTheIntervalIsNarrowerThanLabelsAlone() {
    SplittableRandom random = new SplittableRandom(5);
    int covered = 0;
    int naive = 0;
    double error = 0;
    double width = 0;
    double widthOfLabels = 0;
    int runs = 400;
    for (int run = 0; run < runs; run++) {
      PredictionPowered powered = new PredictionPowered();
      Moments judged = Moments.NONE;
      Moments labels = Moments.NONE;
      for (int i = 0; i < 4_000; i++) {
        boolean isOdd = random.nextDouble() < 0.3;
        double truth = random.nextDouble() < (isOdd ? 0.5 : 0.9) ? 1 : 0;
        double probability = isOdd ? 0.8 : 0.4;
        double ofLabel = isOdd ? 0.2 : 0.1;
        if (random.nextDouble() >= probability) {
          continue;
        }
        double judgement = judge(random, truth);
        judged = judged.plus(Moments.of(judgement, probability));
        if (random.nextDouble() < ofLabel) {
          powered.labelled(truth, judgement, probability, ofLabel);
          labels = labels.plus(Moments.of(truth, probability * ofLabel));
        } else {
          powered.judged(judgement, probability);
        }
      }
      Interval interval = powered.mean(0.05);
      error += interval.estimate() - 0.78;
      covered += interval.contains(0.78) ? 1 : 0;
      naive += Interval.ofMean(judged, 0.05).contains(0.78) ? 1 : 0;
      width += interval.high() - interval.low();
      Interval alone = Interval.ofMean(labels, 0.05);
      widthOfLabels += alone.high() - alone.low();
    }
    assertThat(covered / (double) runs).as("seed 5").isBetween(0.92, 0.98);
    assertThat(error / runs).as("bias, seed 5").isBetween(-0.002, 0.002);
    assertThat(naive / (double) runs).as("the judge alone").isLessThan(0.05);
    assertThat(width).isLessThan(0.75 * widthOfLabels);
  }

  @Test
  void predictionPowered_uselessJudge_leavesTheLabels() {
    PredictionPowered powered = new PredictionPowered();
    Moments labels = Moments.NONE;
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 200; i++) {
      double truth = i % 4 == 0 ? 0 : 1;
      powered.labelled(truth, 0.5, 1, 1);
      labels = labels.plus(Moments.of(truth));
    }
    powered.judged(random.nextDouble(), 1);

    Interval interval = powered.mean(0.05);

    assertThat(interval.estimate()).isEqualTo(0.75);
    assertThat(interval.high() - interval.low())
        .isCloseTo(2 * Normal.quantile(0.975) * Math.sqrt(labels.varianceOfMean()), within(1e-9));
  }

  /** What a judge praises the more the worse it is, is not believed backwards. */
  @Test
  void predictionPowered_contraryJudge_leavesTheLabels() {
    PredictionPowered powered = new PredictionPowered();
    for (int i = 0; i < 200; i++) {
      double truth = i % 4 == 0 ? 0 : 1;
      powered.labelled(truth, 1 - truth, 1, 1);
      powered.judged(1, 1);
    }

    assertThat(powered.mean(0.05).estimate()).isEqualTo(0.75);
  }

  /** The linearised variance of both phases, case by case, whatever the probabilities are. */
  @Test
  void predictionPowered_interval_isThatOfTheCasesResiduals() {
    SplittableRandom random = new SplittableRandom(17);
    PredictionPowered powered = new PredictionPowered();
    double[][] cases = new double[60][];
    for (int i = 0; i < cases.length; i++) {
      double label = random.nextDouble();
      double judgement = 0.2 + 0.6 * label + 0.2 * random.nextDouble();
      double probability = 0.2 + 0.8 * random.nextDouble();
      // 0: a person did not label it.
      double ofLabel = i % 3 == 0 ? 0.3 + 0.7 * random.nextDouble() : 0;
      cases[i] = new double[] {label, judgement, 1 / probability, ofLabel};
      if (ofLabel > 0) {
        powered.labelled(label, judgement, probability, ofLabel);
      } else {
        powered.judged(judgement, probability);
      }
    }
    double all = 0;
    double judged = 0;
    double labelled = 0;
    double label = 0;
    double judge = 0;
    double both = 0;
    double squares = 0;
    for (double[] each : cases) {
      all += each[2];
      judged += each[2] * each[1];
      double weight = each[3] == 0 ? 0 : each[2] / each[3];
      labelled += weight;
      label += weight * each[0];
      judge += weight * each[1];
      both += weight * each[0] * each[1];
      squares += weight * each[1] * each[1];
    }
    double mean = judged / all;
    double trust =
        (both / labelled - label * judge / labelled / labelled)
            / (squares / labelled - judge * judge / labelled / labelled);
    double rest = (label - trust * judge) / labelled;
    double variance = 0;
    for (double[] each : cases) {
      double weight = each[3] == 0 ? 0 : each[2] / each[3];
      double residual =
          trust * each[2] * (each[1] - mean) / all
              + weight * (each[0] - trust * each[1] - rest) / labelled;
      variance += residual * residual;
    }

    Interval interval = powered.mean(0.05);

    assertThat(interval.estimate()).isCloseTo(trust * mean + rest, within(1e-12));
    assertThat(interval.high() - interval.estimate())
        .isCloseTo(Normal.quantile(0.975) * Math.sqrt(variance * 20 / 19), within(1e-12));
    assertThat(powered.labelled()).isEqualTo(20);
    assertThat(powered.judgeMean()).isCloseTo(mean, within(1e-12));
  }

  @Test
  void predictionPowered_oneLabel_isRefused() {
    PredictionPowered powered = new PredictionPowered();
    powered.judged(0.5, 1);
    powered.labelled(1, 0.5, 1, 1);

    assertThatThrownBy(() -> powered.mean(0.05)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> powered.labelled(1, 0.5, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static double judge(SplittableRandom random, double truth) {
    double fair = truth == 1 ? 0.93 : 0.6;
    return Math.min(1, fair + 0.05 * random.nextDouble());
  }
}
