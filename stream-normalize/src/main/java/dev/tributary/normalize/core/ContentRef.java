package dev.tributary.normalize.core;

import dev.tributary.schemas.Keys;
import dev.tributary.schemas.SpanContent;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Points from a span to its content: the record's key, the span, and a 64-bit hash that tells two
 * contents of one span apart. The hash reads the ends of long texts and their lengths only.
 */
final class ContentRef {
  private static final int SAMPLED = 128;
  private static final long PRIME = 0x9E3779B97F4A7C15L;

  private ContentRef() {}

  static String of(SpanContent content) {
    long hash = mix(1, content.getName());
    hash = mix(hash, content.getStatusMessage());
    hash = mix(hash, content.getSystemInstructions());
    hash = mix(hash, content.getInput());
    hash = mix(hash, content.getOutput());
    hash = mix(hash, content.getToolArguments());
    hash = mix(hash, content.getToolResult());
    hash = mix(hash, content.getDocuments());
    hash = mix(hash, content.getToolDefinitions());
    hash = hash * PRIME + content.getAttributes().size();
    hash = hash * PRIME + content.getEvents().size();
    return Keys.trace(content.getTenant(), content.getTraceId())
        + '/'
        + content.getSpanId()
        + '#'
        + HexFormat.of().toHexDigits(hash);
  }

  private static long mix(long hash, @Nullable String text) {
    if (text == null) {
      return hash * PRIME;
    }
    long mixed = hash * PRIME + text.length() + 1;
    int head = Math.min(SAMPLED, text.length());
    for (int i = 0; i < head; i++) {
      mixed = mixed * 31 + text.charAt(i);
    }
    for (int i = Math.max(head, text.length() - SAMPLED); i < text.length(); i++) {
      mixed = mixed * 31 + text.charAt(i);
    }
    return mixed ^ (mixed >>> 32);
  }
}
