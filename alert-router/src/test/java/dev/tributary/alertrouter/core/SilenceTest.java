package dev.tributary.alertrouter.core;

import static dev.tributary.alertrouter.core.Notices.NOW;
import static dev.tributary.alertrouter.core.Notices.opened;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The exact moments at which quiet begins and ends. */
final class SilenceTest {
  private static final Matcher SUPPORT = new Matcher(new TreeMap<>(Map.of("team", "support")));

  private static WeeklyWindow wednesday(String from, String until) {
    return new WeeklyWindow(
        EnumSet.of(DayOfWeek.WEDNESDAY),
        LocalTime.parse(from),
        LocalTime.parse(until),
        ZoneOffset.UTC);
  }

  @Test
  void holds_fromIsInside_untilIsNot() {
    // Given
    Instant end = NOW.plusSeconds(60);
    Silence silence = new Silence("s", Silence.Kind.SILENCED, SUPPORT, NOW, end, List.of());

    // Then
    assertThat(silence.holds(opened("e"), NOW.minusNanos(1))).isFalse();
    assertThat(silence.holds(opened("e"), NOW)).isTrue();
    assertThat(silence.holds(opened("e"), end.minusNanos(1))).isTrue();
    assertThat(silence.holds(opened("e"), end)).isFalse();
  }

  @Test
  void window_withinADay_fromIsInside_untilIsNot() {
    // Given
    WeeklyWindow window = wednesday("14:00", "15:00");

    // Then: 4 March 2026 is a Wednesday
    assertThat(window.contains(Instant.parse("2026-03-04T13:59:59Z"))).isFalse();
    assertThat(window.contains(Instant.parse("2026-03-04T14:00:00Z"))).isTrue();
    assertThat(window.contains(Instant.parse("2026-03-04T14:59:59Z"))).isTrue();
    assertThat(window.contains(Instant.parse("2026-03-04T15:00:00Z"))).isFalse();
    assertThat(window.contains(Instant.parse("2026-03-05T14:30:00Z"))).isFalse();
  }

  @Test
  void window_endIsItsBegin_isTheWholeDay() {
    // Given
    WeeklyWindow window = wednesday("06:00", "06:00");

    // Then
    assertThat(window.contains(Instant.parse("2026-03-04T05:59:59Z"))).isFalse();
    assertThat(window.contains(Instant.parse("2026-03-04T06:00:00Z"))).isTrue();
    assertThat(window.contains(Instant.parse("2026-03-05T05:59:59Z"))).isTrue();
    assertThat(window.contains(Instant.parse("2026-03-05T06:00:00Z"))).isFalse();
  }

  private static WeeklyWindow sundayInBerlin(String from, String until) {
    return new WeeklyWindow(
        EnumSet.of(DayOfWeek.SUNDAY),
        LocalTime.parse(from),
        LocalTime.parse(until),
        ZoneId.of("Europe/Berlin"));
  }

  private static boolean isIn(WeeklyWindow window, String at) {
    return window.contains(Instant.parse(at));
  }

  /** On 29 March 2026 the clock there goes from 02:00 to 03:00, at 01:00 UTC. */
  @Test
  void window_overTheHourThatIsLeftOut_endsByTheClockOfThePlace() {
    WeeklyWindow window = sundayInBerlin("01:00", "04:00");
    assertThat(isIn(window, "2026-03-28T23:59:59Z")).isFalse();
    assertThat(isIn(window, "2026-03-29T00:00:00Z")).isTrue();
    assertThat(isIn(window, "2026-03-29T01:59:59Z")).isTrue();
    assertThat(isIn(window, "2026-03-29T02:00:00Z")).isFalse();

    WeeklyWindow endsInTheGap = sundayInBerlin("01:00", "02:30");
    assertThat(isIn(endsInTheGap, "2026-03-29T00:59:59Z")).isTrue();
    assertThat(isIn(endsInTheGap, "2026-03-29T01:00:00Z")).isFalse();
  }

  /** On 25 October 2026 the hour from 02:00 comes twice, at 00:00 and 01:00 UTC. */
  @Test
  void window_overTheHourThatComesTwice_holdsBothTimes() {
    WeeklyWindow window = sundayInBerlin("02:00", "03:00");
    assertThat(isIn(window, "2026-10-24T23:59:59Z")).isFalse();
    assertThat(isIn(window, "2026-10-25T00:00:00Z")).isTrue();
    assertThat(isIn(window, "2026-10-25T01:59:59Z")).isTrue();
    assertThat(isIn(window, "2026-10-25T02:00:00Z")).isFalse();
  }

  @Test
  void window_overMidnight_isOfTheDayOnWhichItBegins() {
    WeeklyWindow window = wednesday("22:00", "02:00");
    assertThat(isIn(window, "2026-03-04T01:59:59Z")).isFalse();
    assertThat(isIn(window, "2026-03-04T22:00:00Z")).isTrue();
    assertThat(isIn(window, "2026-03-05T01:59:59Z")).isTrue();
    assertThat(isIn(window, "2026-03-05T02:00:00Z")).isFalse();
    assertThat(isIn(window, "2026-03-05T22:00:00Z")).isFalse();
  }

  @Test
  void holds_oneOfItsWindowsIsEnough() {
    Silence silence =
        new Silence(
            "s",
            Silence.Kind.MAINTENANCE,
            SUPPORT,
            null,
            null,
            List.of(wednesday("01:00", "02:00"), wednesday("14:00", "15:00")));
    assertThat(silence.holds(opened("e"), NOW)).isTrue();
    assertThat(silence.holds(opened("e"), NOW.plusSeconds(3600))).isFalse();
  }

  @Test
  void holds_everyFieldMustFit_oneThatTheAlertHasNotFitsNothing() {
    assertThat(quiet(Map.of("team", "support", "feature", "support-*"))).isTrue();
    assertThat(quiet(Map.of("team", "support", "feature", "other"))).isFalse();
    assertThat(quiet(Map.of("team", "support", "workspace", "*"))).isFalse();
  }

  private static boolean quiet(Map<String, String> match) {
    return new Silence(
            "s",
            Silence.Kind.SILENCED,
            new Matcher(new TreeMap<>(match)),
            null,
            NOW.plusSeconds(1),
            List.of())
        .holds(opened("e"), NOW);
  }
}
