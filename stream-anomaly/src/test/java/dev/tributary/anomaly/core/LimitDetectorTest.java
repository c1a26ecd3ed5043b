package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a share is beyond a fixed limit of 0.05, taken over a quarter of an hour. */
class LimitDetectorTest {
  private static final long STEP_US = 300_000_000L;
  private static final double LIMIT = 0.05;
  private static final Policy POLICY =
      PolicyYaml.parse("test", "{surprise: 0.001, minimum_samples: 30}").policy();

  private LimitDetector detector = new LimitDetector(POLICY, LIMIT, 3);
  private int next = 1;

  private Reading add(double hits, double count) {
    Reading reading = detector.add(next++ * STEP_US, count == 0 ? 0 : hits / count, count);
    // As it is kept between two steps.
    StateWriter to = new StateWriter();
    detector.save(to);
    detector = new LimitDetector(POLICY, LIMIT, 3);
    detector.load(new StateReader(to.toBytes()));
    assertThat(detector.lastUs()).isEqualTo((next - 1) * STEP_US);
    return reading;
  }

  /** The numbers of the README: so few must be so many not to be chance. */
  @ParameterizedTest
  @CsvSource({"8, 30", "31, 300", "78, 1000"})
  void breach_isAMeanThatTheLimitDoesNotComeToByChance(int hits, int calls) {
    assertThat(add(hits - 1, calls).breach()).isFalse();
    detector = new LimitDetector(POLICY, LIMIT, 3);
    assertThat(add(hits, calls).breach()).isTrue();
  }

  /** Each call counts once, whichever of the three steps it is of; before them nothing does. */
  @Test
  void mean_isOfTheCallsOfThreeSteps() {
    add(100, 100);
    assertThat(add(0, 300).ratio()).isCloseTo(0.25 / LIMIT, within(1e-9));
    assertThat(add(0, 600).ratio()).isCloseTo(0.1 / LIMIT, within(1e-9));
    Reading later = add(9, 100);
    assertThat(later.ratio()).isCloseTo(0.009 / LIMIT, within(1e-9));
    assertThat(later.baseline()).isEqualTo(LIMIT);
  }

  /** Thirty calls in three steps are thirty. */
  @Test
  void samples_areThoseOfTheThreeSteps() {
    assertThat(add(9, 10).breach()).isFalse();
    assertThat(add(9, 19).breach()).isFalse();
    assertThat(add(0, 1).breach()).isTrue();
  }

  @Test
  void twoOfThreeMeans_open_andThreeWithinTheLimitEndIt() {
    assertThat(add(200, 200).status()).isEqualTo(SeriesStatus.OK);
    assertThat(add(0, 200).status()).isEqualTo(SeriesStatus.OPEN);
    assertThat(add(0, 200).status()).as("a third of all").isEqualTo(SeriesStatus.OPEN);
    assertThat(add(10, 200).status())
        .as("all that is known is 0.0167")
        .isEqualTo(SeriesStatus.OPEN);
    assertThat(add(20, 200).status()).as("0.05 is within it").isEqualTo(SeriesStatus.OPEN);
    assertThat(add(0, 200).status()).isEqualTo(SeriesStatus.RESOLVED);
  }

  /** Above it is not within it, though it be by chance. */
  @Test
  void meanJustAboveTheLimit_endsNothing() {
    add(200, 200);
    add(0, 200);
    for (int i = 0; i < 10; i++) {
      assertThat(add(10.3, 200).status()).isEqualTo(SeriesStatus.OPEN);
    }
  }

  /** The further it is beyond, the more it says; within, it says nothing. */
  @Test
  void score_isAHalfAndMore_ofABreachAlone() {
    assertThat(add(3, 300).score()).isZero();
    detector = new LimitDetector(POLICY, LIMIT, 3);
    double some = add(60, 300).score();
    detector = new LimitDetector(POLICY, LIMIT, 3);
    double most = add(300, 300).score();

    assertThat(some).isCloseTo(0.5 + 0.5 * 0.15 / 0.95, within(1e-9));
    assertThat(most).isEqualTo(1);
  }

  /** Of a drop the limit is the least that is good. */
  @Test
  void drop_isBeyondTheLimitBelowIt() {
    Policy drop =
        PolicyYaml.parse("test", "{direction: drop, breaches: 1, out_of: 1, surprise: 0.001}")
            .policy();
    LimitDetector scores = new LimitDetector(drop, 0.85, 1);

    assertThat(scores.add(STEP_US, 0.95, 500).breach()).isFalse();
    assertThat(scores.add(2 * STEP_US, 0.84, 500).breach()).as("chance").isFalse();
    assertThat(scores.add(3 * STEP_US, 0.5, 500).status()).isEqualTo(SeriesStatus.OPEN);
    scores.add(4 * STEP_US, 0.85, 500);
    scores.add(5 * STEP_US, 0.85, 500);
    assertThat(scores.add(6 * STEP_US, 0.85, 500).status()).isEqualTo(SeriesStatus.RESOLVED);
  }
}
