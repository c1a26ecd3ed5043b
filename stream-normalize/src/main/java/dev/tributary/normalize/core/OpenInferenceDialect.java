package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import java.util.Map;
import java.util.Set;

/** Arize's OpenInference: {@code openinference.span.kind}, {@code llm.*}, indexed messages. */
final class OpenInferenceDialect implements Dialect {
  @Override
  public String name() {
    return "openinference";
  }

  @Override
  public boolean ownsScope(String scopeName) {
    return scopeName.startsWith("@arizeai/openinference-")
        || scopeName.startsWith("openinference.instrumentation")
        || scopeName.startsWith("com.arize.");
  }

  @Override
  public boolean recognises(Facts facts) {
    return facts.has(Attr.OPENINFERENCE_SPAN_KIND);
  }

  @Override
  public Map<Attr, Map<String, SpanKind>> kinds() {
    return Map.of(
        Attr.OPENINFERENCE_SPAN_KIND,
        Map.ofEntries(
            Map.entry("llm", SpanKind.LLM),
            Map.entry("embedding", SpanKind.EMBEDDING),
            Map.entry("agent", SpanKind.AGENT),
            Map.entry("chain", SpanKind.STEP),
            Map.entry("prompt", SpanKind.STEP),
            Map.entry("tool", SpanKind.TOOL),
            Map.entry("retriever", SpanKind.RETRIEVAL),
            Map.entry("reranker", SpanKind.RERANK),
            Map.entry("guardrail", SpanKind.GUARDRAIL),
            Map.entry("evaluator", SpanKind.EVALUATOR),
            Map.entry("unknown", SpanKind.STEP)));
  }

  @Override
  public Map<Attr, Set<String>> vague() {
    return Map.of(Attr.OPENINFERENCE_SPAN_KIND, Set.of("unknown"));
  }
}
