package dev.tributary.normalize;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the values of OTLP/JSON in every spelling that exporters use. Never throws. */
final class JsonValues {
  /** Says that a time is there and cannot be read. */
  private static final long UNREADABLE = -1;

  private static final int MAX_ID_BYTES = 64;

  private JsonValues() {}

  /** An id: hex, an array of bytes, or {@code {"type":"Buffer","data":[…]}}; empty: absent. */
  static String id(JsonNode node) {
    if (node.isTextual()) {
      return node.textValue().toLowerCase(Locale.ROOT);
    }
    JsonNode data = node.isObject() ? node.path("data") : node;
    if (data.isObject()) {
      data = data.path("data");
    }
    if (!data.isArray() && node.isObject() && node.has("0")) {
      return hex(node.elements(), node.size());
    }
    return data.isArray() ? hex(data.elements(), data.size()) : "";
  }

  private static String hex(java.util.Iterator<JsonNode> items, int size) {
    byte[] bytes = new byte[Math.min(size, MAX_ID_BYTES)];
    for (int i = 0; i < bytes.length && items.hasNext(); i++) {
      bytes[i] = (byte) items.next().asInt();
    }
    return OtlpValues.hex(bytes, 0, bytes.length);
  }

  /** A time in nanoseconds: text, number, or {@code {low, high}}; 0: absent. */
  static long nanos(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return 0;
    }
    Long number = wholeNumber(node);
    return number == null || number < 0 ? UNREADABLE : number;
  }

  /** A whole number in any spelling; null: none, or beyond 64 bits. */
  static @Nullable Long wholeNumber(JsonNode node) {
    if (node.isIntegralNumber()) {
      return node.canConvertToLong() ? Long.valueOf(node.longValue()) : null;
    }
    if (node.isObject()) {
      JsonNode low = node.path("low");
      JsonNode high = node.path("high");
      return low.isIntegralNumber() && high.isIntegralNumber()
          ? Long.valueOf((high.longValue() << 32) | (low.longValue() & 0xFFFFFFFFL))
          : null;
    }
    if (node.isNumber() || node.isTextual()) {
      return exact(node.asText());
    }
    return null;
  }

  private static @Nullable Long exact(String text) {
    if (text.isEmpty() || text.length() > 40) {
      return null;
    }
    try {
      BigDecimal decimal = new BigDecimal(text.strip());
      if (decimal.precision() - decimal.scale() > 20 || decimal.scale() > 40) {
        return null;
      }
      BigInteger whole = decimal.toBigIntegerExact();
      return whole.bitLength() < Long.SIZE ? Long.valueOf(whole.longValue()) : null;
    } catch (NumberFormatException e) {
      return null;
    } catch (ArithmeticException e) {
      return null;
    }
  }

  /** 0, 1 or 2; a number, or the name with or without its prefix. */
  static int statusCode(JsonNode node) {
    Long number = wholeNumber(node);
    if (number != null) {
      return number < 0 || number > 2 ? 0 : number.intValue();
    }
    String name = node.asText("").toUpperCase(Locale.ROOT);
    return name.endsWith("ERROR") ? 2 : name.endsWith("OK") ? 1 : 0;
  }

  /** The value of an attribute; null: none. */
  static @Nullable Object any(JsonNode node, int depth) {
    if (!node.isObject()) {
      // Not OTLP, but written by hand: a plain value.
      return node.isArray() ? values(node, depth + 1) : plain(node);
    }
    JsonNode text = OtlpJson.member(node, "stringValue", "string_value");
    if (!text.isMissingNode()) {
      return text.isNull() ? null : text.asText();
    }
    JsonNode number = OtlpJson.member(node, "intValue", "int_value");
    if (!number.isMissingNode()) {
      Long whole = wholeNumber(number);
      return whole == null ? plain(number) : whole;
    }
    JsonNode decimal = OtlpJson.member(node, "doubleValue", "double_value");
    if (!decimal.isMissingNode()) {
      return decimal(decimal);
    }
    JsonNode truth = OtlpJson.member(node, "boolValue", "bool_value");
    if (!truth.isMissingNode()) {
      return truth.isBoolean() ? Boolean.valueOf(truth.booleanValue()) : plain(truth);
    }
    JsonNode bytes = OtlpJson.member(node, "bytesValue", "bytes_value");
    return bytes.isMissingNode() ? container(node, depth + 1) : bytes(bytes);
  }

  private static @Nullable Object container(JsonNode node, int depth) {
    JsonNode list = OtlpJson.member(node, "arrayValue", "array_value");
    JsonNode map = OtlpJson.member(node, "kvlistValue", "kvlist_value");
    if (node.isEmpty()) {
      return null;
    }
    if (depth > OtlpValues.MAX_DEPTH) {
      return OtlpValues.TOO_DEEP;
    }
    if (!list.isMissingNode()) {
      return values(list.path("values"), depth);
    }
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    if (map.isMissingNode()) {
      // Not OTLP either: an object as it is.
      node.properties().forEach(entry -> values.put(entry.getKey(), any(entry.getValue(), depth)));
    }
    for (JsonNode entry : map.path("values")) {
      values.put(entry.path("key").asText(""), any(entry.path("value"), depth));
    }
    return values;
  }

  private static Object values(JsonNode items, int depth) {
    if (depth > OtlpValues.MAX_DEPTH) {
      return OtlpValues.TOO_DEEP;
    }
    List<@Nullable Object> values = new ArrayList<>();
    for (JsonNode item : items) {
      values.add(any(item, depth));
    }
    return values;
  }

  /** Numbers, and the names that proto3 JSON gives to those that JSON cannot write. */
  static @Nullable Object decimal(JsonNode node) {
    if (node.isNumber()) {
      return node.doubleValue();
    }
    String text = node.asText("").strip();
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> parsed(text, node);
    };
  }

  private static @Nullable Object parsed(String text, JsonNode node) {
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      return plain(node);
    }
  }

  private static @Nullable Object bytes(JsonNode node) {
    try {
      return Base64.getDecoder().decode(node.asText(""));
    } catch (IllegalArgumentException e) {
      return node.asText("");
    }
  }

  private static @Nullable Object plain(JsonNode node) {
    if (node.isTextual()) {
      return node.textValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    return node.isNumber() ? (Object) node.doubleValue() : null;
  }
}
