package dev.tributary.console.core;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a browser asked for, each value checked as it is taken. */
public final class Arguments {
  private static final int LONGEST = 512;

  /** Times that ClickHouse's columns can hold. */
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
  private static final Duration LONGEST_RANGE = Duration.ofDays(400);

  private final String tenant;
  private final Map<String, String> values;

  private Arguments(String tenant, Map<String, String> values) {
    this.tenant = tenant;
    this.values = values;
  }

  /**
   * Checks names; values are checked as they are taken.
   *
   * @param given values by name, as they came
   * @param allowed the names that this question has
   * @param tenants whose data may be seen; the first where none is named
   * @throws RefusedException naming a key that is unknown, repeated or too long
   */
  public static Arguments of(
      Map<String, List<String>> given, Set<String> allowed, List<String> tenants) {
    Map<String, String> values = new TreeMap<>();
    given.forEach(
        (key, texts) -> {
          if (!allowed.contains(key) && !key.equals("tenant")) {
            Set<String> names = new TreeSet<>(allowed);
            names.add("tenant");
            throw new RefusedException(
                "unknown parameter \"" + key + "\"; allowed: " + String.join(", ", names));
          }
          if (texts.size() != 1) {
            throw new RefusedException(key, String.join(", ", texts), "one value");
          }
          String text = texts.get(0);
          if (text.length() > LONGEST) {
            throw new RefusedException(
                key, text.substring(0, 40) + "…", "at most " + LONGEST + " characters");
          }
          values.put(key, text);
        });
    String tenant = values.getOrDefault("tenant", tenants.get(0));
    if (!tenants.contains(tenant)) {
      throw new RefusedException("tenant", tenant, String.join(", ", tenants));
    }
    return new Arguments(tenant, values);
  }

  /** Whose data is asked for. */
  public String tenant() {
    return tenant;
  }

  /** A text; null where it was not given. */
  @Nullable String text(String key) {
    return values.get(key);
  }

  /** One of some words. */
  String choice(String key, String otherwise, List<String> allowed) {
    String value = values.getOrDefault(key, otherwise);
    if (!allowed.contains(value)) {
      throw new RefusedException(key, value, String.join(", ", allowed));
    }
    return value;
  }

  /** An identifier of a trace, an episode or a session. */
  String identifier(String key) {
    String value = values.get(key);
    if (value == null || value.isBlank()) {
      throw new RefusedException(key, "", "an identifier");
    }
    return value;
  }

  /** The dimension to group by. */
  Dimension by() {
    return Dimension.of("by", values.getOrDefault("by", Dimension.FEATURE.label()));
  }

  /** The time that is asked for. */
  Range range() {
    Instant from = time("from");
    Instant to = time("to");
    if (!from.isBefore(to)) {
      throw new RefusedException("to", to.toString(), "after from = " + from);
    }
    if (Duration.between(from, to).compareTo(LONGEST_RANGE) > 0) {
      throw new RefusedException(
          "to", to.toString(), "at most " + LONGEST_RANGE.toDays() + " days after from = " + from);
    }
    return new Range(micros(from), micros(to));
  }

  private Instant time(String key) {
    String text = values.getOrDefault(key, "");
    try {
      Instant time = Instant.parse(text);
      if (!time.isBefore(EARLIEST) && time.isBefore(LATEST)) {
        return time;
      }
    } catch (DateTimeException e) {
      throw allowedTime(key, text);
    }
    throw allowedTime(key, text);
  }

  private static RefusedException allowedTime(String key, String text) {
    return new RefusedException(
        key, text, "a time in UTC such as 2026-03-04T14:05:00Z, from the year 2000 to 2199");
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
