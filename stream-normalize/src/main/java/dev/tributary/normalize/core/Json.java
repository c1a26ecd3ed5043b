package dev.tributary.normalize.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** JSON inside attribute values. Nothing here throws on bad JSON: it answers null. */
final class Json {
  /** Longest text that is parsed, characters; facts are short, and time is bounded. */
  private static final int MAX_PARSED = 256 * 1024;

  /** Longest text that is tried as Python's: only short dictionaries are printed. */
  private static final int MAX_PYTHON = 16 * 1024;

  private static final int MAX_DIGITS = 18;

  /** Exact numbers, so that a canonical form does not depend on a double's rounding. */
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private Json() {}

  /** The tree of a JSON text; null: not JSON, or too long to look into. */
  static @Nullable JsonNode tree(@Nullable String text) {
    if (text == null || text.length() > MAX_PARSED || !mayBeContainer(text)) {
      return null;
    }
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** The tree of a JSON text or of what Python prints for a dictionary; null: neither. */
  static @Nullable JsonNode lenientTree(@Nullable String text) {
    JsonNode tree = tree(text);
    if (tree != null || text == null || text.length() > MAX_PYTHON) {
      return tree;
    }
    return tree(PythonText.toJson(text));
  }

  /** The strings of a JSON array; null: it is none. */
  static @Nullable List<String> words(String text) {
    JsonNode tree = tree(text);
    if (tree == null || !tree.isArray()) {
      return null;
    }
    List<String> words = new ArrayList<>(tree.size());
    tree.forEach(item -> words.add(item.asText()));
    return words;
  }

  /**
   * A count: a whole number of at most {@value #MAX_DIGITS} digits, however it is written. Null:
   * something else, or beyond any count.
   */
  static @Nullable Long count(JsonNode node) {
    if (!node.isNumber()) {
      return null;
    }
    BigDecimal number = node.decimalValue();
    // Precision and scale are ints; their difference need not be one.
    if ((long) number.precision() - number.scale() > MAX_DIGITS) {
      return null;
    }
    BigDecimal bare = number.stripTrailingZeros();
    return bare.scale() <= 0 ? Long.valueOf(bare.longValueExact()) : null;
  }

  /** JSON with sorted names and no blanks; the text itself where it is no JSON. */
  static String canonical(String text) {
    JsonNode tree = tree(text);
    if (tree == null) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    write(out, tree);
    return out.toString();
  }

  private static void write(StringBuilder out, JsonNode node) {
    if (node.isObject()) {
      TreeSet<String> names = new TreeSet<>();
      for (Iterator<String> all = node.fieldNames(); all.hasNext(); ) {
        names.add(all.next());
      }
      String separator = "{";
      for (String name : names) {
        out.append(separator);
        AttributeText.quote(out, name);
        out.append(':');
        write(out, node.path(name));
        separator = ",";
      }
      out.append(names.isEmpty() ? "{}" : "}");
    } else if (node.isArray()) {
      String separator = "[";
      for (JsonNode item : node) {
        out.append(separator);
        write(out, item);
        separator = ",";
      }
      out.append(node.isEmpty() ? "[]" : "]");
    } else if (node.isTextual()) {
      AttributeText.quote(out, node.textValue());
    } else if (node.isNumber()) {
      out.append(number(node));
    } else {
      out.append(node.asText());
    }
  }

  /** 1, 1.0 and 1e0 are the same argument. */
  private static String number(JsonNode node) {
    return node.decimalValue().stripTrailingZeros().toString();
  }

  private static boolean mayBeContainer(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > ' ') {
        return c == '{' || c == '[';
      }
    }
    return false;
  }

  /**
   * The scalar under a top-level name of a JSON object, as text, found by scanning: parameters may
   * be long and only one of them is wanted. Null: not there, not a scalar, or not JSON.
   */
  static @Nullable String topLevel(@Nullable String text, String name) {
    if (text == null) {
      return null;
    }
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
      } else if (c == '"') {
        int end = endOfString(text, i);
        if (end < 0) {
          return null;
        }
        if (depth == 1 && end - i - 1 == name.length() && text.startsWith(name, i + 1)) {
          int colon = skipBlanks(text, end + 1);
          if (colon < text.length() && text.charAt(colon) == ':') {
            return scalar(text, skipBlanks(text, colon + 1));
          }
        }
        i = end;
      }
    }
    return null;
  }

  private static @Nullable String scalar(String text, int start) {
    if (start >= text.length()) {
      return null;
    }
    if (text.charAt(start) == '"') {
      int end = endOfString(text, start);
      return end < 0 ? null : text.substring(start + 1, end);
    }
    int end = start;
    while (end < text.length() && ",}] \n\r\t".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String word = text.substring(start, end);
    return word.isEmpty() || word.equals("null") || word.charAt(0) == '{' || word.charAt(0) == '['
        ? null
        : word;
  }

  private static int endOfString(String text, int quote) {
    for (int i = quote + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '"') {
        return i;
      }
    }
    return -1;
  }

  private static int skipBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
    return at;
  }
}
