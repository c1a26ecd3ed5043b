package dev.tributary.cost.core;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a budget stands: a pure function of its spend in the period, and so of the ledger.
 *
 * @param spend spend in the period so far
 * @param forecast null: none can be given, or the period rolls
 */
public record BudgetState(
    Budget budget, BudgetPeriod period, SpendSums spend, @Nullable BudgetForecast forecast) {

  /** Thresholds reached, percent, ascending. */
  public List<Integer> reached() {
    return budget.thresholds().stream()
        .filter(threshold -> budget.isReached(spend.cost(), threshold))
        .toList();
  }

  /** True where the whole amount is spent. */
  public boolean isExhausted() {
    return budget.isReached(spend.cost(), 100);
  }

  /** Spend in percent of the amount, two digits, for reading. */
  public BigDecimal percent() {
    return spend.cost().movePointRight(2).divide(budget.amount(), 2, RoundingMode.HALF_EVEN);
  }

  /** {@code critical}: all is spent; {@code warning}: a threshold is reached; else {@code info}. */
  public String severity() {
    if (isExhausted()) {
      return "critical";
    }
    return reached().isEmpty() ? "info" : "warning";
  }

  /** True where the whole amount is expected to be spent at the period's end, and is not yet. */
  public boolean isForecastBeyond() {
    return forecast != null && !isExhausted() && budget.isReached(forecast.expected(), 100);
  }
}
