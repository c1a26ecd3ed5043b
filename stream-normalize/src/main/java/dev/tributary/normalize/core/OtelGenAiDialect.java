package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import java.util.Map;

/** OpenTelemetry's own GenAI conventions, all generations of them. */
final class OtelGenAiDialect implements Dialect {
  @Override
  public String name() {
    return "otel";
  }

  @Override
  public boolean ownsScope(String scopeName) {
    return scopeName.startsWith("@opentelemetry/instrumentation-openai")
        || scopeName.startsWith("opentelemetry.instrumentation.openai_v2")
        || scopeName.startsWith("opentelemetry.instrumentation.openai_agents_v2")
        || scopeName.startsWith("opentelemetry.instrumentation.google_genai")
        || scopeName.startsWith("opentelemetry.instrumentation.botocore")
        || scopeName.startsWith("opentelemetry.util.genai");
  }

  @Override
  public boolean recognises(Facts facts) {
    return facts.has(Attr.OPERATION_NAME)
        || facts.has(Attr.PROVIDER_NAME)
        || facts.has(Attr.SYSTEM)
        || facts.has(Attr.REQUEST_MODEL)
        || facts.has(Attr.CONVERSATION_ID)
        || facts.has(Attr.MCP_METHOD_NAME);
  }

  @Override
  public Map<Attr, Map<String, SpanKind>> kinds() {
    return Map.of(
        Attr.OPERATION_NAME,
        Map.ofEntries(
            Map.entry("chat", SpanKind.LLM),
            Map.entry("generate_content", SpanKind.LLM),
            Map.entry("text_completion", SpanKind.LLM),
            Map.entry("completion", SpanKind.LLM),
            Map.entry("generate", SpanKind.LLM),
            Map.entry("llm", SpanKind.LLM),
            Map.entry("llm_request", SpanKind.LLM),
            Map.entry("embedding", SpanKind.EMBEDDING),
            Map.entry("retrieve", SpanKind.RETRIEVAL),
            Map.entry("retriever", SpanKind.RETRIEVAL),
            Map.entry("vector_db_retrieve", SpanKind.RETRIEVAL),
            Map.entry("tool", SpanKind.TOOL),
            Map.entry("chain", SpanKind.STEP),
            Map.entry("handoff", SpanKind.STEP),
            Map.entry("guardrail", SpanKind.GUARDRAIL),
            Map.entry("evaluate", SpanKind.EVALUATOR),
            Map.entry("workflow", SpanKind.WORKFLOW),
            Map.entry("fetch_response", SpanKind.STEP),
            Map.entry("embeddings", SpanKind.EMBEDDING),
            Map.entry("retrieval", SpanKind.RETRIEVAL),
            Map.entry("rerank", SpanKind.RERANK),
            Map.entry("create_agent", SpanKind.STEP),
            Map.entry("invoke_agent", SpanKind.AGENT),
            Map.entry("invoke_workflow", SpanKind.WORKFLOW),
            Map.entry("plan", SpanKind.STEP),
            Map.entry("execute_tool", SpanKind.TOOL),
            Map.entry("search_memory", SpanKind.RETRIEVAL),
            Map.entry("create_memory", SpanKind.STEP),
            Map.entry("update_memory", SpanKind.STEP),
            Map.entry("upsert_memory", SpanKind.STEP),
            Map.entry("delete_memory", SpanKind.STEP),
            Map.entry("create_memory_store", SpanKind.STEP),
            Map.entry("delete_memory_store", SpanKind.STEP)));
  }
}
