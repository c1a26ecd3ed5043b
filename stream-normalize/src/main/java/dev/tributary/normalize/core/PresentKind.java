package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import org.jspecify.annotations.Nullable;

/** The kind of a span that names none, from what is on it. */
final class PresentKind {
  private static final Attr[] OF_AGENT_RUN = {
    Attr.AGGREGATED_INPUT,
    Attr.AGGREGATED_OUTPUT,
    Attr.PYDANTIC_MESSAGES,
    Attr.PYDANTIC_MESSAGE_EVENTS,
    Attr.PYDANTIC_AGENT_NAME
  };

  private static final Attr[] OF_TOOL = {
    Attr.TOOL_NAME,
    Attr.TOOL_CALL_ID,
    Attr.TOOL_CALL_ID_FLAT,
    Attr.AI_TOOL_CALL_NAME,
    Attr.SPRING_TOOL_NAME,
    Attr.ADK_TOOL_ARGS,
    Attr.MCP_TOOL_NAME
  };

  /** With a model, any of these makes a call of it. */
  private static final Attr[] OF_CALL = {
    Attr.LANGFUSE_USAGE_DETAILS,
    Attr.LANGFUSE_MODEL,
    Attr.LANGSMITH_USAGE,
    Attr.MLFLOW_TOKEN_USAGE,
    Attr.PROVIDER_NAME,
    Attr.SYSTEM,
    Attr.LLM_SYSTEM,
    Attr.RESPONSE_ID,
    Attr.RESPONSE_FINISH_REASONS,
    Attr.RESPONSE_MODEL,
    Attr.ADK_LLM_REQUEST,
    Attr.INPUT_MESSAGES,
    Attr.PROMPT,
    Attr.LOGFIRE_RESPONSE
  };

  private PresentKind() {}

  /** The kind; null: nothing tells. */
  static @Nullable SpanKind of(Facts facts, boolean hasModel) {
    if (facts.has(Attr.MCP_METHOD_NAME)) {
      return SpanKind.MCP;
    }
    SpanKind database = VectorDatabaseDialect.kindOf(facts);
    if (database != null) {
      return database;
    }
    if (facts.has(Attr.STRANDS_CYCLE_ID)) {
      return SpanKind.STEP;
    }
    if (any(facts, OF_AGENT_RUN)) {
      return SpanKind.AGENT;
    }
    if (!hasModel) {
      return any(facts, OF_TOOL) ? SpanKind.TOOL : null;
    }
    if (facts.has(Attr.EMBEDDING_MODEL_NAME)) {
      return SpanKind.EMBEDDING;
    }
    if (facts.has(Attr.RERANKER_MODEL_NAME)) {
      return SpanKind.RERANK;
    }
    return hasUsage(facts) || any(facts, OF_CALL) ? SpanKind.LLM : null;
  }

  /** Whether tokens are counted on the span. */
  static boolean hasUsage(Facts facts) {
    return facts.number(Precedence.INPUT_TOKENS) != null
        || facts.number(Precedence.OUTPUT_TOKENS) != null;
  }

  private static boolean any(Facts facts, Attr[] attrs) {
    for (Attr attr : attrs) {
      if (facts.has(attr)) {
        return true;
      }
    }
    return false;
  }
}
