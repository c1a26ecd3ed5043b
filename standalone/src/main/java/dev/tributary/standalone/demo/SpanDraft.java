package dev.tributary.standalone.demo;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.concurrent.TimeUnit;

/**
 * A span being written as OTLP protobuf, with the few attribute types that instrumentations use.
 */
final class SpanDraft {
  private final Span.Builder span = Span.newBuilder();
  private final long endUs;
  private final Resource resource;

  /**
   * Where a span comes from.
   *
   * @param service {@code service.name}
   * @param environment {@code deployment.environment.name}
   */
  record Resource(String service, String environment) {}

  SpanDraft(Resource resource, ByteString traceId, ByteString spanId, long startUs, long endUs) {
    this.resource = resource;
    this.endUs = endUs;
    span.setTraceId(traceId)
        .setSpanId(spanId)
        .setStartTimeUnixNano(TimeUnit.MICROSECONDS.toNanos(startUs))
        .setEndTimeUnixNano(TimeUnit.MICROSECONDS.toNanos(endUs));
  }

  SpanDraft named(String name) {
    span.setName(name);
    return this;
  }

  SpanDraft under(SpanDraft parent) {
    span.setParentSpanId(parent.span.getSpanId());
    return this;
  }

  SpanDraft text(String key, String value) {
    return put(key, AnyValue.newBuilder().setStringValue(value));
  }

  SpanDraft number(String key, long value) {
    return put(key, AnyValue.newBuilder().setIntValue(value));
  }

  SpanDraft real(String key, double value) {
    return put(key, AnyValue.newBuilder().setDoubleValue(value));
  }

  SpanDraft list(String key, String value) {
    ArrayValue.Builder values =
        ArrayValue.newBuilder().addValues(AnyValue.newBuilder().setStringValue(value));
    return put(key, AnyValue.newBuilder().setArrayValue(values));
  }

  SpanDraft failed(String errorType, int httpStatus) {
    span.setStatus(
        Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR).setMessage(errorType));
    return text("error.type", errorType).number("http.response.status_code", httpStatus);
  }

  long endUs() {
    return endUs;
  }

  Resource resource() {
    return resource;
  }

  Span build() {
    return span.build();
  }

  private SpanDraft put(String key, AnyValue.Builder value) {
    span.addAttributes(KeyValue.newBuilder().setKey(key).setValue(value));
    return this;
  }
}
