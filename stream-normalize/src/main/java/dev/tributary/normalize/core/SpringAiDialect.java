package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import java.util.Map;
import java.util.Set;

/**
 * Spring AI through Micrometer: all values are text; {@code framework} spans tell what they are in
 * {@code spring.ai.kind}.
 */
final class SpringAiDialect implements Dialect {
  @Override
  public String name() {
    return "spring-ai";
  }

  @Override
  public boolean ownsScope(String scopeName) {
    return scopeName.startsWith("org.springframework.ai");
  }

  @Override
  public boolean recognises(Facts facts) {
    return facts.has(Attr.SPRING_KIND);
  }

  @Override
  public Map<Attr, Map<String, SpanKind>> kinds() {
    return Map.of(
        Attr.SPRING_KIND,
        Map.ofEntries(
            Map.entry("advisor", SpanKind.STEP),
            Map.entry("chat_client", SpanKind.STEP),
            Map.entry("tool_call", SpanKind.TOOL)),
        Attr.OPERATION_NAME,
        Map.ofEntries(Map.entry("framework", SpanKind.STEP)));
  }

  @Override
  public Map<Attr, Set<String>> vague() {
    return Map.of(Attr.OPERATION_NAME, Set.of("framework"));
  }
}
