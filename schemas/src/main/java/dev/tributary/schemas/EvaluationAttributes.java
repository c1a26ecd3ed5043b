package dev.tributary.schemas;

/**
 * Names of events about a call that is over: its evaluation and its failure; as log records or span
 * events. Convention: {@link GenAiAttributes#CONVENTION_VERSION}.
 */
public final class EvaluationAttributes {
  /** Event: an evaluator's result. */
  public static final String RESULT_EVENT = "gen_ai.evaluation.result";

  /** Name of the event where a log record has no field for it. */
  public static final String EVENT_NAME = "event.name";

  public static final String NAME = "gen_ai.evaluation.name";
  public static final String SCORE_VALUE = "gen_ai.evaluation.score.value";
  public static final String SCORE_LABEL = "gen_ai.evaluation.score.label";
  public static final String EXPLANATION = "gen_ai.evaluation.explanation";

  /** Who scored: {@code evaluator}, {@code user}, {@code human} or {@code business}. */
  public static final String TRIBUTARY_SOURCE = "tributary.score.source";

  /** Which end is good: {@code higher} or {@code lower}. */
  public static final String TRIBUTARY_DIRECTION = "tributary.score.direction";

  /** Money of a business outcome, ledger currency, a decimal number. */
  public static final String TRIBUTARY_AMOUNT = "tributary.score.amount";

  /** What the score is about where nothing else says it: a session's id. */
  public static final String TRIBUTARY_SESSION = "tributary.score.session_id";

  private EvaluationAttributes() {}
}
