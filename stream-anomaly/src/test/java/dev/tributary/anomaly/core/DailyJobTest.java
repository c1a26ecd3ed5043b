package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Jobs that come every night, week or hour, and what else happens in such series. */
class DailyJobTest {
  private static final long STEP_US = 300_000_000L;
  private static final int WINDOWS_OF_HOUR = 12;
  private static final int WINDOWS_OF_DAY = 24 * WINDOWS_OF_HOUR;

  /** 02:40: no hour's profile holds it. */
  private static final int START = 32;

  private static final int LENGTH = 9;

  /** A Monday at midnight. */
  private static final long MONDAY_US = 1_772_409_600_000_000L;

  private final long seed = Seeds.one();
  private final Random random = new Random(seed);

  /** How many times its usual level a series is at, by day and window of the day. */
  private interface Level {
    double at(int day, int window);
  }

  private static boolean isJob(int window) {
    return window >= START && window < START + LENGTH;
  }

  /** The readings of a series of some 30 calls in five minutes, of one cent each. */
  private List<Reading> read(Policy policy, int days, Level level) {
    SeriesDetector detector = new SeriesDetector(policy, STEP_US);
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < days * WINDOWS_OF_DAY; i++) {
      double calls = 60 * level.at(i / WINDOWS_OF_DAY, i % WINDOWS_OF_DAY);
      double samples = Math.max(1, Math.round(calls + Math.sqrt(calls) * random.nextGaussian()));
      double value = 0.01 * samples * (1 + 0.05 * random.nextGaussian());
      readings.add(detector.add(MONDAY_US + i * STEP_US, value, samples));
    }
    return readings;
  }

  private static List<Integer> daysWithEpisodes(List<Reading> readings) {
    TreeSet<Integer> days = new TreeSet<>();
    for (int i = 0; i < readings.size(); i++) {
      if (readings.get(i).status() == SeriesStatus.OPEN) {
        days.add(i / WINDOWS_OF_DAY);
      }
    }
    return List.copyOf(days);
  }

  private List<Integer> episodes(int days, Level level) {
    return daysWithEpisodes(read(Policy.DEFAULT, days, level));
  }

  @Test
  void nightlyJob_fromTheBeginning_opensNothing() {
    assertThat(episodes(21, (day, window) -> isJob(window) ? 10 : 1)).as("seed %d", seed).isEmpty();
  }

  @Test
  void nightlyJob_new_opensTwice() {
    assertThat(episodes(21, (day, window) -> day >= 8 && isJob(window) ? 10 : 1))
        .as("seed %d", seed)
        .containsExactly(8, 9);
  }

  /** What a negative control shows: the profile of hours alone never learns it. */
  @Test
  void nightlyJob_withoutASeason_opensEveryNight() {
    Policy policy = PolicyYaml.parse("test", "season: none").policy();
    List<Reading> readings = read(policy, 14, (day, window) -> isJob(window) ? 10 : 1);

    assertThat(daysWithEpisodes(readings)).as("seed %d", seed).hasSize(13);
  }

  @Test
  void nightlyJob_threeTimesItself_opens() {
    Level level = (day, window) -> isJob(window) ? (day == 12 ? 30 : 10) : 1;
    List<Reading> readings = read(Policy.DEFAULT, 14, level);

    assertThat(daysWithEpisodes(readings)).as("seed %d", seed).containsExactly(12);
    Reading second = readings.get(12 * WINDOWS_OF_DAY + START + 1);
    assertThat(second.status()).isEqualTo(SeriesStatus.OPEN);
    assertThat(second.baseline()).as("what the job usually costs").isBetween(4.0, 9.0);
    assertThat(second.ratio()).isBetween(2.0, 4.0);
  }

  /** What was an incident once is not what the next night is judged by. */
  @Test
  void nightlyJob_threeTimesItselfFromThenOn_opensTwice() {
    assertThat(episodes(18, (day, window) -> isJob(window) ? (day >= 12 ? 30 : 10) : 1))
        .as("seed %d", seed)
        .containsExactly(12, 13);
  }

  @Test
  void nightlyJob_thatGrowsFast_opens() {
    Level level = (day, window) -> isJob(window) ? 10 * Math.pow(1.8, Math.max(0, day - 11)) : 1;

    assertThat(episodes(18, level)).as("seed %d", seed).contains(13, 14, 15, 16, 17);
  }

  /** It begins before the job would, and the job does not come. */
  @Test
  void incident_whereTheJobWouldBe_isExpectedToBeWithout() {
    Level level =
        (day, window) ->
            day == 12 && window >= 20 && window < 60 ? 4 : isJob(window) && day != 12 ? 10 : 1;
    List<Reading> readings = read(Policy.DEFAULT, 14, level);

    List<Reading> incident = readings.subList(12 * WINDOWS_OF_DAY + 22, 12 * WINDOWS_OF_DAY + 60);
    assertThat(incident)
        .as("seed %d", seed)
        .allMatch(reading -> reading.status() == SeriesStatus.OPEN)
        .allMatch(reading -> reading.baseline() < 1.1 && reading.ratio() > 2);
  }

  @Test
  void nightlyJob_anHourLater_opens() {
    Level level = (day, window) -> isJob(day == 12 ? window - WINDOWS_OF_HOUR : window) ? 10 : 1;

    assertThat(episodes(14, level)).as("seed %d", seed).containsExactly(12);
  }

  @Test
  void nightlyJob_thatDoesNotCome_opensNothing() {
    Level level = (day, window) -> isJob(window) && day != 12 ? 10 : 1;

    assertThat(episodes(14, level)).as("seed %d", seed).isEmpty();
  }

  @Test
  void nightlyJob_ofWorkdays_opensNothingAfterTheWeekend() {
    Level level = (day, window) -> isJob(window) && day % 7 < 5 ? 10 : 1;

    assertThat(episodes(28, level)).as("seed %d", seed).isEmpty();
  }

  @Test
  void weeklyJob_opensTwice() {
    Level level = (day, window) -> isJob(window) && day % 7 == 3 ? 10 : 1;

    assertThat(episodes(35, level)).as("seed %d", seed).containsExactly(3, 10);
  }

  @Test
  void hourlyJob_fromTheBeginning_opensNothingAfterTwoDays() {
    Level level = (day, window) -> window % WINDOWS_OF_HOUR == 4 ? 10 : 1;

    assertThat(episodes(14, level)).as("seed %d", seed).allMatch(day -> day <= 2);
  }

  @Test
  void incident_atTheTimeOfOneBefore_opens() {
    Level level = (day, window) -> (day == 8 || day == 12) && window > 120 && window < 160 ? 4 : 1;

    assertThat(episodes(14, level)).as("seed %d", seed).containsExactly(8, 12);
  }

  /** It lasts two days and a half, and is not the habit of itself. */
  @Test
  void incident_thatGoesOn_staysOpen() {
    Policy policy = PolicyYaml.parse("test", "level_shift_after: 7d").policy();
    Level level = (day, window) -> day >= 8 && (day < 10 || (day == 10 && window < 144)) ? 4 : 1;

    List<Reading> readings = read(policy, 14, level);

    assertThat(daysWithEpisodes(readings)).as("seed %d", seed).containsExactly(8, 9, 10);
    assertThat(readings.subList(8 * WINDOWS_OF_DAY + 2, 10 * WINDOWS_OF_DAY + 144))
        .as("seed %d", seed)
        .allMatch(reading -> reading.status() == SeriesStatus.OPEN);
  }

  /** The job of every night says nothing of it: neither that it is over nor that it is not. */
  @Test
  void incident_overTheJob_isOneEpisode() {
    int end = START + LENGTH + 20;
    Level level = (day, window) -> isJob(window) ? 10 : day == 12 && window < end ? 4 : 1;
    List<Reading> readings = read(Policy.DEFAULT, 14, level);

    int midnight = 12 * WINDOWS_OF_DAY;
    assertThat(readings.subList(midnight + 2, midnight + end + 2))
        .as("seed %d", seed)
        .allMatch(reading -> reading.status() == SeriesStatus.OPEN);
    assertThat(readings.get(midnight + end + 4).status()).isNotEqualTo(SeriesStatus.OPEN);
    assertThat(readings.get(midnight + START + 2).baseline()).isBetween(4.0, 8.0);
  }

  /** Windows of an episode are no habit once they are the level; the job before it still is one. */
  @Test
  void levelShift_keepsTheHabitsFromBefore() {
    int afterShift = 9 * WINDOWS_OF_DAY + START + 2;
    List<Reading> same = read(Policy.DEFAULT, 16, shiftWithJobOf(30));
    List<Reading> grown = read(Policy.DEFAULT, 16, shiftWithJobOf(120));

    assertThat(same.get(afterShift).status()).as("seed %d", seed).isEqualTo(SeriesStatus.OK);
    assertThat(grown.get(afterShift).status()).as("seed %d", seed).isEqualTo(SeriesStatus.OPEN);
  }

  /** A day that was accepted as the level is no earlier day of what comes at one of its hours. */
  @Test
  void levelShift_isNoHabitItself() {
    Level level =
        (day, window) ->
            day == 8 || ((day == 14 || day == 15) && window > 120 && window < 160) ? 4 : 1;

    assertThat(episodes(17, level)).as("seed %d", seed).contains(8, 14, 15);
  }

  /** Four times as much from the ninth day on, with a job of thirty before and of so much after. */
  private static Level shiftWithJobOf(double then) {
    return (day, window) -> isJob(window) ? (day >= 8 ? then : 30) : day >= 8 ? 4 : 1;
  }

  @Test
  void nightlyJob_halfAsLarge_isNoDrop() {
    Policy policy = PolicyYaml.parse("test", "direction: both").policy();
    Level level = (day, window) -> isJob(window) ? (day == 12 ? 4 : 10) : 1;

    assertThat(daysWithEpisodes(read(policy, 14, level))).as("seed %d", seed).doesNotContain(12);
  }

  @Test
  void nightlyDrop_new_opensTwice() {
    Policy policy = PolicyYaml.parse("test", "{values: share, direction: drop}").policy();
    SeriesDetector detector = new SeriesDetector(policy, STEP_US);
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < 14 * WINDOWS_OF_DAY; i++) {
      double usual = i >= 6 * WINDOWS_OF_DAY && isJob(i % WINDOWS_OF_DAY) ? 0.2 : 0.8;
      double share = usual + 0.02 * random.nextGaussian();
      readings.add(detector.add(MONDAY_US + i * STEP_US, share, 200));
    }

    assertThat(daysWithEpisodes(readings)).as("seed %d", seed).containsExactly(6, 7);
  }

  /** Of what nobody counts the score tells: neither where it begins nor where it ends. */
  @Test
  void squareWave_isNoSurpriseForWeeks() {
    SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, STEP_US);
    int surprises = 0;
    for (int i = 0; i < 42 * WINDOWS_OF_DAY; i++) {
      boolean isHigh = i % WINDOWS_OF_DAY >= 101 && i % WINDOWS_OF_DAY < 211;
      double value = (isHigh ? 80 : 20) + random.nextGaussian();
      Reading reading = detector.add(MONDAY_US + i * STEP_US, value, Double.NaN);
      surprises += i >= 4 * WINDOWS_OF_DAY && reading.score() >= 0.5 ? 1 : 0;
    }

    assertThat(surprises).as("seed %d, in 38 days of two steps each", seed).isLessThan(6);
  }
}
