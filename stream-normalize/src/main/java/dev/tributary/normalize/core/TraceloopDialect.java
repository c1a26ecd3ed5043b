package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import java.util.Map;
import java.util.Set;

/** Traceloop's OpenLLMetry: {@code gen_ai.*} on model calls, {@code traceloop.*} around them. */
final class TraceloopDialect implements Dialect {
  @Override
  public String name() {
    return "traceloop";
  }

  @Override
  public boolean ownsScope(String scopeName) {
    return scopeName.startsWith("@traceloop/")
        || scopeName.equals("traceloop.tracer")
        || scopeName.startsWith("opentelemetry.instrumentation.");
  }

  @Override
  public boolean recognises(Facts facts) {
    return facts.has(Attr.TRACELOOP_SPAN_KIND)
        || facts.has(Attr.TRACELOOP_WORKFLOW_NAME)
        || facts.has(Attr.LLM_REQUEST_TYPE);
  }

  @Override
  public Map<Attr, Map<String, SpanKind>> kinds() {
    return Map.of(
        Attr.TRACELOOP_SPAN_KIND,
        Map.of(
            "workflow", SpanKind.WORKFLOW,
            "task", SpanKind.STEP,
            "agent", SpanKind.AGENT,
            "tool", SpanKind.TOOL,
            "session", SpanKind.STEP,
            "unknown", SpanKind.STEP),
        Attr.LLM_REQUEST_TYPE,
        Map.of(
            "chat", SpanKind.LLM,
            "completion", SpanKind.LLM,
            "embedding", SpanKind.EMBEDDING,
            "rerank", SpanKind.RERANK,
            "unknown", SpanKind.STEP));
  }

  @Override
  public Map<Attr, Set<String>> vague() {
    return Map.of(
        Attr.TRACELOOP_SPAN_KIND, Set.of("session", "unknown"),
        Attr.LLM_REQUEST_TYPE, Set.of("unknown"));
  }
}
