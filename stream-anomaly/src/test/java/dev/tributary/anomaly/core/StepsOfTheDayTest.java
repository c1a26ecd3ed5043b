package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Seasons of series whose windows are as long as an hour, or longer, and steps within a day. */
class StepsOfTheDayTest {
  private static final long MINUTE_US = 60_000_000L;
  private static final long HOUR_US = 60 * MINUTE_US;
  private static final long DAY_US = 24 * HOUR_US;

  /** A Monday at midnight. */
  private static final long MONDAY_US = 1_772_409_600_000_000L;

  private final long seed = Seeds.one();
  private final Random random = new Random(seed);

  private record Seen(double value, Reading reading) {}

  /** A series by the hours that passed since the first Monday, with some noise. */
  private List<Seen> read(long stepUs, int days, DoubleUnaryOperator usual) {
    SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, stepUs);
    return IntStream.range(0, (int) (days * DAY_US / stepUs))
        .mapToObj(
            i -> {
              double value = usual.applyAsDouble(i * stepUs / (double) HOUR_US);
              value += random.nextGaussian();
              Reading reading = detector.add(MONDAY_US + i * stepUs, value, Double.NaN);
              return new Seen(value, reading);
            })
        .toList();
  }

  private static <T> List<T> last(List<T> all, int count) {
    return all.subList(all.size() - count, all.size());
  }

  private static double meanError(List<Seen> windows) {
    return windows.stream()
        .mapToDouble(seen -> Math.abs(seen.value - seen.reading.baseline()))
        .average()
        .orElseThrow();
  }

  /** Noise alone is a mean distance of 0.8. */
  @ParameterizedTest
  @ValueSource(ints = {5, 15, 30, 60, 120, 180, 360})
  void day_isKnownAsWell_howeverLongAWindowIs(int minutes) {
    long stepUs = minutes * MINUTE_US;
    double halfStep = minutes / 120.0;
    List<Seen> seen =
        read(stepUs, 21, hour -> 100 + 40 * Math.sin((hour + halfStep) * Math.PI / 12));

    assertThat(meanError(last(seen, (int) (7 * DAY_US / stepUs))))
        .as("seed %d", seed)
        .isLessThan(1.4);
  }

  private static boolean isWeekend(double hour) {
    return ((int) hour / 24) % 7 >= 5;
  }

  @Test
  void oneValueADay_hasItsWeekdays() {
    List<Seen> seen = read(DAY_US, 84, hour -> isWeekend(hour) ? 40 : 100);

    assertThat(meanError(last(seen, 28))).as("seed %d", seed).isLessThan(6);
  }

  /** Midnights of Berlin and Auckland, over the days on which clocks are set. */
  @ParameterizedTest
  @CsvSource({"23, 22", "22, 23", "12, 11", "11, 12", "7, 6"})
  void oneValueADay_hasItsWeekdays_whenClocksAreSet(int before, int after) {
    SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, DAY_US);
    double worst = 0;
    for (int day = 0; day < 84; day++) {
      double value = isWeekend(day * 24.0) ? 40 : 100;
      long timeUs = MONDAY_US + day * DAY_US + (day < 70 ? before : after) * HOUR_US;
      Reading reading = detector.add(timeUs, value + random.nextGaussian(), Double.NaN);
      worst = day < 70 ? 0 : Math.max(worst, Math.abs(value - reading.baseline()));
      assertThat(reading.status()).as("seed %d", seed).isNotEqualTo(SeriesStatus.OPEN);
    }
    assertThat(worst).as("seed %d", seed).isLessThan(15);
  }

  /** What never moved is a surprise when it does, and none when it is back. */
  @Test
  void firstValueOfASeriesOfZeros_isTheSurprise_andNotTheZeroAfterIt() {
    SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, 5 * MINUTE_US);
    List<Double> scores = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      double value = i == 800 ? 9 : 0;
      scores.add(detector.add(MONDAY_US + i * 5 * MINUTE_US, value, Double.NaN).score());
    }

    assertThat(scores.get(800)).isGreaterThan(0.9);
    assertThat(scores.subList(300, 800)).allMatch(score -> score < 0.01);
    assertThat(scores.get(801)).isLessThan(scores.get(800));
  }

  /** What a negative control shows: a level alone is between the two. */
  @Test
  void oneValueADay_withoutASeason_hasNone() {
    SeriesDetector detector =
        new SeriesDetector(PolicyYaml.parse("test", "season: none").policy(), DAY_US);
    for (int day = 0; day < 83; day++) {
      detector.add(MONDAY_US + day * DAY_US, isWeekend(day * 24.0) ? 40 : 100, Double.NaN);
    }
    // A Sunday after a Saturday.
    assertThat(detector.expected(MONDAY_US + 83 * DAY_US)).isGreaterThan(50);
  }

  private static double office(double hour) {
    double ofDay = hour % 24;
    return ofDay >= 9 && ofDay < 17 ? 120 : 20;
  }

  /** Neighbours foretell no step, but the baseline does; also where it is met with some noise. */
  @Test
  void usualBeginningOfOfficeHours_isNoSurprise() {
    for (int series = 0; series < 40; series++) {
      List<Seen> seen = read(HOUR_US, 28, StepsOfTheDayTest::office);

      assertThat(last(seen, 7 * 24))
          .as("seed %d, series %d", seed, series)
          .allSatisfy(window -> assertThat(window.reading.score()).isLessThan(0.5));
    }
  }

  @Test
  void officeHoursThatDoNotBegin_areASurpriseWithinThree() {
    int missing = 27 * 24 + 9;
    List<Seen> seen =
        read(HOUR_US, 28, hour -> hour >= missing && hour < missing + 3 ? 20 : office(hour));

    assertThat(seen.subList(missing, missing + 3))
        .as("seed %d", seed)
        .anySatisfy(window -> assertThat(window.reading.score()).isGreaterThan(0.5));
  }

  /** What falls to nothing on its way back is not how far a rise went. */
  @Test
  void peak_isOnTheSideOnWhichTheEpisodeOpened() {
    SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, 5 * MINUTE_US);
    EpisodeTracker tracker = new EpisodeTracker(Policy.DEFAULT.reopenWithin());
    Episode episode = null;
    for (int i = 0; i < 600; i++) {
      double value = i < 500 ? 10 + random.nextGaussian() : i < 510 ? 60 : 0;
      long timeUs = MONDAY_US + i * 5 * MINUTE_US;
      Reading reading = detector.add(timeUs, value, Double.NaN);
      Episode now = tracker.add(timeUs, value, reading).orElse(null);
      episode = now == null ? episode : now;
    }

    assertThat(episode).as("seed %d", seed).isNotNull();
    assertThat(episode.end()).isEqualTo(Episode.End.RESOLVED);
    assertThat(episode.peakValue()).isEqualTo(60);
    assertThat(episode.peakRatio()).isGreaterThan(2);
  }
}
