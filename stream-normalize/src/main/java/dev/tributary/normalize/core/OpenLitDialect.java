package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import java.util.Map;
import java.util.Set;

/** OpenLIT: GenAI names, with operations of its own for frameworks and databases. */
final class OpenLitDialect implements Dialect {
  @Override
  public String name() {
    return "openlit";
  }

  @Override
  public boolean ownsScope(String scopeName) {
    return scopeName.startsWith("openlit");
  }

  @Override
  public boolean recognises(Facts facts) {
    return false;
  }

  @Override
  public Map<Attr, Map<String, SpanKind>> kinds() {
    return Map.of(
        Attr.OPERATION_NAME,
        Map.ofEntries(
            Map.entry("image", SpanKind.LLM),
            Map.entry("audio", SpanKind.LLM),
            Map.entry("translate", SpanKind.LLM),
            Map.entry("speech_to_text", SpanKind.LLM),
            Map.entry("text_to_speech", SpanKind.LLM),
            Map.entry("transliterate", SpanKind.LLM),
            Map.entry("language_identification", SpanKind.LLM),
            Map.entry("speech_to_text_translate", SpanKind.LLM),
            Map.entry("execute_task", SpanKind.STEP),
            Map.entry("user_prompt_processing", SpanKind.STEP),
            Map.entry("model_request", SpanKind.STEP),
            Map.entry("tool_coordination", SpanKind.STEP),
            Map.entry("agent", SpanKind.STEP),
            Map.entry("task", SpanKind.STEP),
            Map.entry("execution", SpanKind.STEP),
            Map.entry("vectordb", SpanKind.STEP)));
  }

  @Override
  public Map<Attr, Set<String>> vague() {
    return Map.of(Attr.OPERATION_NAME, Set.of("vectordb"));
  }
}
