package dev.tributary.normalize.core;

import dev.tributary.normalize.core.Findings.Finding;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads values as what their names promise, whatever type they came in: numbers as text, whole
 * numbers as doubles. It never throws: what cannot be read is null, and counted by attribute.
 */
final class Coercion {
  /** Longest identifier kept on a span, characters; what is longer is text, not a name. */
  static final int MAX_IDENTIFIER = 256;

  /** Longest word (operation, finish reason, error class), characters. */
  static final int MAX_WORD = 64;

  private static final long LARGEST_EXACT_DOUBLE = 1L << 53;

  private final Findings findings;

  Coercion(Findings findings) {
    this.findings = findings;
  }

  /** A whole number; null: absent, empty or not one. */
  @Nullable Long wholeNumber(String attribute, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    Long number = wholeNumber(value);
    if (number == null && !isBlank(value)) {
      failed(attribute);
    }
    return number;
  }

  private static @Nullable Long wholeNumber(Object value) {
    if (value instanceof Long number) {
      return number;
    }
    if (value instanceof Integer number) {
      return number.longValue();
    }
    if (value instanceof Double number) {
      boolean isWhole = number == Math.rint(number) && Math.abs(number) <= LARGEST_EXACT_DOUBLE;
      return isWhole ? number.longValue() : null;
    }
    BigDecimal decimal = decimal(value);
    if (decimal == null || decimal.precision() - decimal.scale() > 19) {
      return null;
    }
    try {
      return decimal.longValueExact();
    } catch (ArithmeticException e) {
      return null;
    }
  }

  /** An exact decimal; null: absent, empty or not one. */
  @Nullable BigDecimal decimal(String attribute, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    BigDecimal number = decimal(value);
    if (number == null && !isBlank(value)) {
      failed(attribute);
    }
    return number;
  }

  private static @Nullable BigDecimal decimal(Object value) {
    if (value instanceof Long number) {
      return BigDecimal.valueOf(number);
    }
    if (value instanceof Double number) {
      return Double.isFinite(number) ? BigDecimal.valueOf(number) : null;
    }
    if (value instanceof String text && !text.isBlank() && text.length() <= 40) {
      try {
        BigDecimal number = new BigDecimal(text.strip());
        // An exponent of a million is a short text, and a long number.
        return Math.abs(number.scale()) > 64 ? null : number;
      } catch (NumberFormatException e) {
        return null;
      }
    }
    return null;
  }

  /** A truth value; null: absent or not one. */
  @Nullable Boolean truth(String attribute, @Nullable Object value) {
    if (value == null || value instanceof Boolean) {
      return (Boolean) value;
    }
    String text = AttributeText.of(value).strip();
    if (text.equalsIgnoreCase("true") || text.equals("1")) {
      return true;
    }
    if (text.equalsIgnoreCase("false") || text.equals("0")) {
      return false;
    }
    failed(attribute);
    return null;
  }

  /**
   * A name or id: one line of at most {@value #MAX_IDENTIFIER} characters; null: absent, empty, or
   * something else than a name, which then stays off the span.
   */
  @Nullable String identifier(String attribute, @Nullable Object value) {
    if (value == null || isStructure(value)) {
      if (value != null && !isBlank(value)) {
        failed(attribute);
      }
      return null;
    }
    String text = value instanceof String string ? bare(string.strip()) : AttributeText.of(value);
    if (text.isEmpty()) {
      return null;
    }
    if (text.length() > MAX_IDENTIFIER || hasControl(text)) {
      failed(attribute);
      return null;
    }
    return text;
  }

  /** A word without blanks, at most {@value #MAX_WORD} characters; null: absent or not a word. */
  @Nullable String word(String attribute, @Nullable Object value) {
    String text = identifier(attribute, value);
    if (text != null && !isWord(text, MAX_WORD)) {
      failed(attribute);
      return null;
    }
    return text;
  }

  /** MLflow and others write even a plain text as JSON: the quotes are not part of a name. */
  private static String bare(String text) {
    boolean isQuoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return isQuoted ? text.substring(1, text.length() - 1) : text;
  }

  void failed(String attribute) {
    findings.note(Finding.COERCION_FAILED, attribute);
  }

  static boolean isWord(String text, int limit) {
    if (text.isEmpty() || text.length() > limit) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ') {
        return false;
      }
    }
    return true;
  }

  private static boolean hasControl(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ') {
        return true;
      }
    }
    return false;
  }

  private static boolean isStructure(Object value) {
    return value instanceof List<?> || value instanceof Map<?, ?>;
  }

  private static boolean isBlank(Object value) {
    return (value instanceof String text && text.isBlank())
        || (value instanceof List<?> list && list.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty());
  }
}
