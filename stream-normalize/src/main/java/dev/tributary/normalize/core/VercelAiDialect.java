package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import java.util.Map;

/**
 * Vercel's AI SDK. The {@code do*} spans are the calls; the spans around them repeat their sums and
 * are steps. The scope is called {@code ai} and has no version; since version 7 it may be {@code
 * gen_ai}, which writes the conventions' names.
 */
final class VercelAiDialect implements Dialect {
  @Override
  public String name() {
    return "vercel-ai";
  }

  @Override
  public boolean ownsScope(String scopeName) {
    return scopeName.equals("ai") || scopeName.equals("gen_ai");
  }

  @Override
  public boolean recognises(Facts facts) {
    return facts.has(Attr.AI_OPERATION_ID);
  }

  @Override
  public Map<Attr, Map<String, SpanKind>> kinds() {
    return Map.of(
        Attr.OPERATION_NAME,
        Map.of("agent_step", SpanKind.STEP),
        Attr.AI_OPERATION_ID,
        Map.ofEntries(
            Map.entry("ai.generatetext", SpanKind.STEP),
            Map.entry("ai.streamtext", SpanKind.STEP),
            Map.entry("ai.generateobject", SpanKind.STEP),
            Map.entry("ai.streamobject", SpanKind.STEP),
            Map.entry("ai.embed", SpanKind.STEP),
            Map.entry("ai.embedmany", SpanKind.STEP),
            Map.entry("ai.rerank", SpanKind.STEP),
            Map.entry("ai.generatetext.dogenerate", SpanKind.LLM),
            Map.entry("ai.streamtext.dostream", SpanKind.LLM),
            Map.entry("ai.generateobject.dogenerate", SpanKind.LLM),
            Map.entry("ai.streamobject.dostream", SpanKind.LLM),
            Map.entry("ai.embed.doembed", SpanKind.EMBEDDING),
            Map.entry("ai.embedmany.doembed", SpanKind.EMBEDDING),
            Map.entry("ai.rerank.dorerank", SpanKind.RERANK),
            Map.entry("ai.toolcall", SpanKind.TOOL)));
  }
}
