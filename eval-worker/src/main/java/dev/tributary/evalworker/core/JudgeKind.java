package dev.tributary.evalworker.core;

import java.util.Locale;
import java.util.Optional;

/** What a judge can be asked, and what of a case it needs. In all of them 1 is good. */
public enum JudgeKind {
  FAITHFULNESS(false, true, true, false),
  ANSWER_RELEVANCE(true, true, false, false),
  CONTEXT_PRECISION(true, false, true, false),
  CONTEXT_RECALL(true, true, true, false),
  COMPLETENESS(true, true, false, false),
  SAFETY(false, true, false, false),
  BIAS(false, true, false, false),
  TOOL_CHOICE(true, false, false, true),
  TASK_SUCCESS(true, true, false, false);

  private final boolean needsQuestion;
  private final boolean needsAnswer;
  private final boolean needsDocuments;
  private final boolean needsTools;

  JudgeKind(
      boolean needsQuestion, boolean needsAnswer, boolean needsDocuments, boolean needsTools) {
    this.needsQuestion = needsQuestion;
    this.needsAnswer = needsAnswer;
    this.needsDocuments = needsDocuments;
    this.needsTools = needsTools;
  }

  /** As policies and prompts spell it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind of an evaluator; empty: no judge of ours. */
  public static Optional<JudgeKind> of(String label) {
    for (JudgeKind kind : values()) {
      if (kind.label().equals(label)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** Whether the case holds what the judge needs. */
  boolean canJudge(EvalCase subject) {
    return (!needsQuestion || !subject.question().isBlank())
        && (!needsAnswer || !subject.answer().isBlank())
        && (!needsDocuments || !subject.documents().isEmpty())
        && (!needsTools || !subject.toolCalls().isEmpty());
  }
}
