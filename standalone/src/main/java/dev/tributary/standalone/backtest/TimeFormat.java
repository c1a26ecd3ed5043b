package dev.tributary.standalone.backtest;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** How the timestamps of a file are written; decided by its first row. */
enum TimeFormat {
  ISO("ISO 8601, UTC where no offset is given"),
  DIGITS("dates of digits alone, UTC"),
  SECONDS("seconds since the epoch"),
  MILLIS("milliseconds since the epoch"),
  MICROS("microseconds since the epoch"),
  NANOS("nanoseconds since the epoch");

  private static final Pattern NUMBER =
      Pattern.compile("-?\\d{1,19}(\\.\\d{0,20})?([eE][+-]?\\d{1,2})?");
  private static final Pattern DAY_OR_MONTH_FIRST =
      Pattern.compile("\\d{1,2}([/.-])\\d{1,2}\\1(\\d{4}|\\d{2})([T ,].*)?");
  private static final BigDecimal HUNDRED_BILLION = new BigDecimal("1e11");
  private static final BigDecimal MOST_MICROS = new BigDecimal("4e18");

  private final String words;

  TimeFormat(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  /**
   * The format of a timestamp. Eight digits that are a date of 1970 to 2100, or fourteen that are
   * one with a time, are that: as seconds they would all lie in two weeks of 1970, as milliseconds
   * beyond 2590. Other numbers below 1e11 are seconds (until the year 5138), then each thousandfold
   * is the next smaller unit.
   */
  static TimeFormat of(String text) {
    if (!NUMBER.matcher(text).matches()) {
      return ISO;
    }
    if (WrittenTime.ofDigits(text).isPresent()) {
      return DIGITS;
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

  /** Whether a text is a date that begins with the day or the month, and nobody knows which. */
  static boolean isAmbiguous(String text) {
    return text.length() <= WrittenTime.LONGEST && DAY_OR_MONTH_FIRST.matcher(text).matches();
  }

  /** Microseconds since the epoch; empty where the text is no timestamp of this format. */
  OptionalLong read(String text) {
    return switch (this) {
      case ISO -> WrittenTime.of(text);
      case DIGITS -> WrittenTime.ofDigits(text);
      case SECONDS -> number(text, 6);
      case MILLIS -> number(text, 3);
      case MICROS -> number(text, 0);
      case NANOS -> number(text, -3);
    };
  }

  private static OptionalLong number(String text, int shift) {
    if (!NUMBER.matcher(text).matches()) {
      return OptionalLong.empty();
    }
    BigDecimal micros = new BigDecimal(text).movePointRight(shift).setScale(0, RoundingMode.FLOOR);
    return micros.abs().compareTo(MOST_MICROS) < 0
        ? OptionalLong.of(micros.longValueExact())
        : OptionalLong.empty();
  }
}
