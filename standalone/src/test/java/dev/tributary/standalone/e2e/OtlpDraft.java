package dev.tributary.standalone.e2e;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HexFormat;
import java.util.List;

/** Writes OTLP requests by hand. */
final class OtlpDraft {
  private OtlpDraft() {}

  /** A request of one service and environment. */
  static byte[] request(List<Span> spans) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    request
        .addResourceSpansBuilder()
        .setResource(
            Resource.newBuilder()
                .addAttributes(text("service.name", "bad-input"))
                .addAttributes(text("deployment.environment.name", "test")))
        .addScopeSpansBuilder()
        .addAllSpans(spans);
    return request.build().toByteArray();
  }

  /** A span of a microsecond to a second; ids are hex. */
  static Span.Builder span(String traceId, String spanId, long endNanos) {
    return Span.newBuilder()
        .setTraceId(bytes(traceId))
        .setSpanId(bytes(spanId))
        .setName("work")
        .setStartTimeUnixNano(endNanos - 1_000_000)
        .setEndTimeUnixNano(endNanos);
  }

  /** A call of gpt-4o-mini: $0.15 per million input tokens, $0.60 per million output tokens. */
  static Span.Builder call(String traceId, String spanId, long endNanos, long input, long output) {
    return span(traceId, spanId, endNanos)
        .setName("chat gpt-4o-mini")
        .addAttributes(text("gen_ai.operation.name", "chat"))
        .addAttributes(text("gen_ai.provider.name", "openai"))
        .addAttributes(text("gen_ai.request.model", "gpt-4o-mini"))
        .addAttributes(text("gen_ai.response.model", "gpt-4o-mini-2024-07-18"))
        .addAttributes(number("gen_ai.usage.input_tokens", input))
        .addAttributes(number("gen_ai.usage.output_tokens", output));
  }

  static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  static KeyValue number(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }

  static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }
}
