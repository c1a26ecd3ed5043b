package dev.tributary.evalworker.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads messages as instrumentations write them: JSON of several shapes, or plain text. */
final class MessageText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MessageText() {}

  /** A message; the role is empty where none is stated. */
  record Message(String role, String text) {}

  /** The messages of a text, in their order; a text that is no JSON is one message. */
  static List<Message> messages(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return List.of();
    }
    JsonNode root = json(text);
    if (root == null || !root.isContainerNode()) {
      return List.of(new Message("", root != null && root.isTextual() ? root.asText() : text));
    }
    JsonNode list =
        root.isObject() && root.path("messages").isArray() ? root.get("messages") : root;
    List<Message> messages = new ArrayList<>();
    if (list.isArray()) {
      list.forEach(item -> add(item, messages));
    } else {
      add(list, messages);
    }
    return messages;
  }

  private static void add(JsonNode item, List<Message> messages) {
    StringBuilder text = new StringBuilder();
    collect(item, text);
    if (text.length() > 0) {
      messages.add(new Message(item.path("role").asText(""), text.toString()));
    } else if (item.isObject() && !item.has("role")) {
      messages.add(new Message("", item.toString())); // an answer that is JSON itself
    }
  }

  private static void collect(JsonNode node, StringBuilder text) {
    if (node.isTextual()) {
      if (text.length() > 0) {
        text.append('\n');
      }
      text.append(node.asText());
    } else if (node.isArray()) {
      node.forEach(item -> collect(item, text));
    } else if (node.isObject()) {
      for (String field : new String[] {"content", "text", "parts", "message"}) {
        if (node.has(field)) {
          collect(node.get(field), text);
          return;
        }
      }
    }
  }

  /** The text of all messages. */
  static String all(@Nullable String text) {
    return String.join("\n", messages(text).stream().map(Message::text).toList());
  }

  /** The last message of a role; empty: there is none. */
  static String last(@Nullable String text, String role) {
    String found = "";
    for (Message message : messages(text)) {
      if (message.role().isEmpty() || message.role().equalsIgnoreCase(role)) {
        found = message.text();
      }
    }
    return found;
  }

  /** Null: the text is no JSON. */
  static @Nullable JsonNode json(String text) {
    String trimmed = text.strip();
    try {
      return trimmed.isEmpty() ? null : JSON.readTree(trimmed);
    } catch (JsonProcessingException e) {
      return null; // plain text is as good as JSON here
    }
  }
}
