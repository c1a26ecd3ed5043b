package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeriesDetectorTest {
  private static final long MINUTE_US = 60_000_000L;
  private static final long STEP_US = 5 * MINUTE_US;
  private static final int DAY = 288;

  /** A Monday, 00:00 UTC. */
  private static final long START_US = 1_772_409_600_000_000L;

  private static final long SEED = 5;

  /** Ten dollars by day, two by night, with ten percent of noise. */
  private static double[] daily(int windows, Random random) {
    double[] values = new double[windows];
    for (int i = 0; i < windows; i++) {
      double day = 6 - 4 * Math.cos(2 * Math.PI * i / DAY);
      values[i] = day * (1 + 0.1 * random.nextGaussian());
    }
    return values;
  }

  private static List<Reading> read(Policy policy, double[] values) {
    SeriesDetector detector = new SeriesDetector(policy, STEP_US);
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      readings.add(detector.add(START_US + i * STEP_US, values[i], Double.NaN));
    }
    return readings;
  }

  private static long count(List<Reading> readings, SeriesStatus status) {
    return readings.stream().filter(reading -> reading.status() == status).count();
  }

  @Test
  void add_firstDay_isWarmup() {
    List<Reading> readings = read(Policy.DEFAULT, daily(DAY + 1, new Random(SEED)));

    assertThat(readings.subList(0, DAY)).allMatch(r -> r.status() == SeriesStatus.WARMUP);
    assertThat(readings.get(DAY).status()).isEqualTo(SeriesStatus.OK);
  }

  @Test
  void add_dailySeasonFromTheThirdDay_opensNothing() {
    List<Reading> readings = read(Policy.DEFAULT, daily(21 * DAY, new Random(SEED)));

    assertThat(count(readings.subList(2 * DAY, readings.size()), SeriesStatus.OPEN)).isZero();
  }

  @Test
  void add_twoAndAHalfTimesTheNightlyBaseline_opensInTwoWindowsAndResolvesInThree() {
    double[] values = daily(14 * DAY, new Random(SEED));
    int from = 10 * DAY;
    for (int i = from; i < from + 20; i++) {
      values[i] *= 2.5;
    }

    List<Reading> readings = read(Policy.DEFAULT, values);

    assertThat(readings.get(from - 1).status()).isEqualTo(SeriesStatus.OK);
    assertThat(readings.get(from + 1).status()).isEqualTo(SeriesStatus.OPEN);
    assertThat(readings.get(from + 22).status()).isEqualTo(SeriesStatus.RESOLVED);
    assertThat(readings.get(from + 23).status()).isEqualTo(SeriesStatus.OK);
  }

  @Test
  void add_eightTimesInOneWindow_opensAtOnce() {
    double[] values = daily(10 * DAY, new Random(SEED));
    values[8 * DAY] *= 8;

    List<Reading> readings = read(Policy.DEFAULT, values);

    assertThat(readings.get(8 * DAY).status()).isEqualTo(SeriesStatus.OPEN);
  }

  /** Two windows are enough, unless an episode ended within six hours: then three of three. */
  @Test
  void add_burstsAfterAnEpisode_areNotToldEachTime() {
    double[] values = daily(10 * DAY, new Random(SEED));
    int first = 8 * DAY;
    int burst = first + 24;
    int lasting = first + 48;
    int later = lasting + 3 + 3 + 74;
    for (int i : List.of(first, burst, lasting, later)) {
      values[i] *= 4;
      values[i + 1] *= 4;
    }
    values[lasting + 2] *= 4;

    List<Reading> readings = read(Policy.DEFAULT, values);

    assertThat(readings.get(first + 1).status()).isEqualTo(SeriesStatus.OPEN);
    assertThat(readings.get(burst + 1).status()).isEqualTo(SeriesStatus.OK);
    assertThat(readings.get(lasting + 1).status()).isEqualTo(SeriesStatus.OK);
    assertThat(readings.get(lasting + 2).status()).isEqualTo(SeriesStatus.OPEN);
    assertThat(readings.get(later + 1).status()).isEqualTo(SeriesStatus.OPEN);
  }

  @Test
  void add_tripleInOneWindow_doesNotPage() {
    double[] values = daily(10 * DAY, new Random(SEED));
    values[8 * DAY] *= 3;

    List<Reading> readings = read(Policy.DEFAULT, values);

    assertThat(count(readings.subList(2 * DAY, readings.size()), SeriesStatus.OPEN)).isZero();
    assertThat(readings.get(8 * DAY).score()).isGreaterThan(0.7);
  }

  @Test
  void add_newLevelForADay_isAcceptedAsLevelShift() {
    double[] values = daily(14 * DAY, new Random(SEED));
    for (int i = 8 * DAY; i < values.length; i++) {
      values[i] *= 3;
    }

    List<Reading> readings = read(Policy.DEFAULT, values);

    assertThat(readings.stream().filter(Reading::levelShift)).hasSize(1);
    assertThat(readings.get(readings.size() - 1).status()).isEqualTo(SeriesStatus.OK);
    assertThat(count(readings.subList(10 * DAY, 14 * DAY), SeriesStatus.OPEN)).isZero();
  }

  @Test
  void add_whileOpen_baselineIsFrozen() {
    double[] values = daily(12 * DAY, new Random(SEED));
    double[] changed = values.clone();
    for (int i = 10 * DAY; i < 10 * DAY + 100; i++) {
      changed[i] *= 4;
    }

    List<Reading> plain = read(Policy.DEFAULT, values);
    List<Reading> open = read(Policy.DEFAULT, changed);

    int late = 10 * DAY + 99;
    assertThat(open.get(late).baseline() / plain.get(late).baseline()).isBetween(0.9, 1.15);
  }

  @Test
  void add_gapOfHours_opensNothingAndIsNoZero() {
    SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, STEP_US);
    double[] values = daily(10 * DAY, new Random(SEED));
    List<SeriesStatus> statuses = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      boolean isMissing = i > 4 * DAY && i % DAY > 100 && i % DAY < 200;
      if (!isMissing) {
        statuses.add(detector.add(START_US + i * STEP_US, values[i], Double.NaN).status());
      }
    }

    assertThat(statuses).doesNotContain(SeriesStatus.OPEN);
    assertThat(detector.expected(START_US + (9L * DAY + 144) * STEP_US)).isBetween(8.5, 11.5);
  }

  @Test
  void add_fewSamples_doNotPage() {
    SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, STEP_US);
    double[] values = daily(10 * DAY, new Random(SEED));
    boolean hasOpened = false;
    for (int i = 0; i < values.length; i++) {
      boolean isThin = i >= 9 * DAY;
      Reading reading =
          detector.add(
              START_US + i * STEP_US, isThin ? values[i] * 4 : values[i], isThin ? 5 : 500);
      hasOpened |= reading.status() == SeriesStatus.OPEN;
    }

    assertThat(hasOpened).isFalse();
  }

  @Test
  void add_floorAboveTheExcess_doesNotPage() {
    Policy policy = PolicyYaml.parse("test", "floor: 1000").policy();
    double[] values = daily(10 * DAY, new Random(SEED));
    for (int i = 9 * DAY; i < 9 * DAY + 50; i++) {
      values[i] *= 5;
    }

    assertThat(count(read(policy, values), SeriesStatus.OPEN)).isZero();
  }

  @Test
  void add_qualityDrop_opensWhenBadShareDoubles() {
    Policy policy =
        PolicyYaml.parse("test", "{values: share, direction: drop, floor: 0.05}").policy();
    Random random = new Random(SEED);
    double[] values = new double[10 * DAY];
    for (int i = 0; i < values.length; i++) {
      double mean = i >= 9 * DAY ? 0.7 : 0.9;
      values[i] = Math.min(1, mean + 0.02 * random.nextGaussian());
    }

    List<Reading> readings = read(policy, values);

    assertThat(count(readings.subList(0, 9 * DAY), SeriesStatus.OPEN)).isZero();
    assertThat(readings.get(9 * DAY + 1).status()).isEqualTo(SeriesStatus.OPEN);
  }

  @Test
  void add_constantSeries_scoresLowUntilItMoves() {
    double[] values = new double[4 * DAY];
    java.util.Arrays.fill(values, 7);
    values[3 * DAY] = 8;

    List<Reading> readings = read(Policy.DEFAULT, values);

    assertThat(readings.subList(0, 3 * DAY)).allMatch(reading -> reading.score() < 0.05);
    assertThat(readings.get(3 * DAY).score()).isGreaterThan(0.9);
    assertThat(count(readings, SeriesStatus.OPEN)).isZero();
  }

  @Test
  void add_sameWindows_givesEqualReadings() {
    double[] values = daily(5 * DAY, new Random(SEED));

    assertThat(read(Policy.DEFAULT, values)).isEqualTo(read(Policy.DEFAULT, values));
  }

  @Test
  void add_backInTime_isRefused() {
    SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, STEP_US);
    detector.add(START_US, 1, Double.NaN);

    assertThatThrownBy(() -> detector.add(START_US, 1, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("out of order");
  }
}
