package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import java.util.Map;
import java.util.Set;

/** MLflow tracing: {@code mlflow.*} with JSON in every value. */
final class MlflowDialect implements Dialect {
  @Override
  public String name() {
    return "mlflow";
  }

  @Override
  public boolean ownsScope(String scopeName) {
    return scopeName.startsWith("mlflow");
  }

  @Override
  public boolean recognises(Facts facts) {
    return facts.has(Attr.MLFLOW_SPAN_TYPE) || facts.has(Attr.MLFLOW_TOKEN_USAGE);
  }

  @Override
  public Map<Attr, Map<String, SpanKind>> kinds() {
    return Map.of(
        Attr.MLFLOW_SPAN_TYPE,
        Map.ofEntries(
            Map.entry("llm", SpanKind.LLM),
            Map.entry("chat_model", SpanKind.LLM),
            Map.entry("chain", SpanKind.STEP),
            Map.entry("agent", SpanKind.AGENT),
            Map.entry("tool", SpanKind.TOOL),
            Map.entry("retriever", SpanKind.RETRIEVAL),
            Map.entry("parser", SpanKind.STEP),
            Map.entry("embedding", SpanKind.EMBEDDING),
            Map.entry("reranker", SpanKind.RERANK),
            Map.entry("memory", SpanKind.STEP),
            Map.entry("workflow", SpanKind.WORKFLOW),
            Map.entry("task", SpanKind.STEP),
            Map.entry("guardrail", SpanKind.GUARDRAIL),
            Map.entry("evaluator", SpanKind.EVALUATOR),
            Map.entry("unknown", SpanKind.STEP)));
  }

  @Override
  public Map<Attr, Set<String>> vague() {
    return Map.of(Attr.MLFLOW_SPAN_TYPE, Set.of("unknown"));
  }
}
