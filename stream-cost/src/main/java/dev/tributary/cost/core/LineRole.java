package dev.tributary.cost.core;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.SpanKind;
import java.util.EnumSet;
import java.util.Set;

/** What a ledger line, or a score, tells windows about; a line may have several roles, or none. */
public enum LineRole {
  /** An llm, embedding or rerank span, or anything that carries usage, cost or a call. */
  CALL,
  /** A tool or MCP span. */
  TOOL,
  /** A retrieval. */
  RETRIEVAL,
  /** A guardrail. */
  GUARDRAIL,
  /** A closed trace: the ledger's item {@code trace}. */
  TRACE,
  /** No line but a score: what somebody or something thought of a span, trace or session. */
  SCORE;

  /** Every role. */
  static final int ALL = (1 << values().length) - 1;

  @SuppressWarnings("EnumOrdinal") // masks live as long as a record is read
  int bit() {
    return 1 << ordinal();
  }

  static int mask(Set<LineRole> roles) {
    int mask = 0;
    for (LineRole role : roles) {
      mask |= role.bit();
    }
    return mask;
  }

  static Set<LineRole> ofMask(int mask) {
    Set<LineRole> roles = EnumSet.noneOf(LineRole.class);
    for (LineRole role : values()) {
      if ((mask & role.bit()) != 0) {
        roles.add(role);
      }
    }
    return roles;
  }

  /**
   * The roles of a line, as a mask of {@link #bit()}. 0: the line (a step, a workflow, an agent
   * whose calls own the usage) tells windows nothing.
   */
  static int rolesOf(LedgerLine line) {
    SpanKind kind = line.getSpanKind();
    int roles =
        switch (kind) {
          case LLM, EMBEDDING, RERANK -> CALL.bit();
          case TOOL, MCP -> TOOL.bit();
          case RETRIEVAL -> RETRIEVAL.bit();
          case GUARDRAIL -> GUARDRAIL.bit();
          case AGENT, STEP, EVALUATOR, WORKFLOW, OTHER -> 0;
        };
    if (line.getTrace() != null) {
      roles |= TRACE.bit();
    }
    if (line.getUsage() != null || line.getCost() != null || line.getCalls() != 0) {
      roles |= CALL.bit();
    }
    return roles;
  }
}
