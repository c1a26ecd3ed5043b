package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HabitsTest {
  private static final long MINUTE_US = 60_000_000L;
  private static final long HOUR_US = 60 * MINUTE_US;
  private static final long DAY_US = 24 * HOUR_US;
  private static final long JOB_US = 1_000 * DAY_US + 2 * HOUR_US + 40 * MINUTE_US;
  private static final double BASELINE = 10;
  private static final double NEVER_US = Double.NEGATIVE_INFINITY;

  private final Habits habits = new Habits(Season.WEEK, 5 * MINUTE_US);

  private double usual(long timeUs) {
    return habits.usual(timeUs, 100, BASELINE, timeUs, NEVER_US);
  }

  private void add(long timeUs, double value) {
    habits.add(timeUs, value, BASELINE);
  }

  @Test
  void usual_twoEarlierDays_isTheirMean() {
    add(JOB_US, 100);
    assertThat(usual(JOB_US + DAY_US)).isNaN();

    add(JOB_US + DAY_US, 120);
    assertThat(usual(JOB_US + 2 * DAY_US)).isEqualTo(110);
  }

  @Test
  void usual_threeEarlierDays_isTheirMedian() {
    add(JOB_US, 100);
    add(JOB_US + DAY_US, 110);
    add(JOB_US + 2 * DAY_US, 300);
    assertThat(usual(JOB_US + 3 * DAY_US)).isEqualTo(110);

    add(JOB_US + 3 * DAY_US, 300);
    assertThat(usual(JOB_US + 4 * DAY_US)).isEqualTo(300);
    add(JOB_US + 4 * DAY_US, 20);
    assertThat(usual(JOB_US + 5 * DAY_US)).isEqualTo(300);
  }

  @Test
  void usual_severalOfADay_countsTheFarthestOnce() {
    add(JOB_US, 60);
    add(JOB_US + 5 * MINUTE_US, 100);
    add(JOB_US + 10 * MINUTE_US, 80);

    assertThat(usual(JOB_US + DAY_US)).isNaN();
    add(JOB_US + DAY_US, 80);
    assertThat(usual(JOB_US + 2 * DAY_US)).isEqualTo(90);
  }

  @Test
  void usual_slotBesides_isTheSameTime() {
    add(JOB_US, 100);
    add(JOB_US + DAY_US + 10 * MINUTE_US, 100);

    long thirdUs = JOB_US + 2 * DAY_US;
    assertThat(usual(thirdUs)).isEqualTo(100);
    assertThat(usual(thirdUs + 19 * MINUTE_US)).as("both are near").isEqualTo(100);
    assertThat(usual(thirdUs + 20 * MINUTE_US)).as("the first is not").isNaN();
    assertThat(usual(thirdUs - MINUTE_US)).as("the second is not").isNaN();
  }

  @Test
  void usual_aboutMidnight_tellsYesterdayFromJustNow() {
    long midnightUs = 1_000 * DAY_US;
    add(midnightUs - MINUTE_US, 100);
    add(midnightUs + DAY_US - MINUTE_US, 100);

    assertThat(usual(midnightUs + DAY_US)).isNaN();
    assertThat(usual(midnightUs + 2 * DAY_US)).isEqualTo(100);
  }

  @Test
  void usual_everyWeekAndAHoliday_isKnownForSoLong() {
    add(JOB_US, 100);
    add(JOB_US + 8 * DAY_US, 100);

    assertThat(usual(JOB_US + 16 * DAY_US)).isEqualTo(100);
    assertThat(usual(JOB_US + 17 * DAY_US)).isNaN();
  }

  @Test
  void usual_nineDaysApart_isNone() {
    add(JOB_US, 100);
    add(JOB_US + 9 * DAY_US, 100);

    assertThat(usual(JOB_US + 10 * DAY_US)).isNaN();
  }

  @Test
  void usual_onBothSidesOfTheBaseline_isOneHabitForEach() {
    add(JOB_US, 1);
    add(JOB_US + 5 * MINUTE_US, 100);
    add(JOB_US + DAY_US, 100);
    long thenUs = JOB_US + 2 * DAY_US;
    assertThat(usual(thenUs)).isEqualTo(100);
    assertThat(habits.usual(thenUs, 2, BASELINE, thenUs, NEVER_US)).isNaN();

    add(JOB_US + DAY_US + 5 * MINUTE_US, 3);
    add(JOB_US + DAY_US + 6 * MINUTE_US, 5);
    assertThat(usual(thenUs)).isEqualTo(100);
    assertThat(habits.usual(thenUs, 2, BASELINE, thenUs, NEVER_US)).isEqualTo(2);
  }

  @Test
  void usual_yesterdayInWarmup_isEnough() {
    add(JOB_US, 100);

    long tomorrowUs = JOB_US + DAY_US;
    assertThat(habits.usual(tomorrowUs, 100, BASELINE, tomorrowUs, JOB_US + 1)).isEqualTo(100);
    long thenUs = JOB_US + 2 * DAY_US;
    assertThat(habits.usual(thenUs, 100, BASELINE, thenUs, JOB_US + 1)).isNaN();
  }

  @Test
  void usual_ofTheOpenEpisode_doesNotCount() {
    for (long timeUs = JOB_US; timeUs < JOB_US + 2 * DAY_US; timeUs += 20 * MINUTE_US) {
      add(timeUs, 100);
    }

    long nowUs = JOB_US + 2 * DAY_US;
    assertThat(habits.usual(nowUs, 100, BASELINE, nowUs, NEVER_US)).isEqualTo(100);
    assertThat(habits.usual(nowUs, 100, BASELINE, JOB_US, NEVER_US)).isNaN();
  }

  @Test
  void usual_hourlyWindows_areNotThoseOfTheHourBeside() {
    Habits hourly = new Habits(Season.WEEK, HOUR_US);
    hourly.add(JOB_US, 100, BASELINE);
    hourly.add(JOB_US + DAY_US, 100, BASELINE);

    long thenUs = JOB_US + 2 * DAY_US;
    assertThat(hourly.usual(thenUs, 100, BASELINE, thenUs, NEVER_US)).isEqualTo(100);
    long besideUs = thenUs + HOUR_US;
    assertThat(hourly.usual(besideUs, 100, BASELINE, besideUs, NEVER_US)).isNaN();
  }

  @Test
  void add_withoutASeason_remembersNothing() {
    Habits none = new Habits(Season.NONE, 5 * MINUTE_US);
    none.add(JOB_US, 100, BASELINE);
    none.add(JOB_US + DAY_US, 100, BASELINE);

    assertThat(none.usual(JOB_US + 2 * DAY_US, 100, BASELINE, Long.MAX_VALUE, NEVER_US)).isNaN();
  }

  @Test
  void add_moreThanIsKept_forgetsTheOldest() {
    add(JOB_US - 3 * HOUR_US, 100);
    add(JOB_US, 100);
    for (int slot = 0; slot < 255; slot++) {
      add(JOB_US + 2 * HOUR_US + slot * 10 * MINUTE_US, 100);
    }

    assertThat(usual(JOB_US + 2 * DAY_US)).isEqualTo(100);
    assertThat(usual(JOB_US - 3 * HOUR_US + 2 * DAY_US)).isNaN();
    assertThat(bytes(habits)).hasSizeLessThan(1_700);
  }

  @Test
  void add_beyondAFloat_isLeftOut() {
    add(JOB_US, 1e100);
    add(JOB_US + DAY_US, 100);

    assertThat(usual(JOB_US + 2 * DAY_US)).isNaN();
  }

  @Test
  void forgetFrom_leavesWhatCameBefore() {
    add(JOB_US, 100);
    add(JOB_US + DAY_US, 100);
    add(JOB_US + DAY_US + HOUR_US, 40);
    add(JOB_US + 2 * DAY_US + HOUR_US, 40);

    habits.forgetFrom(JOB_US + DAY_US + HOUR_US);

    assertThat(usual(JOB_US + 3 * DAY_US)).isEqualTo(100);
    assertThat(usual(JOB_US + 3 * DAY_US + HOUR_US)).isNaN();
  }

  @Test
  void load_whatWasSaved_isTheSame() {
    add(JOB_US, 100);
    add(JOB_US + DAY_US, 0);
    add(JOB_US + 2 * DAY_US, 0);
    Habits loaded = new Habits(Season.WEEK, 5 * MINUTE_US);
    loaded.load(new StateReader(bytes(habits)));

    long thenUs = JOB_US + 3 * DAY_US;
    assertThat(loaded.usual(thenUs, 0, BASELINE, thenUs, NEVER_US)).isZero();
    assertThat(bytes(loaded)).isEqualTo(bytes(habits));
  }

  @Test
  void load_moreThanIsKept_isRefused() {
    byte[] bytes = new StateWriter().whole(257).toBytes();

    assertThatThrownBy(() -> habits.load(new StateReader(bytes)))
        .hasMessage("257 remembered windows in a state");
  }

  private static byte[] bytes(Habits habits) {
    StateWriter to = new StateWriter();
    habits.save(to);
    return to.toBytes();
  }
}
