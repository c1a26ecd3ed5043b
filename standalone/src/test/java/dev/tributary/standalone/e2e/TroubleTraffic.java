package dev.tributary.standalone.e2e;

import dev.tributary.runtime.testing.Generator;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * OTLP of three features, each with a trouble of its own from a moment on: {@code answers} gets a
 * prompt version that answers at length, {@code search} falls back to a dear model, {@code helper}
 * runs in tool loops. Spans name features, never teams.
 */
final class TroubleTraffic {
  static final String ANSWERS = "answers";
  static final String SEARCH = "search";
  static final String HELPER = "helper";

  /** Traces of each feature in five minutes. */
  static final int TRACES = 40;

  static final int INPUT_TOKENS = 30_000;
  static final int OUTPUT_TOKENS = 200;
  private static final int LONG_ANSWER = 16_000;
  private static final int LOOPS = 6;
  private static final int FALLBACK_PERCENT = 40;
  private static final long CALL_NANOS = 900_000_000L;
  private static final List<String> WORKSPACES = List.of("acme", "globex", "initech");

  private final Generator generator;
  private final long troubleNanos;

  TroubleTraffic(Generator generator, long troubleUs) {
    this.generator = generator;
    this.troubleNanos = troubleUs * 1_000;
  }

  /** The traffic of some time as one request, spans by their ends. */
  byte[] request(long fromUs, long lengthUs) {
    List<Span> spans = new ArrayList<>();
    for (String feature : List.of(ANSWERS, SEARCH, HELPER)) {
      for (int i = 0; i < TRACES; i++) {
        long startUs = fromUs + lengthUs * i / TRACES + generator.between(0, 1_000_000);
        trace(feature, startUs * 1_000, spans);
      }
    }
    spans.sort(Comparator.comparingLong(Span::getEndTimeUnixNano));
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    request
        .addResourceSpansBuilder()
        .setResource(
            Resource.newBuilder()
                .addAttributes(OtlpDraft.text("service.name", "api"))
                .addAttributes(OtlpDraft.text("deployment.environment.name", "production")))
        .addScopeSpansBuilder()
        .addAllSpans(spans);
    return request.build().toByteArray();
  }

  private void trace(String feature, long startNanos, List<Span> spans) {
    boolean isTrouble = startNanos >= troubleNanos;
    String traceId = generator.hex(16);
    String rootId = generator.hex(8);
    List<Span.Builder> children = new ArrayList<>();
    switch (feature) {
      case ANSWERS ->
          children.add(call(traceId, "gpt-4o-mini", isTrouble ? LONG_ANSWER : OUTPUT_TOKENS));
      case SEARCH -> {
        boolean isDown = isTrouble && generator.chance(FALLBACK_PERCENT);
        if (isDown) {
          children.add(failed(traceId));
        }
        children.add(call(traceId, isDown ? "gpt-4o" : "gpt-4o-mini", OUTPUT_TOKENS));
      }
      default -> {
        children.add(call(traceId, "gpt-4o-mini", OUTPUT_TOKENS));
        for (int i = 0; isTrouble && i < LOOPS; i++) {
          children.add(tool(traceId));
          children.add(call(traceId, "gpt-4o-mini", OUTPUT_TOKENS));
        }
      }
    }
    long atNanos = startNanos;
    for (Span.Builder child : children) {
      child.setParentSpanId(OtlpDraft.bytes(rootId)).setStartTimeUnixNano(atNanos);
      atNanos += CALL_NANOS;
      spans.add(child.setEndTimeUnixNano(atNanos).build());
    }
    Span.Builder root =
        OtlpDraft.span(traceId, rootId, atNanos + 1_000_000)
            .setStartTimeUnixNano(startNanos)
            .addAttributes(OtlpDraft.text("gen_ai.operation.name", "invoke_workflow"))
            .addAttributes(OtlpDraft.text("tributary.feature", feature))
            .addAttributes(OtlpDraft.text("tributary.workspace", generator.pick(WORKSPACES)))
            .addAttributes(OtlpDraft.text("gen_ai.prompt.name", feature))
            .addAttributes(
                OtlpDraft.text(
                    "gen_ai.prompt.version", isTrouble && feature.equals(ANSWERS) ? "v13" : "v12"));
    spans.add(root.build());
  }

  private Span.Builder call(String traceId, String model, int output) {
    // A tenth around the usual size, so that costs vary as real ones do.
    int input = INPUT_TOKENS * generator.between(90, 110) / 100;
    return OtlpDraft.span(traceId, generator.hex(8), 1)
        .setName("chat " + model)
        .addAttributes(OtlpDraft.text("gen_ai.operation.name", "chat"))
        .addAttributes(OtlpDraft.text("gen_ai.provider.name", "openai"))
        .addAttributes(OtlpDraft.text("gen_ai.request.model", model))
        .addAttributes(OtlpDraft.text("gen_ai.response.model", model))
        .addAttributes(OtlpDraft.number("gen_ai.usage.input_tokens", input))
        .addAttributes(OtlpDraft.number("gen_ai.usage.output_tokens", output))
        .addAttributes(finish());
  }

  private static KeyValue finish() {
    AnyValue.Builder stop = AnyValue.newBuilder().setStringValue("stop");
    return KeyValue.newBuilder()
        .setKey("gen_ai.response.finish_reasons")
        .setValue(AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(stop)))
        .build();
  }

  private Span.Builder failed(String traceId) {
    return OtlpDraft.span(traceId, generator.hex(8), 1)
        .setName("chat gpt-4o-mini")
        .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR))
        .addAttributes(OtlpDraft.text("gen_ai.operation.name", "chat"))
        .addAttributes(OtlpDraft.text("gen_ai.provider.name", "openai"))
        .addAttributes(OtlpDraft.text("gen_ai.request.model", "gpt-4o-mini"))
        .addAttributes(OtlpDraft.text("error.type", "overloaded"))
        .addAttributes(OtlpDraft.number("http.response.status_code", 503));
  }

  private Span.Builder tool(String traceId) {
    return OtlpDraft.span(traceId, generator.hex(8), 1)
        .setName("execute_tool lookup_order")
        .addAttributes(OtlpDraft.text("gen_ai.operation.name", "execute_tool"))
        .addAttributes(OtlpDraft.text("gen_ai.tool.name", "lookup_order"))
        .addAttributes(OtlpDraft.text("gen_ai.tool.call.arguments", "{\"id\":17}"));
  }
}
