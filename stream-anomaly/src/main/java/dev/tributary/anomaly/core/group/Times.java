package dev.tributary.anomaly.core.group;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Times of records in words, UTC. */
final class Times {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter WEEKDAY =
      DateTimeFormatter.ofPattern("EEEE HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private Times() {}

  /** Hour and minute. */
  static String clock(long us) {
    return CLOCK.format(instant(us));
  }

  /** Day of the week and the full hour, as a baseline is named. */
  static String weekdayHour(long us) {
    return WEEKDAY.format(instant(us).truncatedTo(ChronoUnit.HOURS));
  }

  private static Instant instant(long us) {
    return Instant.EPOCH.plus(us, ChronoUnit.MICROS);
  }
}
