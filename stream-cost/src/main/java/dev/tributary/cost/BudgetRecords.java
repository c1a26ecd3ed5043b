package dev.tributary.cost;

import dev.tributary.cost.core.Budget;
import dev.tributary.cost.core.BudgetForecast;
import dev.tributary.cost.core.BudgetPeriod;
import dev.tributary.cost.core.BudgetState;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Signal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** States of budgets as records. */
final class BudgetRecords {
  /** Kind of signals, and of their clearing. */
  static final String SIGNAL = "budget";

  /** A threshold was reached for the first time in a period. */
  static final String CROSSED = "budget_crossed";

  /** A crossing that was told is no longer one, or one again: nobody is to be alerted anew. */
  static final String AMENDED = "budget_amended";

  /** The whole amount is expected to be spent before the period ends. */
  static final String FORECAST = "budget_forecast";

  /** In the place of a threshold: the forecast reaches the amount. */
  static final int FORECAST_THRESHOLD = 0;

  private BudgetRecords() {}

  /**
   * The state for gateways.
   *
   * @param sinceUs when its highest threshold was reached; the period's start where none is
   */
  static Signal signal(BudgetState state, long sinceUs) {
    Map<String, String> detail = facts(state.budget(), state.period());
    detail.put("percent", state.percent().toPlainString());
    detail.put("calls", Long.toString(state.spend().calls()));
    detail.put("unpriced_calls", unpricedCalls(state));
    detail.put(
        "reached", state.reached().stream().map(String::valueOf).collect(Collectors.joining(",")));
    BudgetForecast forecast = state.forecast();
    if (forecast != null) {
      detail.put("forecast", forecast.expected().toPlainString());
      detail.put("forecast_weeks", Integer.toString(forecast.weeks()));
      if (forecast.low() != null && forecast.high() != null) {
        detail.put("forecast_low", forecast.low().toPlainString());
        detail.put("forecast_high", forecast.high().toPlainString());
      }
    }
    return Signal.newBuilder()
        .setTenant(state.budget().tenant())
        .setScope(BudgetReader.subject(state.budget().id()))
        .setKind(SIGNAL)
        .setActive(!state.reached().isEmpty())
        .setSeverity(state.severity())
        .setValue(state.spend().cost())
        .setLimit(state.budget().amount())
        .setSinceUs(sinceUs)
        .setDetail(detail)
        .build();
  }

  /** The last signal of a budget that is no longer in force. */
  static Signal withdrawn(String tenant, String id, long nowUs) {
    return Signal.newBuilder()
        .setTenant(tenant)
        .setScope(BudgetReader.subject(id))
        .setKind(SIGNAL)
        .setActive(false)
        .setSeverity("info")
        .setSinceUs(nowUs)
        .setDetail(Map.of("withdrawn", "true"))
        .build();
  }

  /**
   * A crossing, or what became of it.
   *
   * @param atUs when, event time
   * @param crossing what is remembered of it from now on
   * @param isLate whether the period was over
   */
  static Event event(
      String kind,
      BudgetState state,
      int threshold,
      long atUs,
      BudgetStores.Crossing crossing,
      boolean isLate) {
    Budget budget = state.budget();
    Map<String, String> detail = facts(budget, state.period());
    detail.put("limit", budget.amount().toPlainString());
    detail.put("percent", state.percent().toPlainString());
    detail.put("unpriced_calls", unpricedCalls(state));
    detail.put("crossed", Boolean.toString(crossing.isCrossed()));
    detail.put("late", Boolean.toString(isLate));
    if (crossing.amendments() > 0) {
      detail.put("amendment", Integer.toString(crossing.amendments()));
    }
    BudgetForecast forecast = state.forecast();
    if (threshold != FORECAST_THRESHOLD) {
      detail.put("threshold", Integer.toString(threshold));
    } else if (forecast != null) {
      detail.put("forecast", forecast.expected().toPlainString());
    }
    return Event.newBuilder()
        .setTenant(budget.tenant())
        .setEventId(eventId(kind, state, threshold, atUs, crossing.amendments()))
        .setKind(kind)
        .setSubject(BudgetReader.subject(budget.id()))
        .setEnvironment(budget.environment())
        .setDimensions(Map.of(budget.scope().label(), budget.value()))
        .setEventTimeUs(atUs)
        .setAmount(state.spend().cost())
        .setDetail(detail)
        .build();
  }

  private static Map<String, String> facts(Budget budget, BudgetPeriod period) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("budget", budget.id());
    facts.put("scope", budget.scope().label() + '=' + budget.value());
    facts.put("period", budget.cycle().label());
    if (!period.isRolling()) {
      facts.put("zone", budget.zone().getId());
      facts.put("period_start", instant(period.startUs()));
      facts.put("period_end", instant(period.endUs()));
    }
    return facts;
  }

  /** Below 0 where a retraction takes back what an older version did not count. */
  private static String unpricedCalls(BudgetState state) {
    return Long.toString(Math.max(0, state.spend().unpricedCalls()));
  }

  private static String instant(long us) {
    return Instant.EPOCH.plus(us, ChronoUnit.MICROS).toString();
  }

  /**
   * Of a calendar period the first crossing, and each amendment of it, is the same event whenever
   * and wherever it is found.
   */
  private static String eventId(
      String kind, BudgetState state, int threshold, long atUs, int amendments) {
    boolean isOfPeriod = !kind.equals(FORECAST) && !state.period().isRolling();
    List<String> parts =
        new ArrayList<>(
            List.of(
                kind,
                state.budget().identity(),
                Long.toString(isOfPeriod ? state.period().startUs() : atUs),
                Integer.toString(threshold)));
    if (amendments > 0) {
      parts.add(Integer.toString(amendments));
    }
    String text = String.join("|", parts);
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
