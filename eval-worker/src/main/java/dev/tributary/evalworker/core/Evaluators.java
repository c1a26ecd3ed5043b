package dev.tributary.evalworker.core;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The deterministic evaluators by name. */
public final class Evaluators {
  private static final Map<String, Evaluator> BY_NAME =
      Map.ofEntries(
          Map.entry("json_schema", SchemaEvaluators::answer),
          Map.entry("tool_arguments", SchemaEvaluators::toolCalls),
          Map.entry("required_fields", TextEvaluators::requiredFields),
          Map.entry("regex", TextEvaluators::regex),
          Map.entry("citations", TextEvaluators::citations),
          Map.entry("refusal", TextEvaluators::refusal),
          Map.entry("length", TextEvaluators::length),
          Map.entry("language", TextEvaluators::language),
          Map.entry("latency", TextEvaluators::latency),
          Map.entry("grounding", GroundingEvaluators::grounding),
          Map.entry("retrieval_precision", GroundingEvaluators::precision),
          Map.entry("retrieval_recall", GroundingEvaluators::recall),
          Map.entry("pii", PiiEvaluator::evaluate));

  private Evaluators() {}

  /** Their names, sorted. */
  public static Set<String> names() {
    return new TreeSet<>(BY_NAME.keySet());
  }

  /**
   * Runs one.
   *
   * @param name the score's; the case's parameter {@code kind} names the evaluator where it differs
   */
  public static Verdict evaluate(String name, EvalCase subject) {
    String kind = subject.parameter("kind", name);
    Evaluator evaluator = BY_NAME.get(kind);
    if (evaluator == null) {
      return Verdict.failed(Verdict.Reason.UNKNOWN_EVALUATOR);
    }
    boolean needsAll = kind.equals("json_schema") || kind.equals("required_fields");
    if (subject.isTruncated() && needsAll) {
      return Verdict.failed(Verdict.Reason.CONTENT_TRUNCATED);
    }
    try {
      return evaluator.evaluate(subject);
    } catch (InvalidParametersException e) {
      return Verdict.failed(Verdict.Reason.INVALID_PARAMETERS);
    } catch (StackOverflowError e) {
      // A pattern or schema that recurs over a long answer: the next worker would die of it, too.
      return Verdict.failed(Verdict.Reason.INVALID_PARAMETERS);
    }
  }
}
