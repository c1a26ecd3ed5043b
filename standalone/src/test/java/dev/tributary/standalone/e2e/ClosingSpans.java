package dev.tributary.standalone.e2e;

import com.google.protobuf.ByteString;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.standalone.demo.SimulatedTraffic;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * Spans of no call, each a trace, three minutes after the last of a traffic: they move every
 * partition's clock past its last window.
 */
final class ClosingSpans {
  /** Enough that every partition gets some. */
  static final int COUNT = 40;

  private ClosingSpans() {}

  /** One OTLP request with all of them. */
  static byte[] after(SimulatedTraffic traffic, Generator generator) {
    long endNanos =
        TimeUnit.MICROSECONDS.toNanos(traffic.untilUs()) + Duration.ofMinutes(3).toNanos();
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    var scope = request.addResourceSpansBuilder().addScopeSpansBuilder();
    for (int i = 0; i < COUNT; i++) {
      scope.addSpans(
          Span.newBuilder()
              .setTraceId(id(generator, 16))
              .setSpanId(id(generator, 8))
              .setName("GET /closing")
              .setStartTimeUnixNano(endNanos - 1_000_000)
              .setEndTimeUnixNano(endNanos));
    }
    return request.build().toByteArray();
  }

  private static ByteString id(Generator generator, int bytes) {
    return ByteString.copyFrom(HexFormat.of().parseHex(generator.hex(bytes)));
  }
}
