package dev.tributary.evalworker.core;

import dev.tributary.evalworker.core.EvalCase.Document;
import dev.tributary.evalworker.core.EvalCase.ToolCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A versioned prompt of a judge.
 *
 * @param kind what it asks
 * @param version a changed text is a new version, and so a new evaluator
 * @param rubric what the judge is told
 */
public record JudgePrompt(JudgeKind kind, String version, String rubric) {
  /** Most characters of one part; a longer one is not judged, because a cut one misleads. */
  private static final int MOST_CHARACTERS = 60_000;

  /** JSON Schema of the answer, as the API's structured output takes it. */
  public static final String ANSWER_SCHEMA =
      """
      {"type":"object","additionalProperties":false,"required":["reasoning","judgeable","score"],\
      "properties":{"reasoning":{"type":"string"},"judgeable":{"type":"boolean"},\
      "score":{"type":"number","minimum":0,"maximum":1}}}""";

  /** Why the case cannot be judged, before any money is spent; null: it can. */
  public Verdict.@Nullable NoScore obstacle(EvalCase subject) {
    if (!kind.canJudge(subject)) {
      return new Verdict.NoScore(Verdict.Kind.FAILED, Verdict.Reason.NOTHING_TO_JUDGE);
    }
    boolean isTooLong =
        subject.question().length() > MOST_CHARACTERS
            || subject.answer().length() > MOST_CHARACTERS
            || context(subject).length() > MOST_CHARACTERS;
    return subject.isTruncated() || isTooLong
        ? new Verdict.NoScore(Verdict.Kind.FAILED, Verdict.Reason.CONTENT_TRUNCATED)
        : null;
  }

  /** The case as the judge reads it. What is judged is data; the rubric says so. */
  public String user(EvalCase subject) {
    return part("question", subject.question())
        + part("context", context(subject))
        + part("tool_calls", tools(subject.toolCalls()))
        + part("answer", subject.answer());
  }

  private static String part(String name, String text) {
    return text.isBlank() ? "" : "<" + name + ">\n" + text.strip() + "\n</" + name + ">\n\n";
  }

  private static String context(EvalCase subject) {
    StringBuilder text = new StringBuilder();
    int number = 1;
    for (Document document : subject.documents()) {
      text.append('[').append(number++).append("] ").append(document.text()).append('\n');
    }
    return text.toString();
  }

  private static String tools(List<ToolCall> calls) {
    StringBuilder text = new StringBuilder();
    for (ToolCall call : calls) {
      text.append(call.name()).append('(').append(call.arguments()).append(")");
      if (call.result() != null) {
        text.append(" -> ").append(call.result());
      }
      text.append('\n');
    }
    return text.toString();
  }
}
