package dev.tributary.cost.core;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What somebody may spend in a period.
 *
 * @param id name, unique within the tenant
 * @param scope what the money is counted by, as {@link SpendScope} names it
 * @param value whose money it is: the value of the scope
 * @param environment only this environment; null: all
 * @param cycle how periods follow each other
 * @param zone the days of this time zone; means nothing for a rolling period
 * @param amount the budget, ledger currency; above 0
 * @param thresholds percent of the amount at which somebody wants to know; ascending
 * @param fromUs valid from (inclusive), microseconds since the epoch; null: always
 * @param untilUs valid until (exclusive); null: open
 */
public record Budget(
    String tenant,
    String id,
    SpendScope scope,
    String value,
    @Nullable String environment,
    BudgetCycle cycle,
    ZoneId zone,
    BigDecimal amount,
    List<Integer> thresholds,
    @Nullable Long fromUs,
    @Nullable Long untilUs) {
  /** Thresholds of a budget that names none, percent. */
  public static final List<Integer> DEFAULT_THRESHOLDS = List.of(50, 80, 100);

  private static final int MOST_PERCENT = 1_000;

  /** Checks the amounts. */
  public Budget {
    if (amount.signum() <= 0) {
      throw new IllegalArgumentException("amount must be above 0: " + amount);
    }
    thresholds = List.copyOf(new TreeSet<>(thresholds));
    if (thresholds.isEmpty()
        || thresholds.get(0) < 1
        || thresholds.get(thresholds.size() - 1) > MOST_PERCENT) {
      throw new IllegalArgumentException(
          "thresholds must be percent from 1 to " + MOST_PERCENT + ": " + thresholds);
    }
  }

  /** The key of its spend, without the environment. */
  public String spendKey() {
    return Series.spend(tenant, scope.label(), value);
  }

  /**
   * What it counts, over which cycle and up to how much, beside its name: with another of these it
   * is another budget to be warned of.
   */
  public String identity() {
    String spend =
        environment == null ? spendKey() : Series.spend(tenant, scope.label(), value, environment);
    return String.join("|", id, cycle.label(), amount.toPlainString(), spend);
  }

  /** True where it is valid at a time. */
  public boolean isValidAt(long timeUs) {
    return (fromUs == null || fromUs <= timeUs) && (untilUs == null || timeUs < untilUs);
  }

  /** True where it is valid at any time of a period. */
  public boolean isValidWithin(BudgetPeriod period) {
    return (fromUs == null || fromUs < period.endUs())
        && (untilUs == null || period.startUs() < untilUs);
  }

  /** The period that a time lies in. */
  public BudgetPeriod periodAt(long timeUs) {
    return cycle.at(timeUs, zone);
  }

  /** True where so much money reaches a threshold. */
  public boolean isReached(BigDecimal spent, int threshold) {
    return spent.movePointRight(2).compareTo(amount.multiply(BigDecimal.valueOf(threshold))) >= 0;
  }
}
