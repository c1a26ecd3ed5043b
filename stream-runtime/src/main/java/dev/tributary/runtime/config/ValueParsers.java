package dev.tributary.runtime.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text to value. Every parser answers wrong text with an {@link IllegalArgumentException} whose
 * message says what is allowed.
 */
final class ValueParsers {
  private static final Pattern DURATION_PART = Pattern.compile("(\\d+)(us|ms|s|min|m|h|d)");
  private static final Pattern BYTES = Pattern.compile("(\\d+)\\s*(B|KiB|MiB|GiB)?");
  private static final String DURATION_ALLOWED =
      "a duration such as 200ms, 5s, 15min, 6h, 35d or 1h30m";

  private ValueParsers() {}

  static Duration duration(String text) {
    if (text.startsWith("P")) {
      try {
        return Duration.parse(text);
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException(DURATION_ALLOWED, e);
      }
    }
    Matcher matcher = DURATION_PART.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      sum = sum.plus(amount(wholeNumber(matcher.group(1)), matcher.group(2)));
      end = matcher.end();
    }
    if (end == 0 || end != text.length()) {
      throw new IllegalArgumentException(DURATION_ALLOWED);
    }
    return sum;
  }

  private static Duration amount(long count, String unit) {
    return switch (unit) {
      case "us" -> Duration.ofNanos(Math.multiplyExact(count, 1_000L));
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m", "min" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  /** The shortest form that {@link #duration} reads back. */
  static String print(Duration duration) {
    long seconds = duration.toSeconds();
    int nanos = duration.toNanosPart();
    if (duration.isNegative() || nanos % 1_000 != 0) {
      return duration.toString();
    }
    if (nanos % 1_000_000 != 0) {
      return seconds * 1_000_000L + nanos / 1_000 + "us";
    }
    if (nanos != 0) {
      return duration.toMillis() + "ms";
    }
    if (seconds == 0) {
      return "0s";
    }
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "min" : seconds + "s";
  }

  static long bytes(String text) {
    Matcher matcher = BYTES.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("a size such as 512KiB, 64MiB, 2GiB or plain bytes");
    }
    String unit = matcher.group(2) == null ? "B" : matcher.group(2);
    long factor =
        switch (unit) {
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          case "GiB" -> 1L << 30;
          default -> 1L;
        };
    try {
      return Math.multiplyExact(wholeNumber(matcher.group(1)), factor);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("a size below 8 EiB", e);
    }
  }

  /** The largest binary unit that divides the size. */
  static String printBytes(long bytes) {
    if (bytes != 0) {
      if (bytes % (1L << 30) == 0) {
        return (bytes >> 30) + "GiB";
      }
      if (bytes % (1L << 20) == 0) {
        return (bytes >> 20) + "MiB";
      }
      if (bytes % (1L << 10) == 0) {
        return (bytes >> 10) + "KiB";
      }
    }
    return bytes + "B";
  }

  static long wholeNumber(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a whole number", e);
    }
  }

  static int integer(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a whole number", e);
    }
  }

  static BigDecimal decimal(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a decimal number such as 0.05", e);
    }
  }

  static boolean flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("true or false");
    };
  }

  static List<String> list(String text) {
    List<String> items = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      if (!item.isBlank()) {
        items.add(item.strip());
      }
    }
    return List.copyOf(items);
  }

  /** In the order given; the last equals sign of an item parts name and duration. */
  static Map<String, Duration> durations(String text) {
    Map<String, Duration> byName = new LinkedHashMap<>();
    for (String item : list(text)) {
      int equals = item.lastIndexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("name=duration, as chat=3d, not " + item);
      }
      String name = item.substring(0, equals).strip();
      if (byName.put(name, duration(item.substring(equals + 1).strip())) != null) {
        throw new IllegalArgumentException("each name once, not " + name + " again");
      }
    }
    return Collections.unmodifiableMap(byName);
  }

  static <E extends Enum<E>> E choice(Class<E> type, String text) {
    String wanted = text.replace('-', '_');
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(wanted)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("one of " + String.join(", ", choices(type)));
  }

  static <E extends Enum<E>> List<String> choices(Class<E> type) {
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      names.add(constant.name().toLowerCase(Locale.ROOT));
    }
    return names;
  }
}
