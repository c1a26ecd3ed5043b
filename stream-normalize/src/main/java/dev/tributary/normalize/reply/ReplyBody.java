package dev.tributary.normalize.reply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.RuntimeJsonMappingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes a reply's text apart into JSON objects, whatever framing it came in. Never throws. */
final class ReplyBody {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** How often a brace that never closes may restart the search; bounds the work on junk. */
  private static final int MAX_RESTARTS = 8;

  /** Framings inside framings: an event stream holds base64, which holds JSON. */
  private static final int MAX_DEPTH = 3;

  private ReplyBody() {}

  /** Calls with each JSON object, in the order of the text. */
  static void forEachPart(String body, Consumer<JsonNode> part) {
    text(body, part, 0);
  }

  /** Calls with each JSON object of a tree that is a reply or a list of its parts. */
  static void forEachPart(JsonNode body, Consumer<JsonNode> part) {
    tree(body, part, 0);
  }

  private static void text(String body, Consumer<JsonNode> part, int depth) {
    if (depth > MAX_DEPTH) {
      return;
    }
    int start = 0;
    while (start < body.length() && (body.charAt(start) <= ' ' || body.charAt(start) == '\uFEFF')) {
      start++;
    }
    if (start == body.length()) {
      return;
    }
    char first = body.charAt(start);
    if (first == '{' || first == '[' || first == '"') {
      if (!values(body.substring(start), part, depth)) {
        objects(body, part, depth);
      }
    } else if (isEventStream(body, start)) {
      events(body, part, depth);
    } else {
      objects(body, part, depth);
    }
  }

  private static void tree(JsonNode node, Consumer<JsonNode> part, int depth) {
    if (depth > MAX_DEPTH) {
      return;
    }
    if (node.isArray()) {
      for (JsonNode item : node) {
        tree(item, part, depth + 1);
      }
    } else if (node.isTextual()) {
      text(node.textValue(), part, depth + 1);
    } else if (node.isObject()) {
      String encoded = node.path("bytes").textValue();
      encoded = encoded == null ? node.path("chunk").path("bytes").textValue() : encoded;
      String decoded = encoded == null ? null : decode(encoded);
      if (decoded == null) {
        part.accept(node);
      } else {
        text(decoded, part, depth + 1);
      }
    }
  }

  /** One JSON value after another; answers false where not even the first is whole. */
  private static boolean values(String text, Consumer<JsonNode> part, int depth) {
    boolean isAnyRead = false;
    try (MappingIterator<JsonNode> values = MAPPER.readerFor(JsonNode.class).readValues(text)) {
      while (values.hasNextValue()) {
        JsonNode value = values.nextValue();
        tree(value, part, depth);
        isAnyRead = true;
      }
    } catch (JsonProcessingException e) {
      if (isAnyRead && e.getLocation() != null) {
        // A broken line among others: what is whole after it still counts.
        int at = (int) Math.max(0, e.getLocation().getCharOffset());
        objects(text.substring(Math.min(at, text.length())), part, depth);
      }
    } catch (IOException | RuntimeJsonMappingException e) {
      return isAnyRead;
    }
    return isAnyRead;
  }

  private static boolean isEventStream(String body, int start) {
    for (String field : new String[] {"data:", "event:", "id:", "retry:", ":"}) {
      if (body.startsWith(field, start) && (!field.equals(":") || body.contains("\ndata:"))) {
        return true;
      }
    }
    return false;
  }

  /** Server-sent events: the data lines of an event, up to an empty line, are one text. */
  private static void events(String body, Consumer<JsonNode> part, int depth) {
    StringBuilder data = new StringBuilder();
    int at = 0;
    while (at < body.length()) {
      int end = at;
      while (end < body.length() && body.charAt(end) != '\n' && body.charAt(end) != '\r') {
        end++;
      }
      if (end == at) {
        event(data, part, depth);
      } else if (body.startsWith("data:", at)) {
        int from = at + 5 < end && body.charAt(at + 5) == ' ' ? at + 6 : at + 5;
        // Some servers send an event per line and no empty lines between them.
        if (data.length() > 0 && body.startsWith("{", from) && isWhole(data)) {
          event(data, part, depth);
        }
        data.append(data.length() == 0 ? "" : "\n").append(body, from, end);
      } else if (body.startsWith("event:", at)) {
        event(data, part, depth);
      }
      at = end + (body.startsWith("\r\n", end) ? 2 : 1);
    }
    event(data, part, depth);
  }

  private static boolean isWhole(StringBuilder data) {
    return data.charAt(data.length() - 1) == '}';
  }

  private static void event(StringBuilder data, Consumer<JsonNode> part, int depth) {
    if (data.length() > 0 && (data.charAt(0) == '{' || data.charAt(0) == '[')) {
      JsonNode tree = parse(data.toString());
      if (tree != null) {
        tree(tree, part, depth);
      }
    }
    data.setLength(0);
  }

  /** Objects among anything else, as an AWS event stream read as text. */
  private static void objects(String body, Consumer<JsonNode> part, int depth) {
    int from = body.indexOf('{');
    int restarts = 0;
    while (from >= 0) {
      int end = endOfObject(body, from);
      JsonNode tree = end < 0 ? null : parse(body.substring(from, end));
      if (tree == null && ++restarts > MAX_RESTARTS) {
        return;
      }
      if (tree != null) {
        tree(tree, part, depth);
      }
      from = body.indexOf('{', tree == null ? from + 1 : end);
    }
  }

  /** The position after the brace that closes the object; -1: it never closes. */
  private static int endOfObject(String body, int from) {
    int open = 0;
    boolean isInText = false;
    for (int i = from; i < body.length(); i++) {
      char c = body.charAt(i);
      if (isInText) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          isInText = false;
        }
      } else if (c == '"') {
        isInText = true;
      } else if (c == '{') {
        open++;
      } else if (c == '}' && --open == 0) {
        return i + 1;
      }
    }
    return -1;
  }

  private static @Nullable JsonNode parse(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static @Nullable String decode(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
