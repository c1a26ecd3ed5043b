package dev.tributary.evalworker.core;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text of one span, as the content plane keeps it.
 *
 * @param spanId lower-case hex
 * @param endUs its end, microseconds since the epoch
 * @param mode FULL, HASH, OFF or ERASED
 * @param name null: none; and so on for the others
 * @param attributes other attributes as text
 * @param isTruncated whether a text was cut
 */
public record SpanText(
    String spanId,
    long endUs,
    String mode,
    @Nullable String name,
    @Nullable String input,
    @Nullable String output,
    @Nullable String toolDefinitions,
    @Nullable String toolArguments,
    @Nullable String toolResult,
    @Nullable String documents,
    Map<String, String> attributes,
    boolean isTruncated) {

  /** Copies the attributes. */
  public SpanText {
    attributes = Map.copyOf(attributes);
  }
}
