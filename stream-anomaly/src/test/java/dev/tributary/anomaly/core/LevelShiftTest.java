package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a level that is taken for the usual one does to what is expected of other hours. */
class LevelShiftTest {
  private static final long HOUR_US = 3_600_000_000L;

  /** A Monday, 00:00 UTC. */
  private static final long START_US = 1_772_409_600_000_000L;

  /** From an hour of next to nothing a factor of thousands went to all other hours, each time. */
  @Test
  void add_burstsThatAreTakenForTheUsual_doNotCarryTheBaselineAway() {
    for (int seed = 0; seed < 10; seed++) {
      for (long stepUs : new long[] {HOUR_US, 6 * HOUR_US, 12 * HOUR_US}) {
        for (Direction direction : Direction.values()) {
          assertThat(farthest(direction, stepUs, seed))
              .as("baseline over the greatest value: %s, %d, seed %d", direction, stepUs, seed)
              .isLessThan(10);
        }
      }
    }
  }

  private static double farthest(Direction direction, long stepUs, int seed) {
    String policy = "{direction: " + direction + "}";
    SeriesDetector detector = new SeriesDetector(PolicyYaml.parse("test", policy).policy(), stepUs);
    Random random = new Random(seed);
    double most = 0;
    double farthest = 0;
    for (int window = 0; window < 4_000; window++) {
      double value = random.nextInt(10) == 0 ? Math.exp(random.nextGaussian()) : 0;
      most = Math.max(most, value);
      Reading reading = detector.add(START_US + window * stepUs, value, Double.NaN);
      if (!(reading.baseline() <= farthest * most)) {
        farthest = reading.baseline() / Math.max(most, Double.MIN_NORMAL);
      }
    }
    return farthest;
  }

  /** What is five times as much by night is expected to be so by day. */
  @Test
  void add_levelShift_movesAllHoursByTheSameFactor() {
    SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, HOUR_US);
    long shiftUs = START_US + 14 * 24 * HOUR_US;
    Reading reading = detector.latest();
    for (long timeUs = START_US; !reading.levelShift(); timeUs += HOUR_US) {
      double usual = timeUs / HOUR_US % 24 < 12 ? 1 : 4;
      reading = detector.add(timeUs, timeUs < shiftUs ? usual : 5 * usual, Double.NaN);
    }

    assertThat(detector.expected(shiftUs + 6 * HOUR_US)).isBetween(4.0, 6.0);
    assertThat(detector.expected(shiftUs + 18 * HOUR_US)).isBetween(16.0, 24.0);
  }

  /** From next to nothing to a great deal: a factor that no number can hold. */
  @Test
  void add_levelShiftOfAnyFactor_leavesABaseline() {
    SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, HOUR_US);
    long timeUs = START_US;
    for (int hour = 0; hour < 14 * 24; hour++, timeUs += HOUR_US) {
      detector.add(timeUs, hour % 24 < 12 ? 0 : 1e-290, Double.NaN);
    }
    for (int hour = 0; hour < 60 * 24; hour++, timeUs += HOUR_US) {
      Reading reading = detector.add(timeUs, 1e30, Double.NaN);
      assertThat(reading.baseline()).as("hour %d", hour).isFinite();
      assertThat(reading.score()).as("hour %d", hour).isBetween(0.0, 1.0);
    }
  }
}
