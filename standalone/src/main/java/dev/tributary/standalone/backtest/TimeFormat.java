package dev.tributary.standalone.backtest;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** How the timestamps of a file are written; decided by its first row. */
enum TimeFormat {
  ISO("ISO 8601, UTC where no offset is given"),
  SECONDS("seconds since the epoch"),
  MILLIS("milliseconds since the epoch"),
  MICROS("microseconds since the epoch"),
  NANOS("nanoseconds since the epoch");

  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,19}(\\.\\d{1,9})?");
  private static final BigDecimal HUNDRED_BILLION = new BigDecimal("1e11");
  private static final int LONGEST = 40;

  private final String words;

  TimeFormat(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  /**
   * The format of a timestamp. Numbers below 1e11 are seconds (until the year 5138), then each
   * thousandfold is the next smaller unit.
   */
  static TimeFormat of(String text) {
    if (!NUMBER.matcher(text).matches()) {
      return ISO;
    }
    BigDecimal size = new BigDecimal(text).abs();
    if (size.compareTo(HUNDRED_BILLION) < 0) {
      return SECONDS;
    }
    if (size.compareTo(HUNDRED_BILLION.movePointRight(3)) < 0) {
      return MILLIS;
    }
    return size.compareTo(HUNDRED_BILLION.movePointRight(6)) < 0 ? MICROS : NANOS;
  }

  /** Microseconds since the epoch; empty where the text is no timestamp of this format. */
  OptionalLong read(String text) {
    if (text.length() > LONGEST) {
      return OptionalLong.empty();
    }
    return this == ISO ? iso(text) : number(text);
  }

  private OptionalLong number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      return OptionalLong.empty();
    }
    int shift =
        switch (this) {
          case SECONDS -> 6;
          case MILLIS -> 3;
          case NANOS -> -3;
          case ISO, MICROS -> 0;
        };
    BigDecimal micros = new BigDecimal(text).movePointRight(shift).setScale(0, RoundingMode.FLOOR);
    return micros.abs().compareTo(new BigDecimal("4e18")) < 0
        ? OptionalLong.of(micros.longValueExact())
        : OptionalLong.empty();
  }

  private static OptionalLong iso(String text) {
    try {
      String iso = text.toUpperCase(Locale.ROOT).replace('/', '-');
      if (iso.length() > 10 && iso.charAt(10) == ' ') {
        iso = iso.substring(0, 10) + 'T' + iso.substring(11).replace(" ", "");
      }
      return OptionalLong.of(micros(instant(iso)));
    } catch (DateTimeException | ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  private static Instant instant(String iso) {
    if (iso.length() <= 10) {
      return LocalDate.parse(iso).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    boolean hasOffset = iso.endsWith("Z") || iso.indexOf('+', 10) > 0 || iso.indexOf('-', 10) > 0;
    return hasOffset
        ? OffsetDateTime.parse(iso).toInstant()
        : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
  }

  private static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
  }
}
