package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import java.util.Map;
import java.util.Set;

/** Laminar: GenAI names with {@code lmnr.*} beside them. A cached span spent nothing. */
final class LaminarDialect implements Dialect {
  @Override
  public String name() {
    return "laminar";
  }

  @Override
  public boolean ownsScope(String scopeName) {
    return scopeName.startsWith("lmnr") || scopeName.startsWith("@lmnr");
  }

  @Override
  public boolean recognises(Facts facts) {
    return facts.has(Attr.LMNR_SPAN_TYPE);
  }

  @Override
  public Map<Attr, Map<String, SpanKind>> kinds() {
    return Map.of(
        Attr.LMNR_SPAN_TYPE,
        Map.ofEntries(
            Map.entry("llm", SpanKind.LLM),
            Map.entry("tool", SpanKind.TOOL),
            Map.entry("pipeline", SpanKind.WORKFLOW),
            Map.entry("executor", SpanKind.STEP),
            Map.entry("evaluator", SpanKind.EVALUATOR),
            Map.entry("human_evaluator", SpanKind.EVALUATOR),
            Map.entry("evaluation", SpanKind.STEP),
            Map.entry("cached", SpanKind.OTHER),
            Map.entry("default", SpanKind.STEP)));
  }

  @Override
  public Map<Attr, Set<String>> vague() {
    return Map.of(Attr.LMNR_SPAN_TYPE, Set.of("default"));
  }
}
