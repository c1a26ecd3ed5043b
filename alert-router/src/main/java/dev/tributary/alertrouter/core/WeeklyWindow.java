package dev.tributary.alertrouter.core;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.Set;

/**
 * Hours of certain days, every week, by the clock of a place.
 *
 * @param days days on which it begins; not empty
 * @param from first moment
 * @param until end (exclusive); not after {@code from}: on the next day
 * @param zone whose clock
 */
public record WeeklyWindow(Set<DayOfWeek> days, LocalTime from, LocalTime until, ZoneId zone) {
  /** Copies the days. */
  public WeeklyWindow {
    if (days.isEmpty()) {
      throw new IllegalArgumentException("days: at least one");
    }
    days = EnumSet.copyOf(days);
  }

  /** True where the moment is inside. */
  public boolean contains(Instant at) {
    ZonedDateTime there = at.atZone(zone);
    LocalTime time = there.toLocalTime();
    DayOfWeek day = there.getDayOfWeek();
    if (from.isBefore(until)) {
      return days.contains(day) && !time.isBefore(from) && time.isBefore(until);
    }
    return (days.contains(day) && !time.isBefore(from))
        || (days.contains(day.minus(1)) && time.isBefore(until));
  }
}
