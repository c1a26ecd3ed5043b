package dev.tributary.normalize.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A span as OTLP carries it, the same from every encoding. Nothing in it is checked yet.
 *
 * @param traceId as stated, lower-case hex where it was readable; empty: none
 * @param spanId as stated, lower-case hex where it was readable; empty: none
 * @param parentSpanId as stated; empty: a root
 * @param traceState W3C trace state; empty: none
 * @param startNanos nanoseconds since the epoch; 0: none; negative: not readable
 * @param endNanos nanoseconds since the epoch; 0: none; negative: not readable
 * @param statusCode 0 unset, 1 ok, 2 error
 * @param statusMessage empty: none
 * @param unreadable where its bytes stop being a span; the other parts are what came before. Null:
 *     all of it was read
 */
public record OtlpSpan(
    String traceId,
    String spanId,
    String parentSpanId,
    String traceState,
    String name,
    long startNanos,
    long endNanos,
    Attributes attributes,
    List<Event> events,
    List<Link> links,
    int statusCode,
    String statusMessage,
    @Nullable String unreadable) {

  /** A span of which all was read. */
  public OtlpSpan(
      String traceId,
      String spanId,
      String parentSpanId,
      String traceState,
      String name,
      long startNanos,
      long endNanos,
      Attributes attributes,
      List<Event> events,
      List<Link> links,
      int statusCode,
      String statusMessage) {
    this(
        traceId,
        spanId,
        parentSpanId,
        traceState,
        name,
        startNanos,
        endNanos,
        attributes,
        events,
        links,
        statusCode,
        statusMessage,
        null);
  }

  /**
   * An event of a span.
   *
   * @param timeNanos nanoseconds since the epoch; 0: none; negative: not readable
   */
  public record Event(String name, long timeNanos, Attributes attributes) {

    /** The first value of an attribute; null: not there. */
    @Nullable Object find(String attribute) {
      return attributes.find(attribute);
    }
  }

  /** A link to another span, ids as stated. */
  public record Link(String traceId, String spanId) {}
}
