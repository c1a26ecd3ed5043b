package dev.tributary.bench;

import com.google.protobuf.ByteString;
import dev.tributary.schemas.GenAiAttributes;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Model calls whose root never comes: their traces stay open for as long as the clock stands.
 *
 * @param spans calls of each trace
 * @param endUs when they all end, microseconds since the epoch
 */
record OpenTraces(int spans, long endUs) {
  private static final String SERVICE = "bench.open";

  /** One OTLP request with so many traces, numbered from {@code first} on. */
  byte[] body(long first, int traces) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (long trace = first; trace < first + traces; trace++) {
      for (int span = 1; span <= spans; span++) {
        scope.addSpans(call(trace, span));
      }
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(text("service.name", SERVICE)))
                .addScopeSpans(scope))
        .build()
        .toByteArray();
  }

  private Span call(long trace, int span) {
    long endNanos = TimeUnit.MICROSECONDS.toNanos(endUs);
    long number = (trace << Byte.SIZE) + span;
    return Span.newBuilder()
        .setTraceId(id(16, trace + 1))
        .setSpanId(id(8, number))
        // A root that is never sent.
        .setParentSpanId(id(8, trace << Byte.SIZE | 0xff))
        .setName("chat gpt-4o-mini")
        .setStartTimeUnixNano(endNanos - TimeUnit.SECONDS.toNanos(1))
        .setEndTimeUnixNano(endNanos)
        .addAttributes(text(GenAiAttributes.OPERATION_NAME, "chat"))
        .addAttributes(text(GenAiAttributes.PROVIDER_NAME, "openai"))
        .addAttributes(text(GenAiAttributes.REQUEST_MODEL, "gpt-4o-mini"))
        .addAttributes(text(GenAiAttributes.RESPONSE_ID, "chatcmpl-" + number))
        .addAttributes(number(GenAiAttributes.USAGE_INPUT_TOKENS, 900 + span))
        .addAttributes(number(GenAiAttributes.USAGE_OUTPUT_TOKENS, 120))
        .build();
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static KeyValue number(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }

  private static ByteString id(int length, long number) {
    ByteBuffer id = ByteBuffer.allocate(length);
    // Spread over all bits, as real ids are.
    id.putLong(length - Long.BYTES, number * 0x9E3779B97F4A7C15L);
    return ByteString.copyFrom(id.array());
  }
}
