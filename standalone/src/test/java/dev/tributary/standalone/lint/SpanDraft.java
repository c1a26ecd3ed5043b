package dev.tributary.standalone.lint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes OTLP/JSON requests of one service by hand. */
final class SpanDraft {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** 2026-01-01. */
  private static final long START_NANOS = 1_767_225_600_000_000_000L;

  private final ObjectNode root = MAPPER.createObjectNode();
  private final ArrayNode resource;
  private final ArrayNode spans;

  SpanDraft() {
    ObjectNode resourceSpans = root.putArray("resourceSpans").addObject();
    resource = resourceSpans.putObject("resource").putArray("attributes");
    ObjectNode scope = resourceSpans.putArray("scopeSpans").addObject();
    scope.putObject("scope").put("name", "hand").put("version", "1.0");
    spans = scope.putArray("spans");
  }

  /** A request with everything lint asks for on its one call. */
  static SpanDraft complete() {
    return new SpanDraft()
        .resource("service.name", "checkout-api")
        .resource("deployment.environment.name", "test")
        .resource("tributary.team", "payments")
        .span(1, 1, 0, 0, call());
  }

  /** Attributes of a call that lacks nothing but what resources state. */
  static Map<String, Object> call() {
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("gen_ai.operation.name", "chat");
    call.put("gen_ai.provider.name", "openai");
    call.put("gen_ai.request.model", "gpt-4o");
    call.put("gen_ai.response.model", "gpt-4o-2024-08-06");
    call.put("gen_ai.response.id", "resp-1");
    call.put("gen_ai.response.finish_reasons", "stop");
    call.put("gen_ai.usage.input_tokens", 1200);
    call.put("gen_ai.usage.output_tokens", 34);
    call.put("gen_ai.conversation.id", "chat-1");
    call.put("gen_ai.prompt.version", "7");
    call.put("tributary.feature", "checkout-assistant");
    call.put("tributary.workspace", "acme");
    return call;
  }

  static Map<String, Object> callWith(String name, Object value) {
    Map<String, Object> call = call();
    call.put(name, value);
    return call;
  }

  static Map<String, Object> callWithout(String... names) {
    Map<String, Object> call = call();
    for (String name : names) {
      call.remove(name);
    }
    return call;
  }

  SpanDraft resource(String name, Object value) {
    attribute(resource, name, value);
    return this;
  }

  /**
   * Adds a span of a second.
   *
   * @param parent 0: a root
   * @param startMs after the draft's own start
   */
  SpanDraft span(int trace, int span, int parent, long startMs, Map<String, Object> attributes) {
    ObjectNode node = spans.addObject();
    node.put("traceId", "%032x".formatted(trace)).put("spanId", "%016x".formatted(span));
    if (parent > 0) {
      node.put("parentSpanId", "%016x".formatted(parent));
    }
    long start = START_NANOS + startMs * 1_000_000;
    node.put("name", "call");
    node.put("startTimeUnixNano", Long.toString(start));
    node.put("endTimeUnixNano", Long.toString(start + 1_000_000_000L));
    ArrayNode all = node.putArray("attributes");
    attributes.forEach((name, value) -> attribute(all, name, value));
    return this;
  }

  /** Gives the last span a failed status. */
  SpanDraft failed() {
    ((ObjectNode) spans.get(spans.size() - 1)).putObject("status").put("code", 2);
    return this;
  }

  private static void attribute(ArrayNode to, String name, Object value) {
    ObjectNode any = to.addObject().put("key", name).putObject("value");
    if (value instanceof Integer number) {
      any.put("intValue", number.toString());
    } else {
      any.put("stringValue", value.toString());
    }
  }

  String json() {
    return root.toString();
  }
}
