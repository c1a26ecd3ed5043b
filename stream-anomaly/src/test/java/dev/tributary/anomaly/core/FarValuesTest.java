package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values as large, as small and as few as are allowed, and nothing at all before them. */
class FarValuesTest {
  private static final long STEP_US = 300_000_000L;
  private static final int DAY = 288;

  /** A Monday, 00:00 UTC. */
  private static final long START_US = 1_772_409_600_000_000L;

  private final SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, STEP_US);
  private long window;

  private Reading next(double value, double samples) {
    return detector.add(START_US + window++ * STEP_US, value, samples);
  }

  /** Slots of the profile are narrower than values. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-90, 1e-12, 1e30, 1e39, 1e90, 1e99})
  void add_valuesOfAnySize_areJudgedAlike(double unit) {
    Random random = new Random(4);
    Reading reading = detector.latest();
    for (int i = 0; i < 8 * DAY; i++) {
      boolean isTripled = i >= 8 * DAY - 6;
      double value = (isTripled ? 3 : 1) * (1 + 0.05 * random.nextGaussian());
      reading = next(value * unit, Double.NaN);
      assertThat(reading.score()).isBetween(0.0, 1.0);
      assertThat(reading.baseline() / unit).isBetween(0.5, 1.5);
    }
    assertThat(reading.status()).isEqualTo(SeriesStatus.OPEN);
  }

  /** There is no usual error to measure by, and no number beyond all numbers either. */
  @ParameterizedTest
  @CsvSource({"amount, rise, 1e12", "amount, both, 1e100", "signed, both, 1e100"})
  void add_anythingAfterNothing_hasAFiniteRatio(String values, String direction, double value) {
    String policy = "{values: " + values + ", direction: " + direction + "}";
    SeriesDetector still = new SeriesDetector(PolicyYaml.parse("test", policy).policy(), STEP_US);
    EpisodeTracker tracker = new EpisodeTracker(Policy.DEFAULT.reopenWithin());
    for (int i = 0; i < 2 * DAY; i++) {
      still.add(START_US + i * STEP_US, 0, Double.NaN);
    }

    long timeUs = START_US + 2 * DAY * STEP_US;
    Reading reading = still.add(timeUs, value, Double.NaN);
    tracker.add(timeUs, value, reading);

    assertThat(reading.status()).isEqualTo(SeriesStatus.OPEN);
    assertThat(reading.ratio()).isBetween(1e6, 1e100);
    assertThat(tracker.open().orElseThrow().peakRatio()).isLessThanOrEqualTo(1e100);
  }

  /** A service that was free for three weeks is watched from the day it costs. */
  @Test
  void add_fewSamplesAfterLongNothing_areWatchedSoon() {
    Random random = new Random(5);
    for (int i = 0; i < 21 * DAY; i++) {
      next(0, 20);
    }
    for (int i = 0; i < 5 * DAY; i++) {
      next(10 * (1 + 0.05 * random.nextGaussian()), 20);
    }

    next(30, 20);

    assertThat(next(30, 20).status()).isEqualTo(SeriesStatus.OPEN);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 1e101, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void add_samplesThatAreNone_areRefused(double samples) {
    assertThatThrownBy(() -> next(10, samples))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("samples is " + samples + "; allowed: 0 to 1e100, NaN");
  }

  /** Weeks are weeks before 1970 too. */
  @Test
  void add_theSameWeeksBefore1970_areReadAlike() {
    SeriesDetector then = new SeriesDetector(Policy.DEFAULT, STEP_US);
    long backUs = 3_000L * 7 * DAY * STEP_US;
    Random random = new Random(6);
    boolean wasOpen = false;
    for (int i = 0; i < 9 * DAY; i++) {
      boolean isHigh = i > 8 * DAY && i % 40 < 20;
      double value = (10 + 5 * Math.sin(i / 45.0)) * (isHigh ? 3 : 1) + random.nextGaussian();
      Reading reading = next(value, Double.NaN);
      Reading before = then.add(START_US + i * STEP_US - backUs, value, Double.NaN);
      assertThat(before.status()).isEqualTo(reading.status());
      assertThat(before.score()).isCloseTo(reading.score(), within(1e-6));
      wasOpen |= reading.status() == SeriesStatus.OPEN;
    }
    assertThat(wasOpen).isTrue();
  }

  /** Twelve are enough unless a rule asks for more. */
  @Test
  void add_moreBreachesThanAreUsuallyJudgedTogether_open() {
    String policy = "{breaches: 15, out_of: 20}";
    SeriesDetector patient = new SeriesDetector(PolicyYaml.parse("test", policy).policy(), STEP_US);
    Random random = new Random(7);
    for (int i = 0; i < 3 * DAY; i++) {
      patient.add(START_US + i * STEP_US, 10 + random.nextGaussian(), 200);
    }
    for (int i = 0; i < 15; i++) {
      assertThat(patient.latest().status()).isEqualTo(SeriesStatus.OK);
      patient.add(START_US + (3 * DAY + i) * STEP_US, 40, 200);
    }
    assertThat(patient.latest().status()).isEqualTo(SeriesStatus.OPEN);
  }

  /** Six hours count from the end, also where that is silence. */
  @Test
  void expire_soonAfter_takesEveryWindow() {
    Random random = new Random(8);
    for (int i = 0; i < 3 * DAY; i++) {
      next(10 + random.nextGaussian(), Double.NaN);
    }
    for (int i = 0; i < DAY / 3; i++) {
      next(40 + random.nextGaussian(), Double.NaN);
    }
    detector.expire(START_US + window * STEP_US);
    window += DAY / 24;

    assertThat(next(40, Double.NaN).status()).isEqualTo(SeriesStatus.OK);
    assertThat(next(40, Double.NaN).status()).isEqualTo(SeriesStatus.OK);
    assertThat(next(40, Double.NaN).status()).isEqualTo(SeriesStatus.OPEN);
  }
}
