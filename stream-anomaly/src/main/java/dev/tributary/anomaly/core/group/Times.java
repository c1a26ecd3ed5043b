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

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final long DAY_US = 86_400_000_000L;

  private Times() {}

  /** When something began, as of a later time: with its day where the clock would say today. */
  static String since(long us, long nowUs) {
    return "since " + (nowUs - us < DAY_US ? CLOCK : DAY).format(instant(us));
  }

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
