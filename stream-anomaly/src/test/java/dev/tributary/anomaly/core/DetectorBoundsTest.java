package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bounds at which a detector and what gathers its readings decide one way or the other. */
class DetectorBoundsTest {
  private static final long HOUR_US = 3_600_000_000L;

  /** A Monday, 00:00 UTC. */
  private static final long START_US = 1_772_409_600_000_000L;

  private static final Reading OPEN = reading(SeriesStatus.OPEN, false);

  private static Reading reading(SeriesStatus status, boolean isLevelShift) {
    return new Reading(0.6, status, 10, 3, true, isLevelShift);
  }

  /** What a level was expected to be is part of the state. */
  @Test
  void add_savedAtAnyWindowOfALevelShift_goesOnEqually() {
    SeriesDetector whole = new SeriesDetector(Policy.DEFAULT, HOUR_US);
    SeriesDetector saved = new SeriesDetector(Policy.DEFAULT, HOUR_US);
    boolean wasShifted = false;
    for (int hour = 0; hour < 20 * 24; hour++) {
      double usual = hour % 24 < 12 ? 1 : 4;
      double value = hour < 14 * 24 + 5 ? usual : 5 * usual;
      Reading expected = whole.add(START_US + hour * HOUR_US, value, Double.NaN);
      StateWriter to = new StateWriter();
      saved.save(to);
      saved = new SeriesDetector(Policy.DEFAULT, HOUR_US);
      saved.load(new StateReader(to.toBytes()));

      assertThat(saved.add(START_US + hour * HOUR_US, value, Double.NaN)).isEqualTo(expected);
      wasShifted |= expected.levelShift();
    }
    assertThat(wasShifted).isTrue();
  }

  @Test
  void add_spikeInWarmup_scoresAtMostAHalf() {
    SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, HOUR_US);
    Random random = new Random(1);
    for (int hour = 0; hour < 28; hour++) {
      detector.add(START_US + hour * HOUR_US, 10 + 0.1 * random.nextGaussian(), Double.NaN);
    }

    Reading reading = detector.add(START_US + 28 * HOUR_US, 1_000, Double.NaN);

    assertThat(reading.status()).isEqualTo(SeriesStatus.WARMUP);
    assertThat(reading.score()).isBetween(0.3, 0.5);
  }

  /** The sum of two days has neither hour nor weekday: every time is expected to be the level. */
  @Test
  void expected_atStepsBeyondADay_knowsNoSeason() {
    long stepUs = 48 * HOUR_US;
    SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, stepUs);
    for (int step = 0; step < 70; step++) {
      detector.add(START_US + step * stepUs, step % 7 < 5 ? 100 : 20, Double.NaN);
    }

    long nextUs = START_US + 70 * stepUs;
    assertThat(detector.expected(nextUs + 5 * stepUs)).isEqualTo(detector.expected(nextUs));
    assertThat(detector.expected(nextUs + 11 * HOUR_US)).isEqualTo(detector.expected(nextUs));
  }

  @Test
  void ratio_shareNearOne_isThatOfTheRest() {
    Policy share = Policy.DEFAULT.withValues(ValueKind.SHARE);

    assertThat(Departure.ratio(share, 0.96, 0.9, 0.001)).isBetween(2.49, 2.51);
    assertThat(Departure.ratio(share, 0.3, 0.1, 0.001)).isBetween(2.99, 3.01);
  }

  @Test
  void scaled_farDown_staysWithinATenthOfTheLevel() {
    assertThat(Profile.scaled(100, 1e-6, 0.01)).isEqualTo(0.001);
    assertThat(Profile.scaled(100, 1e6, 10)).isEqualTo(100);
    assertThat(Profile.scaled(1, 5, 10)).isEqualTo(5);
    assertThat(Profile.scaled(1e-5, 0.5, 10)).isEqualTo(1e-5);
  }

  @Test
  void tracker_exactlyAtTheTime_isAnEpisodeOfItsOwn() {
    assertThat(after(Duration.ofHours(6), false).goesOn()).isFalse();
    assertThat(after(Duration.ofHours(5), false).goesOn()).isTrue();
    assertThat(after(Duration.ofHours(5), true).goesOn()).isFalse();
  }

  /** The next episode after one of two windows that brought 5 and 20 more than usual. */
  private static Episode after(Duration pause, boolean isLevelShift) {
    EpisodeTracker tracker = new EpisodeTracker(Duration.ofHours(6));
    tracker.add(START_US, 15, OPEN);
    Reading end = reading(SeriesStatus.RESOLVED, isLevelShift);
    Episode ended = tracker.add(START_US + HOUR_US, 30, end).orElseThrow();
    assertThat(ended.excess()).isEqualTo(25);
    assertThat(ended.end())
        .isEqualTo(isLevelShift ? Episode.End.LEVEL_SHIFT : Episode.End.RESOLVED);
    tracker.add(START_US + HOUR_US + pause.toMillis() * 1000, 30, OPEN);
    return tracker.open().orElseThrow();
  }

  @Test
  void limit_drop_isBrokenFromBelowAndByEnoughSamples() {
    Policy drop =
        PolicyYaml.parse("test", "{direction: drop, breaches: 1, out_of: 1, minimum_samples: 50}")
            .policy();
    LimitDetector detector = new LimitDetector(drop, 0.85, 1);

    assertThat(detector.add(START_US, 0.95, 100).status()).isEqualTo(SeriesStatus.OK);
    assertThat(detector.add(START_US + HOUR_US, 0.2, 49).status()).isEqualTo(SeriesStatus.OK);
    assertThat(detector.add(START_US + 2 * HOUR_US, 0.2, 50).status()).isEqualTo(SeriesStatus.OPEN);
  }
}
