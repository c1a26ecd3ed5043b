package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import java.util.Map;

/** Claude Code's own traces: bare names for counts, the kind in {@code span.type}. */
final class ClaudeCodeDialect implements Dialect {
  @Override
  public String name() {
    return "claude-code";
  }

  @Override
  public boolean ownsScope(String scopeName) {
    return scopeName.startsWith("com.anthropic.claude_code");
  }

  @Override
  public boolean recognises(Facts facts) {
    return facts.has(Attr.SPAN_TYPE)
        && (facts.has(Attr.BARE_INPUT_TOKENS) || facts.has(Attr.BARE_TOOL_NAME));
  }

  @Override
  public Map<Attr, Map<String, SpanKind>> kinds() {
    return Map.of(
        Attr.SPAN_TYPE,
        Map.of(
            "interaction", SpanKind.AGENT,
            "llm_request", SpanKind.LLM,
            "tool", SpanKind.TOOL,
            "tool.execution", SpanKind.STEP,
            "tool.blocked_on_user", SpanKind.STEP,
            "hook", SpanKind.STEP));
  }
}
