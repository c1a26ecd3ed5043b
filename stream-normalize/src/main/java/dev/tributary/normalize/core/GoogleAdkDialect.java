package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import java.util.Map;

/**
 * Google's Agent Development Kit, whose {@code gcp.vertex.agent.llm_response} is the provider's
 * reply. What it calls the system is itself, not a provider.
 */
final class GoogleAdkDialect implements Dialect {
  @Override
  public String name() {
    return "google-adk";
  }

  @Override
  public boolean ownsScope(String scopeName) {
    return scopeName.equals("gcp.vertex.agent");
  }

  @Override
  public boolean recognises(Facts facts) {
    return facts.has(Attr.ADK_LLM_REQUEST)
        || facts.has(Attr.ADK_LLM_RESPONSE)
        || facts.has(Attr.ADK_TOOL_ARGS)
        || facts.has(Attr.ADK_INVOCATION_ID);
  }

  @Override
  public Map<Attr, Map<String, SpanKind>> kinds() {
    return Map.of();
  }
}
