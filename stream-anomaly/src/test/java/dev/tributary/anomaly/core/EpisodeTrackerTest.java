package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a line of {@code backtest --episodes} says of an episode. */
class EpisodeTrackerTest {
  private static final long HOUR_US = 3_600_000_000L;
  private static final double BASELINE = 10;

  private final EpisodeTracker tracker = new EpisodeTracker(Duration.ofHours(6));

  private static Reading reading(SeriesStatus status, double value, double score) {
    return new Reading(score, status, BASELINE, value / BASELINE, false, false);
  }

  private static Reading levelShift(double value) {
    return new Reading(0, SeriesStatus.RESOLVED, BASELINE, value / BASELINE, false, true);
  }

  /** Opens at an hour and ends with the next. */
  private Episode pulse(int hour, double value) {
    assertThat(tracker.add(hour * HOUR_US, value, reading(SeriesStatus.OPEN, value, 0.9)))
        .isEmpty();
    return tracker
        .add((hour + 1) * HOUR_US, 10, reading(SeriesStatus.RESOLVED, 10, 0.1))
        .orElseThrow();
  }

  @Test
  void episode_isAllOfItsWindows_theLastOneIncluded() {
    assertThat(tracker.add(0, 30, reading(SeriesStatus.OK, 30, 0.99))).isEmpty();
    assertThat(tracker.open()).isEmpty();
    tracker.add(HOUR_US, 30, reading(SeriesStatus.OPEN, 30, 0.8));
    tracker.add(2 * HOUR_US, 70, reading(SeriesStatus.OPEN, 70, 0.95));
    tracker.add(3 * HOUR_US, 40, reading(SeriesStatus.OPEN, 40, 0.7));
    assertThat(tracker.open().orElseThrow().end()).isEqualTo(Episode.End.STILL_OPEN);
    assertThat(tracker.open().orElseThrow().windows()).isEqualTo(3);

    Episode ended =
        tracker.add(4 * HOUR_US, 12, reading(SeriesStatus.RESOLVED, 12, 0.1)).orElseThrow();

    assertThat(ended.end()).isEqualTo(Episode.End.RESOLVED);
    assertThat(ended.openedUs()).isEqualTo(HOUR_US);
    assertThat(ended.firstUs()).isEqualTo(HOUR_US);
    assertThat(ended.goesOn()).isFalse();
    assertThat(ended.lastUs()).isEqualTo(4 * HOUR_US);
    assertThat(ended.windows()).isEqualTo(4);
    assertThat(ended.baseline()).isEqualTo(BASELINE);
    assertThat(ended.peakValue()).isEqualTo(70);
    assertThat(ended.peakUs()).isEqualTo(2 * HOUR_US);
    assertThat(ended.peakRatio()).isEqualTo(7);
    assertThat(ended.excess()).as("20 + 60 + 30 + 2").isCloseTo(112, within(1e-9));
    assertThat(ended.score()).isEqualTo(0.95);
    assertThat(tracker.open()).isEmpty();
  }

  /** Of a drop the peak is the lowest window, and the excess is what is missing. */
  @Test
  void episodeOfADrop_hasItsPeakBelow() {
    tracker.add(HOUR_US, 4, reading(SeriesStatus.OPEN, 4, 0.8));
    tracker.add(2 * HOUR_US, 1, reading(SeriesStatus.OPEN, 1, 0.8));
    tracker.add(3 * HOUR_US, 30, reading(SeriesStatus.OPEN, 30, 0.8));
    Episode ended =
        tracker.add(4 * HOUR_US, 10, reading(SeriesStatus.RESOLVED, 10, 0)).orElseThrow();

    assertThat(ended.peakValue()).isEqualTo(1);
    assertThat(ended.peakRatio()).isEqualTo(0.1);
    assertThat(ended.excess()).isCloseTo(-6 - 9 + 20, within(1e-9));
  }

  /** An incident that pauses is one, however often it does. */
  @Test
  void whatComesBackWithinSixHours_goesOnWithTheFirst() {
    Episode first = pulse(0, 30);
    Episode second = pulse(6, 30);
    Episode third = pulse(12, 30);
    Episode later = pulse(19, 30);

    assertThat(first.goesOn()).isFalse();
    assertThat(second.firstUs()).isEqualTo(first.openedUs());
    assertThat(second.openedUs()).isEqualTo(6 * HOUR_US);
    assertThat(second.goesOn()).isTrue();
    assertThat(third.firstUs()).isEqualTo(first.openedUs());
    assertThat(later.firstUs()).as("six hours after its end").isEqualTo(19 * HOUR_US);
    assertThat(later.goesOn()).isFalse();
  }

  /** The new level is the usual one: what opens then is of its own. */
  @Test
  void whatComesAfterALevelShift_goesOnWithNothing() {
    tracker.add(0, 30, reading(SeriesStatus.OPEN, 30, 0.9));
    Episode shifted = tracker.add(HOUR_US, 30, levelShift(30)).orElseThrow();

    assertThat(shifted.end()).isEqualTo(Episode.End.LEVEL_SHIFT);
    assertThat(pulse(2, 90).goesOn()).isFalse();
  }

  @Test
  void reopenWithinNothing_partsWhatComesBackAtOnce() {
    EpisodeTracker apart = new EpisodeTracker(Duration.ZERO);
    apart.add(0, 30, reading(SeriesStatus.OPEN, 30, 0.9));
    apart.add(HOUR_US, 10, reading(SeriesStatus.RESOLVED, 10, 0));
    apart.add(2 * HOUR_US, 30, reading(SeriesStatus.OPEN, 30, 0.9));

    assertThat(apart.open().orElseThrow().goesOn()).isFalse();
  }

  /** A replay names it alike, and a name tells tenant, environment, series and time apart. */
  @Test
  void id_tellsItsPartsApart() {
    String id = EpisodeId.of("acme", "production", "chat", 17);

    assertThat(id)
        .matches("[0-9a-f]{32}")
        .isEqualTo(EpisodeId.of("acme", "production", "chat", 17));
    assertThat(EpisodeId.of("acm", "eproduction", "chat", 17)).isNotEqualTo(id);
    assertThat(EpisodeId.of("acme", "productionc", "hat", 17)).isNotEqualTo(id);
    assertThat(EpisodeId.of("acme", "production", "chat1", 7)).isNotEqualTo(id);
    assertThat(EpisodeId.of("other", "production", "chat", 17)).isNotEqualTo(id);
    assertThat(EpisodeId.of("acme", "staging", "chat", 17)).isNotEqualTo(id);
    assertThat(EpisodeId.of("acme", "production", "chat", 18)).isNotEqualTo(id);
  }
}
