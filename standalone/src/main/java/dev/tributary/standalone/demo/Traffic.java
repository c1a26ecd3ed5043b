package dev.tributary.standalone.demo;

import dev.tributary.standalone.demo.SpanDraft.Resource;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The company's traffic as OTLP requests, in the order applications would have sent them: spans
 * leave when they end, so children come before their parents and traces interleave. The same seed
 * gives the same traffic.
 */
final class Traffic {
  private static final int SPANS_PER_REQUEST = 400;
  private static final String SCOPE = "tributary.demo.genai";

  /**
   * One OTLP request.
   *
   * @param body serialised {@code ExportTraceServiceRequest}
   * @param spans spans in it
   * @param untilUs end of its last span, microseconds since the epoch
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once and never compared
  record Request(byte[] body, int spans, long untilUs) {}

  private final long firstStartUs;
  private final long stepUs;
  private final long traces;
  private final SplittableRandom jitter;
  private final Books books = new Books();
  private final TraceWriter writer;
  private final PriorityQueue<SpanDraft> inFlight =
      new PriorityQueue<>(Comparator.comparingLong(SpanDraft::endUs));
  private final Map<Resource, List<SpanDraft>> exporters = new HashMap<>();
  private final Queue<Request> ready = new ArrayDeque<>();
  private long written;

  /**
   * Prepares traffic of a period.
   *
   * @param seed decides everything but the period
   * @param traces traces to send
   * @param from start of the period
   * @param length length of the period
   */
  Traffic(long seed, long traces, Instant from, Duration length) {
    this(seed, traces, from, length, null);
  }

  /**
   * The same with a change in it.
   *
   * @param release what changes, and when; null: nothing
   */
  Traffic(long seed, long traces, Instant from, Duration length, @Nullable Release release) {
    this.firstStartUs = TimeUnit.SECONDS.toMicros(from.getEpochSecond());
    this.traces = traces;
    this.stepUs = Math.max(1, length.toNanos() / 1_000 / Math.max(1, traces));
    SplittableRandom root = new SplittableRandom(seed);
    this.jitter = root.split();
    this.writer = new TraceWriter(root.split(), books, inFlight::add, release);
  }

  /** The next request; null at the end. */
  @Nullable Request next() {
    while (ready.isEmpty() && written < traces) {
      long startUs = firstStartUs + written * stepUs + jitter.nextLong(stepUs);
      written++;
      exportUntil(firstStartUs + written * stepUs - stepUs);
      writer.write(startUs);
    }
    if (ready.isEmpty()) {
      exportUntil(Long.MAX_VALUE);
      exporters.values().forEach(this::send);
      exporters.clear();
    }
    return ready.poll();
  }

  /** What has been sent so far, complete once {@link #next} gave null. */
  Books books() {
    return books;
  }

  /** Share of the traffic written so far, 0 to 1. */
  double progress() {
    return traces == 0 ? 1 : (double) written / traces;
  }

  private void exportUntil(long timeUs) {
    SpanDraft span = inFlight.peek();
    while (span != null && span.endUs() <= timeUs) {
      inFlight.poll();
      List<SpanDraft> batch =
          exporters.computeIfAbsent(span.resource(), r -> new ArrayList<>(SPANS_PER_REQUEST));
      batch.add(span);
      if (batch.size() >= SPANS_PER_REQUEST) {
        send(batch);
        batch.clear();
      }
      span = inFlight.peek();
    }
  }

  private void send(List<SpanDraft> batch) {
    if (batch.isEmpty()) {
      return;
    }
    ScopeSpans.Builder scope =
        ScopeSpans.newBuilder()
            .setScope(InstrumentationScope.newBuilder().setName(SCOPE).setVersion("1.0.0"));
    batch.forEach(span -> scope.addSpans(span.build()));
    Resource resource = batch.get(0).resource();
    ResourceSpans spans =
        ResourceSpans.newBuilder()
            .setResource(
                io.opentelemetry.proto.resource.v1.Resource.newBuilder()
                    .addAttributes(text("service.name", resource.service()))
                    .addAttributes(text("deployment.environment.name", resource.environment())))
            .addScopeSpans(scope)
            .build();
    byte[] body =
        ExportTraceServiceRequest.newBuilder().addResourceSpans(spans).build().toByteArray();
    ready.add(new Request(body, batch.size(), batch.get(batch.size() - 1).endUs()));
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
