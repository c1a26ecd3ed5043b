package dev.tributary.normalize.core;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Attribute values as text. Scalars are written plainly; lists and maps as compact JSON in the
 * payload's order, so that the same value reads the same from every encoding.
 */
final class AttributeText {
  private AttributeText() {}

  static String of(Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    }
    if (value instanceof List<?> || value instanceof Map<?, ?>) {
      StringBuilder json = new StringBuilder(64);
      write(json, value);
      return json.toString();
    }
    return value.toString();
  }

  private static void write(StringBuilder json, @Nullable Object value) {
    if (value == null) {
      json.append("null");
    } else if (value instanceof String text) {
      quote(json, text);
    } else if (value instanceof List<?> list) {
      String separator = "[";
      for (Object item : list) {
        json.append(separator);
        write(json, item);
        separator = ",";
      }
      json.append(list.isEmpty() ? "[]" : "]");
    } else if (value instanceof Map<?, ?> map) {
      String separator = "{";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.append(separator);
        quote(json, String.valueOf(entry.getKey()));
        json.append(':');
        write(json, entry.getValue());
        separator = ",";
      }
      json.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof byte[] bytes) {
      quote(json, Base64.getEncoder().encodeToString(bytes));
    } else if (value instanceof Double number && !Double.isFinite(number)) {
      quote(json, number.toString());
    } else {
      json.append(value);
    }
  }

  static void quote(StringBuilder json, String text) {
    json.append('"');
    int plain = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\' || c < ' ') {
        json.append(text, plain, i);
        plain = i + 1;
        escape(json, c);
      }
    }
    json.append(text, plain, text.length()).append('"');
  }

  private static void escape(StringBuilder json, char c) {
    if (c >= ' ') {
      json.append('\\').append(c);
    } else if (c == '\n') {
      json.append("\\n");
    } else {
      json.append("\\u00").append(Character.forDigit(c >> 4, 16));
      json.append(Character.forDigit(c & 15, 16));
    }
  }
}
