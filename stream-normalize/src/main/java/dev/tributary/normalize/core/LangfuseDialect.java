package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import java.util.Map;
import java.util.Set;

/**
 * Langfuse's SDK: {@code langfuse.observation.*}, usage as a partition in JSON. Its type "span" is
 * what nobody chose: Python before 3.3.1 writes it on generations, Strands on agents.
 */
final class LangfuseDialect implements Dialect {
  @Override
  public String name() {
    return "langfuse";
  }

  @Override
  public boolean ownsScope(String scopeName) {
    return scopeName.equals("langfuse-sdk");
  }

  @Override
  public boolean recognises(Facts facts) {
    return facts.has(Attr.LANGFUSE_TYPE);
  }

  @Override
  public Map<Attr, Map<String, SpanKind>> kinds() {
    return Map.of(
        Attr.LANGFUSE_TYPE,
        Map.ofEntries(
            Map.entry("generation", SpanKind.LLM),
            Map.entry("embedding", SpanKind.EMBEDDING),
            Map.entry("agent", SpanKind.AGENT),
            Map.entry("tool", SpanKind.TOOL),
            Map.entry("chain", SpanKind.STEP),
            Map.entry("span", SpanKind.STEP),
            Map.entry("event", SpanKind.OTHER),
            Map.entry("retriever", SpanKind.RETRIEVAL),
            Map.entry("guardrail", SpanKind.GUARDRAIL),
            Map.entry("evaluator", SpanKind.EVALUATOR)));
  }

  @Override
  public Map<Attr, Set<String>> vague() {
    return Map.of(Attr.LANGFUSE_TYPE, Set.of("span"));
  }
}
