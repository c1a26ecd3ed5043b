package dev.tributary.alertrouter.core;

import static dev.tributary.alertrouter.core.Notices.NOW;
import static dev.tributary.alertrouter.core.Notices.opened;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
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
}
