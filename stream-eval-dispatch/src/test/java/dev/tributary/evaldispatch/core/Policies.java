package dev.tributary.evaldispatch.core;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Policies for tests of the core. */
final class Policies {
  static final Cell CELL = new Cell("default", "answers", "blue");
  static final BigDecimal COST = new BigDecimal("0.01");

  private Policies() {}

  static EvaluatorChoice judge() {
    return new EvaluatorChoice("faithfulness", "1", Route.JUDGE, COST, Map.of());
  }

  static EvalPolicy withCeiling(String perHour, double baseRate, double floor) {
    return new EvalPolicy(
        "default",
        "answers",
        0,
        TraceFilter.ALL,
        List.of(judge()),
        baseRate,
        floor,
        1,
        List.of(new Stratum("errors", 0.5, Stratum.When.ERRORS)),
        1,
        new BigDecimal(perHour),
        null,
        false);
  }
}
