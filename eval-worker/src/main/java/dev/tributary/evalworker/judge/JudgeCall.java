package dev.tributary.evalworker.judge;

import dev.tributary.evalworker.core.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * One call of a judge that ended.
 *
 * @param model asked for
 * @param verdict what it says, or why it says nothing
 * @param answer what came back; null: nothing did
 * @param mayBeBilled whether it may have been paid for, though no answer came
 * @param startUs wall clock, microseconds since the epoch
 * @param endUs wall clock
 * @param isRetryable whether another attempt may succeed
 * @param retryAfterMs what the API asks to wait; 0: not stated
 */
public record JudgeCall(
    String model,
    Verdict verdict,
    @Nullable Answer answer,
    boolean mayBeBilled,
    long startUs,
    long endUs,
    boolean isRetryable,
    long retryAfterMs) {

  /**
   * An answer that was paid for.
   *
   * @param responseId null: not stated
   * @param model that answered; null: not stated
   * @param finishReason null: not stated
   * @param content null: none
   * @param inputTokens null: not stated; and so on
   */
  public record Answer(
      @Nullable String responseId,
      @Nullable String model,
      @Nullable String finishReason,
      @Nullable String content,
      @Nullable Long inputTokens,
      @Nullable Long cachedTokens,
      @Nullable Long outputTokens,
      @Nullable Long reasoningTokens) {}
}
