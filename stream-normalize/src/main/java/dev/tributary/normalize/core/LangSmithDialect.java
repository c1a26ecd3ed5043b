package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import java.util.Map;

/**
 * LangSmith's OpenTelemetry exporter. Its operation names are derived from the run type and lose
 * some: a retriever's is "embeddings", a prompt's is "chat". The run type itself comes first.
 */
final class LangSmithDialect implements Dialect {
  @Override
  public String name() {
    return "langsmith";
  }

  @Override
  public boolean ownsScope(String scopeName) {
    return scopeName.equals("langsmith");
  }

  @Override
  public boolean recognises(Facts facts) {
    return facts.has(Attr.LANGSMITH_SPAN_KIND) || facts.has(Attr.LANGSMITH_USAGE);
  }

  @Override
  public Map<Attr, Map<String, SpanKind>> kinds() {
    return Map.of(
        Attr.LANGSMITH_SPAN_KIND,
        Map.ofEntries(
            Map.entry("llm", SpanKind.LLM),
            Map.entry("tool", SpanKind.TOOL),
            Map.entry("retriever", SpanKind.RETRIEVAL),
            Map.entry("embedding", SpanKind.EMBEDDING),
            Map.entry("prompt", SpanKind.STEP),
            Map.entry("chain", SpanKind.STEP),
            Map.entry("parser", SpanKind.STEP)));
  }
}
