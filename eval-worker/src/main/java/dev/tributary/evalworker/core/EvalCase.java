package dev.tributary.evalworker.core;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluator looks at.
 *
 * @param traceId the trace
 * @param question the last thing the user said; empty: none found
 * @param answer what came out at the end; empty: none found
 * @param documents retrieved documents
 * @param toolCalls calls of tools
 * @param labels attributes of the trace's spans that may hold labels
 * @param isTruncated whether a text of it was cut
 * @param parameters of the policy, and the trace's own facts
 */
public record EvalCase(
    String traceId,
    String question,
    String answer,
    List<Document> documents,
    List<ToolCall> toolCalls,
    Map<String, String> labels,
    boolean isTruncated,
    Map<String, String> parameters) {

  /** Copies the collections. */
  public EvalCase {
    documents = List.copyOf(documents);
    toolCalls = List.copyOf(toolCalls);
    labels = Map.copyOf(labels);
    parameters = Map.copyOf(parameters);
  }

  /**
   * A retrieved document.
   *
   * @param id null: not stated
   */
  public record Document(@Nullable String id, String text) {}

  /**
   * A call of a tool.
   *
   * @param arguments JSON as stated
   * @param definition JSON schema of its arguments; null: the trace holds none
   * @param result null: none
   */
  public record ToolCall(
      String name, String arguments, @Nullable String definition, @Nullable String result) {}

  /** A parameter; null: not given. */
  public @Nullable String parameter(String name) {
    return parameters.get(name);
  }

  /** A parameter, or what stands where it is not given. */
  public String parameter(String name, String absent) {
    return parameters.getOrDefault(name, absent);
  }

  /**
   * A number among the parameters.
   *
   * @throws InvalidParametersException where it is no number
   */
  double number(String name, double absent) {
    String text = parameters.get(name);
    if (text == null) {
      return absent;
    }
    try {
      return new BigDecimal(text.strip()).doubleValue();
    } catch (NumberFormatException e) {
      throw new InvalidParametersException(name + ": a number is expected", e);
    }
  }

  /** A parameter that must be given. */
  String need(String name) {
    String text = parameters.get(name);
    if (text == null || text.isBlank()) {
      throw new InvalidParametersException(name + " is missing", null);
    }
    return text;
  }
}
