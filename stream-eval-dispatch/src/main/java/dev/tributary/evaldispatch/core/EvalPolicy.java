package dev.tributary.evaldispatch.core;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which traces are evaluated by what, how often and for how much money.
 *
 * @param tenant organisation
 * @param id letters, digits, dot, dash, underscore
 * @param priority of two policies that ask for one evaluator the higher has the trace; jobs carry
 *     it
 * @param filter traces it is about
 * @param evaluators what looks at them; at least one, each name once
 * @param baseRate wished rate of traces of no stratum, for judges and people
 * @param floor rates are not lowered below it; at the ceiling dispatch stops instead
 * @param fastRate fixed rate of deterministic evaluators
 * @param strata traces with rates of their own; the first that fits
 * @param episodeBoost wished rates are multiplied by it while an episode is open on its traces
 * @param ceilingPerHour most that judging one team's traces may cost in a clock hour, ledger
 *     currency; null only where no evaluator costs
 * @param ceilingPerDay the same for a day, UTC; null: 24 times the hour's
 * @param hasSecondLook whether a later revision of a trace is evaluated once more, as a cause of
 *     its own
 */
public record EvalPolicy(
    String tenant,
    String id,
    int priority,
    TraceFilter filter,
    List<EvaluatorChoice> evaluators,
    double baseRate,
    double floor,
    double fastRate,
    List<Stratum> strata,
    double episodeBoost,
    @Nullable BigDecimal ceilingPerHour,
    @Nullable BigDecimal ceilingPerDay,
    boolean hasSecondLook) {

  /** Checks bounds; a message names the field. */
  public EvalPolicy {
    evaluators = List.copyOf(evaluators);
    strata = List.copyOf(strata);
    share("base_rate", baseRate);
    share("floor", floor);
    share("fast_rate", fastRate);
    if (floor > baseRate) {
      throw new IllegalArgumentException(
          "floor must not be above base_rate: " + floor + " > " + baseRate);
    }
    if (!(episodeBoost >= 1 && episodeBoost <= 100)) {
      throw new IllegalArgumentException("episode_boost must be 1 to 100: " + episodeBoost);
    }
    if (evaluators.isEmpty()) {
      throw new IllegalArgumentException("evaluators: at least one is expected");
    }
    unique("evaluators", evaluators.stream().map(EvaluatorChoice::name).toList());
    unique("strata", strata.stream().map(Stratum::name).toList());
    if (strata.stream().anyMatch(stratum -> stratum.name().equals(Stratum.REST))) {
      throw new IllegalArgumentException("strata: the name rest is kept for all other traces");
    }
    boolean hasCost = evaluators.stream().anyMatch(each -> each.mostCost().signum() > 0);
    if (hasCost && ceilingPerHour == null) {
      throw new IllegalArgumentException(
          "ceiling.per_hour is missing: evaluators that cost need a ceiling");
    }
    positive("ceiling.per_hour", ceilingPerHour);
    positive("ceiling.per_day", ceilingPerDay);
  }

  private static void share(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be 0 to 1: " + value);
    }
  }

  private static void positive(String name, @Nullable BigDecimal amount) {
    if (amount != null && amount.signum() <= 0) {
      throw new IllegalArgumentException(name + " must be above 0: " + amount.toPlainString());
    }
  }

  private static void unique(String name, List<String> values) {
    Set<String> seen = new HashSet<>();
    for (String value : values) {
      if (!seen.add(value)) {
        throw new IllegalArgumentException(name + ": stated twice: " + value);
      }
    }
  }

  /** Most that judging one trace by every evaluator on a ceiling costs, ledger currency. */
  public BigDecimal costPerTrace() {
    return evaluators.stream()
        .map(EvaluatorChoice::mostCost)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** The stratum of a trace. */
  public Stratum stratumOf(TraceFacts trace) {
    for (Stratum stratum : strata) {
      if (stratum.when().holds(trace)) {
        return stratum;
      }
    }
    return rest();
  }

  /** The stratum of that name; null: the policy has none, any more. */
  public @Nullable Stratum stratum(String name) {
    if (name.equals(Stratum.REST)) {
      return rest();
    }
    return strata.stream().filter(each -> each.name().equals(name)).findFirst().orElse(null);
  }

  private Stratum rest() {
    return new Stratum(Stratum.REST, baseRate, Stratum.When.ANY);
  }

  /** The evaluator of a name and route; null: the policy asks for none, any more. */
  public @Nullable EvaluatorChoice evaluator(String name, String route) {
    return evaluators.stream()
        .filter(each -> each.name().equals(name) && each.route().label().equals(route))
        .findFirst()
        .orElse(null);
  }

  /** Above this draw a trace of the stratum is never judged, whatever the controller does. */
  public double mostRate(Stratum stratum) {
    return Math.min(1, stratum.rate() * episodeBoost);
  }
}
