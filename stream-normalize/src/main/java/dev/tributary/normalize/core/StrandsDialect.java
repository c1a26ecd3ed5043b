package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import java.util.Map;

/**
 * Strands Agents and AgentCore: old and new names side by side with the same numbers, agents and
 * cycles above the calls.
 */
final class StrandsDialect implements Dialect {
  static final String NAME = "strands";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean ownsScope(String scopeName) {
    return scopeName.startsWith("strands.");
  }

  @Override
  public boolean recognises(Facts facts) {
    return facts.has(Attr.STRANDS_CYCLE_ID);
  }

  @Override
  public Map<Attr, Map<String, SpanKind>> kinds() {
    return Map.of(
        Attr.OPERATION_NAME,
        Map.ofEntries(
            Map.entry("execute_event_loop_cycle", SpanKind.STEP),
            Map.entry("invoke_swarm", SpanKind.WORKFLOW),
            Map.entry("invoke_graph", SpanKind.WORKFLOW)));
  }
}
