package dev.tributary.bench;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Spans that move the clock of every partition on, so that a round's traces close at once instead
 * of when the wall clock has caught up. Not counted.
 */
final class ClockMark {
  static final String SERVICE = "bench.clock";

  /** One of this many trace ids falls into each of a few partitions for certain. */
  private static final int SPANS = 128;

  private ClockMark() {}

  /** One request with spans that end at a time, microseconds since the epoch. */
  static List<byte[]> bodies(long endUs) {
    long endNanos = TimeUnit.MICROSECONDS.toNanos(endUs);
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (int i = 1; i <= SPANS; i++) {
      scope.addSpans(
          Span.newBuilder()
              .setTraceId(id(16, endUs, i))
              .setSpanId(id(8, endUs, i))
              .setName("clock")
              .setStartTimeUnixNano(endNanos - 1_000)
              .setEndTimeUnixNano(endNanos));
    }
    Resource.Builder resource =
        Resource.newBuilder()
            .addAttributes(
                KeyValue.newBuilder()
                    .setKey("service.name")
                    .setValue(AnyValue.newBuilder().setStringValue(SERVICE)));
    return List.of(
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(ResourceSpans.newBuilder().setResource(resource).addScopeSpans(scope))
            .build()
            .toByteArray());
  }

  private static ByteString id(int length, long endUs, int number) {
    ByteBuffer id = ByteBuffer.allocate(length);
    id.putLong(length - Long.BYTES, endUs * SPANS + number);
    return ByteString.copyFrom(id.array());
  }
}
