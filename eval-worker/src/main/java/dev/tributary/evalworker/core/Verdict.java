package dev.tributary.evalworker.core;

import org.jspecify.annotations.Nullable;

/** What an evaluator says: a score, or why there is none. Never a 0 for a failure. */
public sealed interface Verdict {

  /**
   * A score.
   *
   * @param value 0 to 1
   * @param label low cardinality; null: none
   * @param explanation one sentence; empty: none. May quote content, so it stays on the content
   *     plane
   */
  record Scored(double value, @Nullable String label, String explanation) implements Verdict {
    /** Checks the bounds. */
    public Scored {
      if (!(value >= 0 && value <= 1)) {
        throw new IllegalArgumentException("a score is 0 to 1: " + value);
      }
    }
  }

  /**
   * No score.
   *
   * @param kind how it ended
   * @param reason code, never content
   */
  record NoScore(Kind kind, Reason reason) implements Verdict {}

  /** How an evaluation without a score ended. */
  enum Kind {
    /** Something did not work. */
    FAILED,
    /** Too late, or the content is gone. */
    EXPIRED,
    /** The judge would not. */
    REFUSED
  }

  /** Why there is no score. */
  enum Reason {
    /** Nobody knows an evaluator of this name. */
    UNKNOWN_EVALUATOR,
    /** The policy's parameters do not fit the evaluator. */
    INVALID_PARAMETERS,
    /** The job was not begun before its deadline. */
    DEADLINE,
    /** The worker died with the job begun: asking again could judge it twice. */
    INTERRUPTED,
    /** No content came for the trace. */
    CONTENT_MISSING,
    /** The content was erased. */
    CONTENT_ERASED,
    /** The workspace's policy keeps no text. */
    CONTENT_NOT_KEPT,
    /** A text was cut, and the evaluator needs all of it. */
    CONTENT_TRUNCATED,
    /** The trace holds nothing of the kind that the evaluator looks at. */
    NOTHING_TO_JUDGE,
    /** No label says what would be right. */
    NO_LABELS,
    /** No judge is configured. */
    NO_JUDGE,
    /** The judge could not be reached, or failed, to the end of the retries. */
    JUDGE_UNAVAILABLE,
    /** The judge did not answer in time, to the end of the retries. */
    JUDGE_TIMEOUT,
    /** The judge's rate limit held to the end of the retries. */
    JUDGE_RATE_LIMITED,
    /** The judge's API refused the request: key, model or size. */
    JUDGE_REQUEST_REFUSED,
    /** The judge's answer is not the JSON asked for. */
    MALFORMED_ANSWER,
    /** The judge's value is out of bounds. */
    VALUE_OUT_OF_RANGE,
    /** The judge's answer was cut. */
    ANSWER_TRUNCATED,
    /** The judge refused to judge. */
    JUDGE_REFUSED
  }

  /** A failure. */
  static Verdict failed(Reason reason) {
    return new NoScore(Kind.FAILED, reason);
  }

  /** Pass or fail. */
  static Verdict passed(boolean isPassed, String explanation) {
    return new Scored(isPassed ? 1 : 0, isPassed ? "pass" : "fail", explanation);
  }
}
