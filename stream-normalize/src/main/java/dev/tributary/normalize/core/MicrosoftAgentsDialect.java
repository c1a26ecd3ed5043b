package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import java.util.Map;

/** Semantic Kernel, Microsoft.Extensions.AI and the Agent Framework. */
final class MicrosoftAgentsDialect implements Dialect {
  @Override
  public String name() {
    return "microsoft-agents";
  }

  @Override
  public boolean ownsScope(String scopeName) {
    return scopeName.equals("agent_framework")
        || scopeName.startsWith("Experimental.Microsoft.")
        || scopeName.startsWith("Microsoft.SemanticKernel")
        || scopeName.startsWith("semantic_kernel")
        || scopeName.startsWith("Microsoft.Agents.AI");
  }

  @Override
  public boolean recognises(Facts facts) {
    return facts.has(Attr.RESPONSE_PROMPT_TOKENS) || facts.has(Attr.RESPONSE_COMPLETION_TOKENS);
  }

  @Override
  public Map<Attr, Map<String, SpanKind>> kinds() {
    return Map.of(
        Attr.OPERATION_NAME,
        Map.ofEntries(
            Map.entry("chat.completions", SpanKind.LLM),
            Map.entry("text.completions", SpanKind.LLM),
            Map.entry("chat.streaming_completions", SpanKind.LLM),
            Map.entry("text.streaming_completions", SpanKind.LLM),
            Map.entry("autofunctioninvocationloop", SpanKind.STEP)));
  }
}
