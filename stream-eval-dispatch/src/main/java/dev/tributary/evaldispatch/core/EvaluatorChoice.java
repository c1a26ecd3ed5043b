package dev.tributary.evaldispatch.core;

import java.math.BigDecimal;
import java.util.Map;

/**
 * An evaluator that a policy asks for.
 *
 * @param name as in scores, such as {@code faithfulness}
 * @param version a trace is judged once per name and version
 * @param route who takes its jobs
 * @param mostCost most that one job may cost, ledger currency, all attempts and votes together; it
 *     is reserved at dispatch; 0 on the route {@code fast}
 * @param parameters handed to the evaluator; no content
 */
public record EvaluatorChoice(
    String name, String version, Route route, BigDecimal mostCost, Map<String, String> parameters) {

  /** Checks bounds. */
  public EvaluatorChoice {
    parameters = Map.copyOf(parameters);
    if (mostCost.signum() < 0) {
      throw new IllegalArgumentException(
          "evaluator " + name + ": cost must not be negative: " + mostCost.toPlainString());
    }
    if (route == Route.JUDGE && mostCost.signum() == 0) {
      throw new IllegalArgumentException(
          "evaluator " + name + ": a judge needs a cost above 0, the most that one job may cost");
    }
  }

  /** Name and version: what a trace is judged by once. */
  public String key() {
    return name + "|" + version;
  }
}
