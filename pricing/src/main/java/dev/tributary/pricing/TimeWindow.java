package dev.tributary.pricing;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Set;

/**
 * The hours of a day, in UTC, in which a card holds.
 *
 * @param utcFrom first moment inside
 * @param utcTo first moment outside; earlier than {@code utcFrom} where the window runs over
 *     midnight
 * @param weekdays the days on which a window starts; empty means every day
 */
public record TimeWindow(LocalTime utcFrom, LocalTime utcTo, Set<DayOfWeek> weekdays) {

  private static final long SECONDS_OF_DAY = 86_400;

  public TimeWindow {
    if (utcFrom.equals(utcTo)) {
      throw new IllegalArgumentException("time window is empty: " + utcFrom + " to " + utcTo);
    }
    weekdays = Set.copyOf(weekdays);
  }

  /** A window of every day. */
  public static TimeWindow daily(LocalTime utcFrom, LocalTime utcTo) {
    return new TimeWindow(utcFrom, utcTo, Set.of());
  }

  /** Whether the moment lies inside. */
  public boolean contains(Instant at) {
    long second = at.getEpochSecond();
    // Whole UTC days since 1970-01-01, which was a Thursday.
    DayOfWeek day = DayOfWeek.THURSDAY.plus(Math.floorDiv(second, SECONDS_OF_DAY) % 7);
    LocalTime time =
        LocalTime.ofSecondOfDay(Math.floorMod(second, SECONDS_OF_DAY)).withNano(at.getNano());
    if (utcFrom.isBefore(utcTo)) {
      return startsOn(day) && !time.isBefore(utcFrom) && time.isBefore(utcTo);
    }
    return (startsOn(day) && !time.isBefore(utcFrom))
        || (startsOn(day.minus(1)) && time.isBefore(utcTo));
  }

  /** Whether some moment lies inside both. */
  boolean intersects(TimeWindow other) {
    // Two windows that meet contain the first moment of one of them.
    return containsAStartOf(other) || other.containsAStartOf(this);
  }

  private boolean containsAStartOf(TimeWindow other) {
    Set<DayOfWeek> days =
        other.weekdays.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : other.weekdays;
    for (DayOfWeek day : days) {
      // 2026-01-05 is a Monday.
      Instant start =
          other
              .utcFrom
              .atDate(java.time.LocalDate.of(2026, 1, 4 + day.getValue()))
              .toInstant(ZoneOffset.UTC);
      if (contains(start)) {
        return true;
      }
    }
    return false;
  }

  private boolean startsOn(DayOfWeek day) {
    return weekdays.isEmpty() || weekdays.contains(day);
  }
}
