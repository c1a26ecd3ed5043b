package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

/** Series of which nobody counts the samples, and whose windows are zero or wild by nature. */
class BurstySeriesTest {
  private static final long SEED = Long.getLong("tributary.seed", 20261124);
  private static final long START_US = 1_772_409_600_000_000L;
  private static final long STEP_US = 300_000_000L;
  private static final int WEEK = 2016;
  private static final int WEEKS = 3;
  private static final int SERIES = 6;

  private static List<Reading> read(DoubleSupplier values, int windows) {
    SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, STEP_US);
    List<Reading> readings = new ArrayList<>();
    for (int window = 0; window < windows; window++) {
      readings.add(detector.add(START_US + window * STEP_US, values.getAsDouble(), Double.NaN));
    }
    return readings;
  }

  private static int opened(List<Reading> readings) {
    int opened = 0;
    for (int i = 1; i < readings.size(); i++) {
      boolean isOpen = readings.get(i).status() == SeriesStatus.OPEN;
      opened += isOpen && readings.get(i - 1).status() != SeriesStatus.OPEN ? 1 : 0;
    }
    return opened;
  }

  /** One window in ten has something, of twenty on average. */
  private static double sparse(Random random) {
    return random.nextDouble() < 0.9 ? 0 : -20 * Math.log(1 - random.nextDouble());
  }

  private static double logNormal(Random random) {
    return 50 * Math.exp(0.8 * random.nextGaussian());
  }

  @Test
  void add_mostlyZero_opensSeldom() {
    Random random = new Random(SEED);
    int opened = 0;
    for (int series = 0; series < SERIES; series++) {
      opened += opened(read(() -> sparse(random), WEEKS * WEEK));
    }

    assertThat(opened)
        .as("seed %d: in %d weeks", SEED, SERIES * WEEKS)
        .isLessThanOrEqualTo(4 * SERIES * WEEKS);
  }

  @Test
  void add_wildNoise_opensSeldom() {
    Random random = new Random(SEED);
    int opened = 0;
    for (int series = 0; series < SERIES; series++) {
      opened += opened(read(() -> logNormal(random), WEEKS * WEEK));
    }

    assertThat(opened)
        .as("seed %d: in %d weeks", SEED, SERIES * WEEKS)
        .isLessThanOrEqualTo(3 * SERIES * WEEKS);
  }

  @Test
  void add_burstInAMostlyZeroSeries_opensAndScoresAboveAllElse() {
    Random random = new Random(SEED);
    int[] window = {0};
    List<Reading> readings =
        read(() -> ++window[0] > 2 * WEEK ? 400 : sparse(random), 2 * WEEK + 2);

    double most =
        readings.subList(WEEK / 7, 2 * WEEK).stream().mapToDouble(Reading::score).max().orElse(1);
    assertThat(readings.get(2 * WEEK).score()).as("seed %d", SEED).isGreaterThan(most);
    assertThat(readings.get(2 * WEEK + 1).status()).isEqualTo(SeriesStatus.OPEN);
  }

  @Test
  void add_spike_hasNoEcho() {
    Random random = new Random(SEED);
    int[] window = {0};
    List<Reading> readings =
        read(() -> ++window[0] == WEEK ? 100 : 1 + 0.1 * random.nextGaussian(), WEEK + 12);

    assertThat(readings.get(WEEK - 1).score()).isGreaterThan(0.9);
    assertThat(readings.subList(WEEK, WEEK + 12))
        .as("seed %d", SEED)
        .allMatch(reading -> reading.score() < 0.5);
  }
}
