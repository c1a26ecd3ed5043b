package dev.tributary.evalworker.core;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Reads what a judge wrote. Whatever is not a score in bounds is a reason, never a 0. */
public final class JudgeAnswer {
  private JudgeAnswer() {}

  /**
   * The verdict of an answer.
   *
   * @param content the message's text; null: none
   * @param refusal the API's own field for a refusal; null: none
   * @param finishReason as the API states it; null: not stated
   */
  public static Verdict read(
      @Nullable String content, @Nullable String refusal, @Nullable String finishReason) {
    if ((refusal != null && !refusal.isBlank()) || "content_filter".equals(finishReason)) {
      return refused();
    }
    if ("length".equals(finishReason)) {
      return Verdict.failed(Verdict.Reason.ANSWER_TRUNCATED);
    }
    JsonNode answer = content == null ? null : MessageText.json(TextEvaluators.unfenced(content));
    if (answer == null || !answer.isObject()) {
      return Verdict.failed(Verdict.Reason.MALFORMED_ANSWER);
    }
    if (answer.path("judgeable").isBoolean() && !answer.path("judgeable").asBoolean()) {
      return refused();
    }
    JsonNode score = answer.path("score");
    if (!score.isNumber() || !answer.path("reasoning").isTextual()) {
      return Verdict.failed(Verdict.Reason.MALFORMED_ANSWER);
    }
    double value = score.asDouble();
    if (!(value >= 0 && value <= 1)) {
      return Verdict.failed(Verdict.Reason.VALUE_OUT_OF_RANGE);
    }
    return new Verdict.Scored(value, null, answer.get("reasoning").asText());
  }

  private static Verdict refused() {
    return new Verdict.NoScore(Verdict.Kind.REFUSED, Verdict.Reason.JUDGE_REFUSED);
  }
}
