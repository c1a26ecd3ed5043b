package dev.tributary.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tributary.standalone.demo.TrafficBodies;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of one round, the same for every scenario.
 *
 * @param bodies OTLP requests, as the receiver or a Collector would write them
 * @param spans spans in them
 * @param traces traces they belong to
 * @param endUs end of the period, microseconds since the epoch
 */
record Workload(List<byte[]> bodies, long spans, long traces, long endUs) {
  /** What one round covers; the demo compresses as much into a minute. */
  static final Duration PERIOD = Duration.ofHours(2);

  /**
   * At least so many spans of the simulated company.
   *
   * @param seed decides everything but the period; another seed gives other trace ids
   */
  static Workload of(long seed, long spans, Instant from) {
    // Traces have 4 to 5 spans on average; the simulator stops where enough are written.
    long traces = Math.max(1, spans / 4);
    TrafficBodies traffic = new TrafficBodies(seed, traces, from, PERIOD);
    List<byte[]> bodies = new ArrayList<>();
    for (byte[] body = traffic.next(); body != null; body = traffic.next()) {
      bodies.add(body);
    }
    long endUs = ChronoUnit.MICROS.between(Instant.EPOCH, from.plus(PERIOD));
    return new Workload(List.copyOf(bodies), traffic.spans(), traffic.traces(), endUs);
  }

  long bytes() {
    return bodies.stream().mapToLong(body -> body.length).sum();
  }

  /** The same spans, each as a request of its own. */
  List<byte[]> single() {
    List<byte[]> single = new ArrayList<>();
    for (byte[] body : bodies) {
      for (ResourceSpans resource : parse(body).getResourceSpansList()) {
        for (ScopeSpans scope : resource.getScopeSpansList()) {
          scope.getSpansList().forEach(span -> single.add(alone(resource, scope, span)));
        }
      }
    }
    return single;
  }

  private static byte[] alone(ResourceSpans resource, ScopeSpans scope, Span span) {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            resource.toBuilder()
                .clearScopeSpans()
                .addScopeSpans(scope.toBuilder().clearSpans().addSpans(span)))
        .build()
        .toByteArray();
  }

  private static ExportTraceServiceRequest parse(byte[] body) {
    try {
      return ExportTraceServiceRequest.parseFrom(body);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the simulator wrote a body that cannot be read", e);
    }
  }
}
