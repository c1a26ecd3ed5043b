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
  /** Its digits, and what frames a text in a record. */
  private static final int HASH_BYTES = 34;

  private final UnaryOperator<String> hash;
  private int left;
  private boolean isCut;

  private ContentVeil(UnaryOperator<String> hash, int most) {
    this.hash = hash;
    this.left = most;
  }

  /**
   * Applies a mode in place. A hash is longer than most names: of more texts than fit the first
   * have one, and the content says that it is cut.
   *
   * @param hash a keyed hash of a text
   * @param maxBytes of the hashes of a span together
   */
  static void apply(
      SpanContent content, ContentMode mode, UnaryOperator<String> hash, int maxBytes) {
    content.setMode(mode);
    switch (mode) {
      case FULL -> {}
      case HASH -> new ContentVeil(hash, maxBytes / HASH_BYTES).hash(content);
      case OFF, ERASED -> {
        texts(content, text -> null);
        content.setAttributes(Map.of());
        content.setEvents(List.of());
      }
    }
  }

  private void hash(SpanContent content) {
    texts(content, this::hashed);
    content.setAttributes(hashed(content.getAttributes()));
    List<ContentEvent> events = new ArrayList<>();
    for (ContentEvent event : content.getEvents()) {
      String name = hashed(event.getName());
      if (name == null) {
        break;
      }
      ContentEvent veiled = new ContentEvent();
      veiled.setName(name);
      veiled.setTimeUs(event.getTimeUs());
      veiled.setAttributes(hashed(event.getAttributes()));
      events.add(veiled);
    }
    content.setEvents(events);
    content.setTruncated(content.getTruncated() || isCut);
  }

  /** Null: there is no room for it. */
  private @Nullable String hashed(String text) {
    if (left == 0) {
      isCut = true;
      return null;
    }
    left--;
    return hash.apply(text);
  }

  /** Names of attributes are a user's words as much as their values. */
  private Map<String, String> hashed(Map<String, String> attributes) {
    Map<String, String> hashed = new LinkedHashMap<>();
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      if (left < 2) {
        isCut = true;
        break;
      }
      left -= 2;
      hashed.put(hash.apply(attribute.getKey()), hash.apply(attribute.getValue()));
    }
    return hashed;
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
}
