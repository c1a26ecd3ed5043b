package dev.tributary.normalize;

import com.google.protobuf.WireFormat;
import dev.tributary.normalize.core.Attributes;
import dev.tributary.normalize.core.OtlpBatch;
import dev.tributary.normalize.core.OtlpSpan;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code ExportTraceServiceRequest} and {@code TracesData} (one shape) in protobuf.
 *
 * <p>The fields are read off the wire into the light model at once; field numbers come from the
 * generated classes. Their message objects are not built: they would cost more than normalising.
 */
public final class OtlpProto {
  private OtlpProto() {}

  /**
   * The spans of a request, those included whose own bytes are broken.
   *
   * @throws MalformedOtlpException when the bytes are no such request, or cut off
   */
  public static OtlpBatch parse(byte[] bytes) throws MalformedOtlpException {
    List<OtlpBatch.Group> groups = new ArrayList<>();
    for (ProtoRequest.OfResource<OtlpSpan> resource :
        ProtoRequest.<OtlpSpan>parse(
            bytes,
            DeadLetterReason.NOT_A_TRACE_REQUEST,
            (in, place, spans) -> spans.add(span(in, place, spans.size())))) {
      for (ProtoRequest.OfScope<OtlpSpan> scope : resource.scopes()) {
        groups.add(
            new OtlpBatch.Group(
                resource.attributes(), scope.name(), scope.version(), scope.items()));
      }
    }
    return new OtlpBatch(groups);
  }

  /** What cannot be read of a span makes that span invalid, not its batch. */
  private static OtlpSpan span(ProtoFields in, ProtoRequest.Place place, int index)
      throws IOException {
    SpanBuilder span = new SpanBuilder();
    int start = in.position();
    int end = in.end();
    try {
      read(in, span);
    } catch (IOException e) {
      span.unreadable =
          "resourceSpans[%d].scopeSpans[%d].spans[%d] is not protobuf at byte %d of its %d"
              .formatted(
                  place.resource(), place.scope(), index, in.position() - start, end - start);
      in.abandon(end);
    }
    return span.build();
  }

  private static void read(ProtoFields in, SpanBuilder span) throws IOException {
    while (in.next()) {
      if (in.wireType() == WireFormat.WIRETYPE_FIXED64) {
        if (in.field() == Span.START_TIME_UNIX_NANO_FIELD_NUMBER) {
          span.start = in.fixed64();
        } else if (in.field() == Span.END_TIME_UNIX_NANO_FIELD_NUMBER) {
          span.end = in.fixed64();
        } else {
          in.skip();
        }
      } else if (in.wireType() == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        spanPart(in, span);
      } else {
        in.skip();
      }
    }
  }

  private static void spanPart(ProtoFields in, SpanBuilder span) throws IOException {
    switch (in.field()) {
      case Span.TRACE_ID_FIELD_NUMBER -> span.traceId = in.hex();
      case Span.SPAN_ID_FIELD_NUMBER -> span.spanId = in.hex();
      case Span.PARENT_SPAN_ID_FIELD_NUMBER -> span.parentSpanId = in.hex();
      case Span.TRACE_STATE_FIELD_NUMBER -> span.traceState = in.text();
      case Span.NAME_FIELD_NUMBER -> span.name = in.text();
      case Span.ATTRIBUTES_FIELD_NUMBER -> in.attributeOrSkip(in.field(), span.attributes);
      case Span.EVENTS_FIELD_NUMBER -> {
        int limit = in.enter();
        span.events.add(event(in));
        in.leave(limit);
      }
      case Span.LINKS_FIELD_NUMBER -> {
        int limit = in.enter();
        span.links.add(link(in));
        in.leave(limit);
      }
      case Span.STATUS_FIELD_NUMBER -> {
        int limit = in.enter();
        status(in, span);
        in.leave(limit);
      }
      default -> in.skip();
    }
  }

  private static OtlpSpan.Event event(ProtoFields in) throws IOException {
    Attributes.Builder attributes = new Attributes.Builder();
    String name = "";
    long time = 0;
    while (in.next()) {
      if (in.field() == Span.Event.TIME_UNIX_NANO_FIELD_NUMBER
          && in.wireType() == WireFormat.WIRETYPE_FIXED64) {
        time = in.fixed64();
      } else if (in.isMessage(Span.Event.NAME_FIELD_NUMBER)) {
        name = in.text();
      } else {
        in.attributeOrSkip(Span.Event.ATTRIBUTES_FIELD_NUMBER, attributes);
      }
    }
    return new OtlpSpan.Event(name, time, attributes.build());
  }

  private static OtlpSpan.Link link(ProtoFields in) throws IOException {
    String traceId = "";
    String spanId = "";
    while (in.next()) {
      if (in.isMessage(Span.Link.TRACE_ID_FIELD_NUMBER)) {
        traceId = in.hex();
      } else if (in.isMessage(Span.Link.SPAN_ID_FIELD_NUMBER)) {
        spanId = in.hex();
      } else {
        in.skip();
      }
    }
    return new OtlpSpan.Link(traceId, spanId);
  }

  private static void status(ProtoFields in, SpanBuilder span) throws IOException {
    while (in.next()) {
      if (in.isMessage(Status.MESSAGE_FIELD_NUMBER)) {
        span.statusMessage = in.text();
      } else if (in.field() == Status.CODE_FIELD_NUMBER
          && in.wireType() == WireFormat.WIRETYPE_VARINT) {
        span.statusCode = (int) in.varint();
      } else {
        in.skip();
      }
    }
  }
}
