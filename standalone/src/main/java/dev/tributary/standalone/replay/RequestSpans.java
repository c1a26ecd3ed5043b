package dev.tributary.standalone.replay;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Makes OTLP spans of a request trace: one trace with one model call per request. The public traces
 * state arrival times and no durations, so a span ends when it starts; nothing is invented.
 */
final class RequestSpans {
  private static final String SCOPE = "tributary.replay";

  private final String run;
  private final String provider;
  private final String model;
  private final String feature;
  private final Duration shift;

  /**
   * Spans of one replay.
   *
   * @param run names the replay; ids follow from it and the request's number, so a run that is sent
   *     again is recognised as the same
   * @param shift added to every time
   */
  RequestSpans(String run, String provider, String model, String feature, Duration shift) {
    this.run = run;
    this.provider = provider;
    this.model = model;
    this.feature = feature;
    this.shift = shift;
  }

  /**
   * One OTLP request.
   *
   * @param requests requests to send
   * @param firstNumber number of the first of them in the file
   */
  byte[] body(List<LlmRequest> requests, long firstNumber) {
    ScopeSpans.Builder scope =
        ScopeSpans.newBuilder()
            .setScope(InstrumentationScope.newBuilder().setName(SCOPE).setVersion("1"));
    for (int i = 0; i < requests.size(); i++) {
      scope.addSpans(span(requests.get(i), firstNumber + i));
    }
    ResourceSpans spans =
        ResourceSpans.newBuilder()
            .setResource(
                Resource.newBuilder()
                    .addAttributes(text("service.name", "replay"))
                    .addAttributes(text("deployment.environment.name", "replay")))
            .addScopeSpans(scope)
            .build();
    return ExportTraceServiceRequest.newBuilder().addResourceSpans(spans).build().toByteArray();
  }

  private Span span(LlmRequest request, long number) {
    byte[] digest = sha256(run + "/" + number);
    long nanos = nanos(request.at().plus(shift));
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(ByteString.copyFrom(digest, 0, 16))
            .setSpanId(ByteString.copyFrom(digest, 16, 8))
            .setName("chat " + model)
            .setStartTimeUnixNano(nanos)
            .setEndTimeUnixNano(nanos)
            .addAttributes(text("gen_ai.operation.name", "chat"))
            .addAttributes(text("gen_ai.provider.name", provider))
            .addAttributes(text("gen_ai.request.model", model))
            .addAttributes(text("gen_ai.response.model", model))
            .addAttributes(text("tributary.feature", feature))
            .addAttributes(number("gen_ai.usage.input_tokens", request.inputTokens()))
            .addAttributes(number("gen_ai.usage.output_tokens", request.outputTokens()));
    Long cacheRead = request.cacheReadTokens();
    if (cacheRead != null) {
      span.addAttributes(number("gen_ai.usage.cache_read.input_tokens", cacheRead));
    }
    return span.build();
  }

  private static long nanos(Instant at) {
    return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L), at.getNano());
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

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
