package dev.tributary.normalize.core;

import dev.tributary.schemas.ContentEvent;
import dev.tributary.schemas.ContentMode;
import dev.tributary.schemas.SpanContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Takes the text out of a content record where a policy keeps only hashes, or only counts. */
final class ContentVeil {
  private ContentVeil() {}

  /**
   * Applies a mode in place.
   *
   * @param hash a keyed hash of a text
   */
  static void apply(SpanContent content, ContentMode mode, UnaryOperator<String> hash) {
    content.setMode(mode);
    switch (mode) {
      case FULL -> {}
      case HASH -> {
        texts(content, hash::apply);
        content.setAttributes(hashed(content.getAttributes(), hash));
        List<ContentEvent> events = new ArrayList<>();
        for (ContentEvent event : content.getEvents()) {
          ContentEvent veiled = new ContentEvent();
          veiled.setName(hash.apply(event.getName()));
          veiled.setTimeUs(event.getTimeUs());
          veiled.setAttributes(hashed(event.getAttributes(), hash));
          events.add(veiled);
        }
        content.setEvents(events);
      }
      case OFF, ERASED -> {
        texts(content, text -> null);
        content.setAttributes(Map.of());
        content.setEvents(List.of());
      }
    }
  }

  /** A function of a text that may leave nothing of it. */
  private interface Veil {
    @Nullable String apply(String text);
  }

  private static void texts(SpanContent content, Veil veil) {
    content.setName(veiled(content.getName(), veil));
    content.setStatusMessage(veiled(content.getStatusMessage(), veil));
    content.setSystemInstructions(veiled(content.getSystemInstructions(), veil));
    content.setInput(veiled(content.getInput(), veil));
    content.setOutput(veiled(content.getOutput(), veil));
    content.setToolDefinitions(veiled(content.getToolDefinitions(), veil));
    content.setToolArguments(veiled(content.getToolArguments(), veil));
    content.setToolResult(veiled(content.getToolResult(), veil));
    content.setDocuments(veiled(content.getDocuments(), veil));
  }

  private static @Nullable String veiled(@Nullable String text, Veil veil) {
    return text == null ? null : veil.apply(text);
  }

  /** Names of attributes are a user's words as much as their values. */
  private static Map<String, String> hashed(
      Map<String, String> attributes, UnaryOperator<String> hash) {
    Map<String, String> hashed = new LinkedHashMap<>();
    attributes.forEach((name, value) -> hashed.put(hash.apply(name), hash.apply(value)));
    return hashed;
  }
}
