package dev.tributary.standalone.backtest;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Times written as dates: the year first, in ISO 8601 or near to it. UTC is meant where no offset
 * or region is given; a region beside an offset is not needed.
 */
final class WrittenTime {
  /** No timestamp is longer. */
  static final int LONGEST = 80;

  private static final String ZONE =
      "(?:\\s*(Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2}(?::?\\d{2})?)?)?(?:\\[([^\\[\\]]{1,50})])?)";
  private static final Pattern SPACED =
      Pattern.compile(
          "(\\d{4})([-/])(\\d{1,2})\\2(\\d{1,2})"
              + "(?:[T\\s]\\s*(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,18}))?)?"
              + ZONE
              + ")?");
  private static final Pattern COMPACT =
      Pattern.compile(
          "(\\d{4})()(\\d{2})(\\d{2})T(\\d{2})(\\d{2})(?:(\\d{2})(?:[.,](\\d{1,18}))?)?" + ZONE);
  private static final Pattern DIGITS =
      Pattern.compile("(\\d{4})(\\d{2})(\\d{2})(?:(\\d{2})(\\d{2})(\\d{2}))?");
  private static final int FIRST_YEAR = 1970;
  private static final int LAST_YEAR = 2100;
  private static final int MICROS_DIGITS = 6;

  private WrittenTime() {}

  /** Microseconds since the epoch; empty where the text is no such time. */
  static OptionalLong of(String text) {
    if (text.length() > LONGEST) {
      return OptionalLong.empty();
    }
    String zoned = text.indexOf('[') < 0 ? text.toUpperCase(Locale.ROOT) : text;
    Matcher matcher = SPACED.matcher(zoned);
    if (!matcher.matches()) {
      matcher = COMPACT.matcher(zoned);
      if (!matcher.matches()) {
        return OptionalLong.empty();
      }
    }
    try {
      LocalDateTime time =
          LocalDateTime.of(
              number(matcher.group(1)),
              number(matcher.group(3)),
              number(matcher.group(4)),
              number(matcher.group(5)),
              number(matcher.group(6)),
              number(matcher.group(7)));
      ZoneId zone = zone(matcher.group(9), matcher.group(10));
      long seconds = time.atZone(zone).toEpochSecond();
      return OptionalLong.of(
          Math.addExact(Math.multiplyExact(seconds, 1_000_000L), micros(matcher.group(8))));
    } catch (DateTimeException | ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * Of eight digits that are a date of 1970 to 2100, or fourteen that are one with a time;
   * microseconds since the epoch.
   */
  static OptionalLong ofDigits(String text) {
    Matcher matcher = DIGITS.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    int year = number(matcher.group(1));
    if (year < FIRST_YEAR || year > LAST_YEAR) {
      return OptionalLong.empty();
    }
    try {
      LocalDateTime time =
          LocalDateTime.of(
              year,
              number(matcher.group(2)),
              number(matcher.group(3)),
              number(matcher.group(4)),
              number(matcher.group(5)),
              number(matcher.group(6)));
      return OptionalLong.of(time.toEpochSecond(ZoneOffset.UTC) * 1_000_000L);
    } catch (DateTimeException e) {
      return OptionalLong.empty();
    }
  }

  private static ZoneId zone(@Nullable String offset, @Nullable String region) {
    if (offset == null) {
      return region == null ? ZoneOffset.UTC : ZoneId.of(region);
    }
    boolean isUtc = offset.equals("Z") || offset.equals("UTC") || offset.equals("GMT");
    return isUtc ? ZoneOffset.UTC : ZoneOffset.of(offset);
  }

  private static int number(@Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /** Of the digits behind the point; what is smaller is cut. */
  private static long micros(@Nullable String digits) {
    if (digits == null) {
      return 0;
    }
    String six = (digits + "000000").substring(0, MICROS_DIGITS);
    return Long.parseLong(six);
  }
}
