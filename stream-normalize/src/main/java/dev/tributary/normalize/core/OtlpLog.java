package dev.tributary.normalize.core;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A log record as OTLP carries it, the same from every encoding. Nothing in it is checked yet.
 *
 * @param traceId as stated, lower-case hex where it was readable; empty: none
 * @param spanId as stated; empty: none
 * @param eventName empty: none
 * @param timeNanos when it happened, else when it was observed; nanoseconds since the epoch; 0:
 *     none; negative: not readable
 * @param body a value like those of {@link Attributes}; null: none
 */
public record OtlpLog(
    String traceId,
    String spanId,
    String eventName,
    long timeNanos,
    Attributes attributes,
    @Nullable Object body) {

  /** The first value of an attribute, else of a member of the body; null: in neither. */
  @Nullable Object find(String attribute) {
    Object value = attributes.find(attribute);
    if (value == null && body instanceof Map<?, ?> members) {
      value = members.get(attribute);
    }
    return value;
  }
}
