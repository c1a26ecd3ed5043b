package dev.tributary.runtime.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One configuration key: its type, default, meaning and what is allowed. Immutable; {@link
 * #atLeast}, {@link #atMost} and {@link #check} answer a new descriptor.
 *
 * <p>A key is {@code tributary.<module>.<noun>}; its environment variable is the key in upper case
 * with every {@code .} and {@code -} as {@code _}.
 *
 * @param <T> the value's type; never null (an optional setting is an {@link Optional})
 */
public final class Setting<T> {
  /** Every key of this product starts so. */
  public static final String KEY_PREFIX = "tributary.";

  private final String key;
  private final String type;
  private final @Nullable String defaultText;
  private final String meaning;
  private final boolean secret;
  private final Function<String, T> parser;
  private final Function<T, String> printer;
  private final List<Check<T>> checks;

  private record Check<T>(Predicate<T> predicate, String allowed) {}

  private Setting(
      String key,
      String type,
      @Nullable String defaultText,
      String meaning,
      boolean secret,
      Function<String, T> parser,
      Function<T, String> printer,
      List<Check<T>> checks) {
    if (!key.startsWith(KEY_PREFIX)) {
      throw new IllegalArgumentException("a key starts with " + KEY_PREFIX + ": " + key);
    }
    this.key = key;
    this.type = type;
    this.defaultText = defaultText;
    this.meaning = meaning;
    this.secret = secret;
    this.parser = parser;
    this.printer = printer;
    this.checks = List.copyOf(checks);
    if (defaultText != null) {
      parse(defaultText, "its default");
    }
  }

  private static <T> Setting<T> of(
      String key,
      String type,
      @Nullable String defaultText,
      String meaning,
      Function<String, T> parser,
      Function<T, String> printer) {
    return new Setting<>(key, type, defaultText, meaning, false, parser, printer, List.of());
  }

  /** A duration, written {@code 200ms 5s 15min 6h 35d 1h30m}. */
  public static Setting<Duration> duration(String key, String defaultText, String meaning) {
    return of(
        key, "duration", defaultText, meaning, ValueParsers::duration, d -> ValueParsers.print(d));
  }

  /** A size in bytes, written {@code 64MiB}. */
  public static Setting<Long> bytes(String key, String defaultText, String meaning) {
    return of(key, "size", defaultText, meaning, ValueParsers::bytes, ValueParsers::printBytes);
  }

  public static Setting<Integer> integer(String key, int defaultValue, String meaning) {
    return of(
        key,
        "integer",
        Integer.toString(defaultValue),
        meaning,
        ValueParsers::integer,
        String::valueOf);
  }

  public static Setting<Long> longInteger(String key, long defaultValue, String meaning) {
    return of(
        key,
        "integer",
        Long.toString(defaultValue),
        meaning,
        ValueParsers::wholeNumber,
        String::valueOf);
  }

  /** An exact decimal; never a double. */
  public static Setting<BigDecimal> decimal(String key, String defaultText, String meaning) {
    return of(
        key, "decimal", defaultText, meaning, ValueParsers::decimal, BigDecimal::toPlainString);
  }

  public static Setting<Boolean> flag(String key, boolean defaultValue, String meaning) {
    return of(
        key, "flag", Boolean.toString(defaultValue), meaning, ValueParsers::flag, String::valueOf);
  }

  /** A text that may be empty. */
  public static Setting<String> text(String key, String defaultText, String meaning) {
    return of(key, "text", defaultText, meaning, Function.identity(), Function.identity());
  }

  /** A text without a default: a process that needs it does not start without it. */
  public static Setting<String> requiredText(String key, String meaning) {
    return of(key, "text", null, meaning, Function.identity(), Function.identity());
  }

  /** A text; empty and absent are the same: {@link Optional#empty()}. */
  public static Setting<Optional<String>> optionalText(String key, String meaning) {
    return of(key, "text", "", meaning, Setting::nonEmpty, value -> value.orElse(""));
  }

  /** An optional text whose value is never logged. */
  public static Setting<Optional<String>> secret(String key, String meaning) {
    return new Setting<>(
        key, "secret", "", meaning, true, Setting::nonEmpty, value -> value.orElse(""), List.of());
  }

  /** One of an enum's constants, any case, {@code -} and {@code _} alike. */
  public static <E extends Enum<E>> Setting<E> choice(
      String key, Class<E> type, E defaultValue, String meaning) {
    return of(
        key,
        String.join(" \\| ", ValueParsers.choices(type)),
        defaultValue.name().toLowerCase(Locale.ROOT),
        meaning,
        text -> ValueParsers.choice(type, text),
        value -> value.name().toLowerCase(Locale.ROOT));
  }

  /** Comma-separated texts; blanks around an item and empty items are ignored. */
  public static Setting<List<String>> list(String key, String defaultText, String meaning) {
    return of(
        key, "list", defaultText, meaning, ValueParsers::list, value -> String.join(",", value));
  }

  /**
   * Comma-separated {@code name=duration}, each name once; blanks around names and durations and
   * empty items are ignored. A name may hold an equals sign, and no comma.
   */
  public static Setting<Map<String, Duration>> durations(
      String key, String defaultText, String meaning) {
    return of(
        key,
        "list",
        defaultText,
        meaning,
        ValueParsers::durations,
        value ->
            value.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + ValueParsers.print(entry.getValue()))
                .collect(Collectors.joining(",")));
  }

  /**
   * All keys below a prefix, free-form, handed on with the prefix cut off; for another product's
   * own settings. The key ends with a dot. In the environment every {@code _} is a dot.
   */
  public static Setting<Map<String, String>> prefix(String key, String meaning) {
    if (!key.endsWith(".")) {
      throw new IllegalArgumentException("a prefix ends with a dot: " + key);
    }
    return of(
        key,
        "any key below",
        null,
        meaning,
        text -> {
          throw new IllegalArgumentException("a key below " + key);
        },
        Object::toString);
  }

  /** Refuses smaller values; for settings whose type has an order. */
  public Setting<T> atLeast(T least) {
    return check(value -> compare(value, least) >= 0, "at least " + printer.apply(least));
  }

  /** Refuses greater values; for settings whose type has an order. */
  public Setting<T> atMost(T most) {
    return check(value -> compare(value, most) <= 0, "at most " + printer.apply(most));
  }

  /**
   * Refuses values the predicate does not accept.
   *
   * @param allowed what is allowed, as it reads after "allowed: "
   */
  public Setting<T> check(Predicate<T> predicate, String allowed) {
    List<Check<T>> more = new ArrayList<>(checks);
    more.add(new Check<>(predicate, allowed));
    return new Setting<>(key, type, defaultText, meaning, secret, parser, printer, more);
  }

  @SuppressWarnings("unchecked")
  private static <T> int compare(T left, T right) {
    if (left instanceof Comparable<?> comparable) {
      return ((Comparable<T>) comparable).compareTo(right);
    }
    throw new IllegalArgumentException("no order: " + left.getClass().getName());
  }

  /** The full key. */
  public String key() {
    return key;
  }

  /** What the setting does, one sentence. */
  public String meaning() {
    return meaning;
  }

  /** The type as a reader of the documentation knows it. */
  public String type() {
    return type;
  }

  /** The default as text; null when the setting must be given or is a prefix. */
  public @Nullable String defaultText() {
    return defaultText;
  }

  /** Whether the value must never be logged. */
  public boolean isSecret() {
    return secret;
  }

  /** Whether this stands for all keys below {@link #key()}. */
  public boolean isPrefix() {
    return key.endsWith(".");
  }

  /** The environment variable that sets it. */
  public String environmentName() {
    return environmentName(key);
  }

  static String environmentName(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** What is allowed beyond the type, one text per check. */
  public List<String> allowed() {
    return checks.stream().map(Check::allowed).toList();
  }

  /** A value as it would be written; the text is read back as the same value. */
  public String print(T value) {
    return printer.apply(value);
  }

  /**
   * The value of a text.
   *
   * @param source where the text came from, for the message
   * @throws ConfigException naming key, value (masked if secret), source and what is allowed
   */
  T parse(String text, String source) {
    T value;
    try {
      value = parser.apply(text.strip());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ConfigException(problem(text, source, String.valueOf(e.getMessage())), e);
    }
    for (Check<T> check : checks) {
      if (!check.predicate().test(value)) {
        throw new ConfigException(problem(text, source, check.allowed()));
      }
    }
    return value;
  }

  private String problem(String text, String source, String allowed) {
    String shown = secret ? Settings.MASK : '"' + text + '"';
    return key + " = " + shown + " (from " + source + ") is not allowed; allowed: " + allowed;
  }

  private static Optional<String> nonEmpty(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  @Override
  public String toString() {
    return key;
  }
}
