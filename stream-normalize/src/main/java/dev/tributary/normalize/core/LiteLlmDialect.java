package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import java.util.Map;

/**
 * LiteLLM's callback and proxy. The operation is the name of the function called; the child span
 * with the raw reply is a step of its call.
 */
final class LiteLlmDialect implements Dialect {
  static final String NAME = "litellm";

  /** Functions of its API, under which it reports in either attribute. */
  private static final Map<String, SpanKind> FUNCTIONS =
      Map.ofEntries(
          Map.entry("completion", SpanKind.LLM),
          Map.entry("acompletion", SpanKind.LLM),
          Map.entry("text_completion", SpanKind.LLM),
          Map.entry("atext_completion", SpanKind.LLM),
          Map.entry("chat_completion", SpanKind.LLM),
          Map.entry("responses", SpanKind.LLM),
          Map.entry("aresponses", SpanKind.LLM),
          Map.entry("response", SpanKind.LLM),
          Map.entry("anthropic_messages", SpanKind.LLM),
          Map.entry("messages", SpanKind.LLM),
          Map.entry("generate_content", SpanKind.LLM),
          Map.entry("agenerate_content", SpanKind.LLM),
          Map.entry("generate_content_stream", SpanKind.LLM),
          Map.entry("agenerate_content_stream", SpanKind.LLM),
          Map.entry("image_generation", SpanKind.LLM),
          Map.entry("aimage_generation", SpanKind.LLM),
          Map.entry("image_edit", SpanKind.LLM),
          Map.entry("aimage_edit", SpanKind.LLM),
          Map.entry("speech", SpanKind.LLM),
          Map.entry("aspeech", SpanKind.LLM),
          Map.entry("transcription", SpanKind.LLM),
          Map.entry("atranscription", SpanKind.LLM),
          Map.entry("pass_through_endpoint", SpanKind.LLM),
          Map.entry("allm_passthrough_route", SpanKind.LLM),
          Map.entry("llm_passthrough_route", SpanKind.LLM),
          Map.entry("embedding", SpanKind.EMBEDDING),
          Map.entry("aembedding", SpanKind.EMBEDDING),
          Map.entry("rerank", SpanKind.RERANK),
          Map.entry("arerank", SpanKind.RERANK),
          Map.entry("moderation", SpanKind.GUARDRAIL),
          Map.entry("amoderation", SpanKind.GUARDRAIL),
          Map.entry("call_mcp_tool", SpanKind.TOOL),
          Map.entry("search", SpanKind.RETRIEVAL),
          Map.entry("asearch", SpanKind.RETRIEVAL));

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean ownsScope(String scopeName) {
    return scopeName.equals("litellm");
  }

  @Override
  public boolean recognises(Facts facts) {
    return facts.has(Attr.LITELLM_HIDDEN_PARAMS) || facts.has(Attr.LITELLM_KEY_ALIAS);
  }

  @Override
  public Map<Attr, Map<String, SpanKind>> kinds() {
    return Map.of(Attr.OPERATION_NAME, FUNCTIONS, Attr.LLM_REQUEST_TYPE, FUNCTIONS);
  }
}
