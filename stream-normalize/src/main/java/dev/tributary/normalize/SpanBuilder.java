package dev.tributary.normalize;

import dev.tributary.normalize.core.Attributes;
import dev.tributary.normalize.core.OtlpSpan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A span while its fields arrive, in whatever order. */
final class SpanBuilder {
  final Attributes.Builder attributes = new Attributes.Builder();
  final List<OtlpSpan.Event> events = new ArrayList<>(0);
  final List<OtlpSpan.Link> links = new ArrayList<>(0);
  String traceId = "";
  String spanId = "";
  String parentSpanId = "";
  String traceState = "";
  String name = "";
  String statusMessage = "";
  long start;
  long end;
  int statusCode;
  @Nullable String unreadable;

  OtlpSpan build() {
    return new OtlpSpan(
        traceId,
        spanId,
        parentSpanId,
        traceState,
        name,
        start,
        end,
        attributes.build(),
        events,
        links,
        statusCode,
        statusMessage,
        unreadable);
  }
}
