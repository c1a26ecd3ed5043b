package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.series.Rule;
import dev.tributary.anomaly.core.series.RuleBook;
import dev.tributary.anomaly.core.series.SeriesKey;
import dev.tributary.anomaly.core.series.SeriesMetric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Series of few calls, where chance alone makes windows twice as bad and hides those that are. */
class FewCallsTest {
  private static final long SEED = Long.getLong("tributary.seed", 20261121);
  private static final long START_US = 1_772_409_600_000_000L;
  private static final long STEP_US = 300_000_000L;
  private static final int WEEK = 2016;
  private static final int SERIES = 10;
  private static final int WEEKS = 2;
  private static final SeriesKey CHAT =
      new SeriesKey("default", "production", "feature", Map.of("feature", "chat"), "chat");
  private static final Rule LENGTH =
      Objects.requireNonNull(
          RuleBook.DEFAULTS.limit(CHAT, SeriesMetric.LENGTH_SHARE, "length_share"));

  @ParameterizedTest
  @CsvSource({"0.01, 12", "0.03, 12", "0.03, 40", "0.045, 25"})
  void limit_shareBelowItByChanceBeyond_doesNotPage(double share, int calls) {
    Random random = new Random(SEED);
    int opened = 0;
    for (int series = 0; series < SERIES; series++) {
      LimitDetector detector =
          new LimitDetector(LENGTH.policy(), LENGTH.limit(), LENGTH.limitWindows());
      SeriesStatus before = SeriesStatus.OK;
      for (int window = 0; window < WEEKS * WEEK; window++) {
        int count = calls / 2 + random.nextInt(calls);
        SeriesStatus status =
            detector.add(START_US + window * STEP_US, drawn(random, count, share), count).status();
        opened += status == SeriesStatus.OPEN && before != SeriesStatus.OPEN ? 1 : 0;
        before = status;
      }
    }

    assertThat(opened).as("seed %d: in %d weeks", SEED, SERIES * WEEKS).isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"0.5, 12", "0.25, 40", "0.15, 300"})
  void limit_shareFarBeyondIt_isFoundWithinHalfAnHour(double share, int calls) {
    Random random = new Random(SEED);
    for (int series = 0; series < SERIES; series++) {
      LimitDetector detector =
          new LimitDetector(LENGTH.policy(), LENGTH.limit(), LENGTH.limitWindows());
      int opened = -1;
      for (int window = 0; window < 100 && opened < 0; window++) {
        double now = window < 50 ? 0.01 : share;
        SeriesStatus status =
            detector.add(START_US + window * STEP_US, drawn(random, calls, now), calls).status();
        opened = status == SeriesStatus.OPEN ? window : -1;
      }
      assertThat(opened).as("seed %d, series %d", SEED, series).isBetween(50, 55);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 40", "0.002, 40", "0.01, 40", "0.03, 40", "0.1, 40", "0.02, 100"})
  void baseline_shareThatChanceAloneMoves_opensLessThanOnceInAMonth(double share, int calls) {
    Random random = new Random(SEED);
    int opened = 0;
    for (int series = 0; series < SERIES; series++) {
      SeriesDetector detector = new SeriesDetector(SeriesMetric.FALLBACK_SHARE.policy(), STEP_US);
      SeriesStatus before = SeriesStatus.OK;
      for (int window = 0; window < WEEKS * WEEK; window++) {
        int count = calls / 2 + random.nextInt(calls);
        SeriesStatus status =
            detector.add(START_US + window * STEP_US, drawn(random, count, share), count).status();
        opened += status == SeriesStatus.OPEN && before != SeriesStatus.OPEN ? 1 : 0;
        before = status;
      }
    }

    assertThat(opened)
        .as("seed %d: in %d weeks", SEED, SERIES * WEEKS)
        .isLessThanOrEqualTo(SERIES * WEEKS / 4);
  }

  @Test
  void add_windowsThatAreBeyondChanceTogether_open() {
    List<Reading> counted = loud(30, 2.3, 3.4);
    List<Reading> uncounted = loud(Double.NaN, 2.3, 3.4);

    assertThat(counted.get(0).status()).isEqualTo(SeriesStatus.OK);
    assertThat(counted.get(1).status()).isEqualTo(SeriesStatus.OPEN);
    // What nobody counts may wander: the first of the two is no evidence beside the second.
    assertThat(uncounted.get(1).status()).isEqualTo(SeriesStatus.OK);
  }

  @Test
  void add_littleMoreThanTwiceAsMuchForLong_opensThoughNoThreeWindowsShowIt() {
    List<Reading> counted = loud(30, 2.1, 2.2, 1.9, 2.2, 2.1, 1.9, 2.2, 2.2);

    assertThat(counted.get(4).status()).isEqualTo(SeriesStatus.OK);
    assertThat(counted).last().extracting(Reading::status).isEqualTo(SeriesStatus.OPEN);
  }

  @Test
  void add_littleMoreThanTwiceAsMuchNowAndThen_staysClosed() {
    List<Reading> counted = loud(30, 2.2, 0.8, 2.3, 1.1, 0.7, 2.3, 1.2, 2.2, 0.9, 1.3, 2.2);

    assertThat(counted).extracting(Reading::status).containsOnly(SeriesStatus.OK);
  }

  @Test
  void add_windowBetweenTwoThatIsCalm_countsAgainstThem() {
    assertThat(loud(30, 2.3, 0.6, 3.4).get(2).status()).isEqualTo(SeriesStatus.OK);
  }

  @Test
  void add_calmWindowsOfWhichChanceLiftsOne_resolve() {
    List<Reading> counted = loud(30, 6, 6, 0.8, 1.7, 0.9);
    List<Reading> uncounted = loud(Double.NaN, 6, 6, 0.8, 1.7, 0.9);

    assertThat(counted.get(3).status()).isEqualTo(SeriesStatus.OPEN);
    assertThat(counted.get(4).status()).isEqualTo(SeriesStatus.RESOLVED);
    assertThat(uncounted.get(4).status()).isEqualTo(SeriesStatus.OPEN);
  }

  @Test
  void add_windowThatBreaksTheRuleAmongCalmOnes_keepsItOpen() {
    List<Reading> readings = loud(30, 6, 6, 0.1, 0.1, 4, 0.1, 0.1, 0.1);

    assertThat(readings.get(6).status()).isEqualTo(SeriesStatus.OPEN);
    assertThat(readings.get(7).status()).isEqualTo(SeriesStatus.RESOLVED);
  }

  /** Readings after ten days in which a window errs by four tenths. */
  private static List<Reading> loud(double samples, double... factors) {
    Random random = new Random(SEED);
    SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, STEP_US);
    long timeUs = START_US;
    for (int window = 0; window < 10 * 288; window++) {
      detector.add(timeUs, 100 * Math.max(0, 1 + 0.4 * random.nextGaussian()), samples);
      timeUs += STEP_US;
    }
    List<Reading> readings = new ArrayList<>();
    for (double factor : factors) {
      readings.add(detector.add(timeUs, 100 * factor, samples));
      timeUs += STEP_US;
    }
    return readings;
  }

  /** The load comes and goes over hours, by half and by twice: ten high windows are one. */
  @Test
  void add_countedSeriesThatWanders_opensLessThanOnceInAWeek() {
    Random random = new Random(SEED);
    int opened = 0;
    for (int series = 0; series < SERIES; series++) {
      SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, STEP_US);
      SeriesStatus before = SeriesStatus.OK;
      double wander = 0;
      for (int window = 0; window < WEEKS * WEEK; window++) {
        wander = 0.95 * wander + 0.31 * random.nextGaussian();
        double value = 100 * Math.exp(0.3 * wander) * (1 + 0.1 * random.nextGaussian());
        SeriesStatus status = detector.add(START_US + window * STEP_US, value, 1000).status();
        opened += status == SeriesStatus.OPEN && before != SeriesStatus.OPEN ? 1 : 0;
        before = status;
      }
    }

    assertThat(opened).as("seed %d: in %d weeks", SEED, SERIES * WEEKS).isLessThan(SERIES * WEEKS);
  }

  /** Of two windows that are twice as much each, chance being small, none is taken for chance. */
  @Test
  void add_secondWeek_errorsOfTheFirstDayHideNothing() {
    Random random = new Random(SEED);
    int twice = 0;
    int found = 0;
    for (int series = 0; series < 4 * SERIES; series++) {
      SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, STEP_US);
      for (int window = 0; window < 9 * 288; window++) {
        detector.add(START_US + window * STEP_US, ofDay(window, random), 170);
      }
      List<Reading> risen = new ArrayList<>();
      for (int window = 9 * 288; window < 9 * 288 + 2; window++) {
        risen.add(detector.add(START_US + window * STEP_US, 2.35 * ofDay(window, random), 170));
      }
      twice += risen.stream().allMatch(each -> each.ratio() >= 2) ? 1 : 0;
      found += risen.get(1).status() == SeriesStatus.OPEN ? 1 : 0;
    }

    assertThat(twice).as("seed %d", SEED).isGreaterThan(SERIES);
    assertThat(found).as("seed %d", SEED).isEqualTo(twice);
  }

  /** A day with eight tenths up and down, and a fifth of chance. */
  private static double ofDay(int window, Random random) {
    double usual = 1 - 0.8 * Math.cos(2 * Math.PI * (window + 72) / 288);
    return 100 * usual * Math.max(0, 1 + 0.2 * random.nextGaussian());
  }

  private static double drawn(Random random, int calls, double share) {
    int count = 0;
    for (int i = 0; i < calls; i++) {
      count += random.nextDouble() < share ? 1 : 0;
    }
    return count / (double) calls;
  }
}
