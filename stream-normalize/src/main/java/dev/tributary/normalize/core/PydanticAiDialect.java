package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import java.util.Map;

/**
 * Pydantic AI and Logfire. Agent runs repeat the sum of their calls; older versions name no
 * operation on them nor on tools.
 */
final class PydanticAiDialect implements Dialect {
  @Override
  public String name() {
    return "pydantic-ai";
  }

  @Override
  public boolean ownsScope(String scopeName) {
    return scopeName.equals("pydantic-ai")
        || scopeName.equals("logfire")
        || scopeName.startsWith("logfire.");
  }

  @Override
  public boolean recognises(Facts facts) {
    return facts.has(Attr.PYDANTIC_MESSAGES)
        || facts.has(Attr.PYDANTIC_MESSAGE_EVENTS)
        || facts.has(Attr.AGGREGATED_INPUT)
        || facts.has(Attr.LOGFIRE_SPAN_TYPE);
  }

  @Override
  public Map<Attr, Map<String, SpanKind>> kinds() {
    return Map.of();
  }
}
