package dev.tributary.alertrouter.core;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a team spent on a day. Amounts are in the ledger's currency, known prices only.
 *
 * @param tenant organisation
 * @param team the team
 * @param day in UTC
 * @param cost what it spent; null: nothing has a price
 * @param calls its calls
 * @param unpricedCalls those without a price: the cost is a lower bound wherever this is not 0
 * @param dayBefore cost of the day before; null: nothing known
 * @param weekBefore cost of the same day a week before; null: nothing known
 * @param dearest dearest features, dearest first
 * @param episodes episodes that were open on the day
 * @param moneyAboveBaseline money above the baseline of those; null: none is money
 */
public record DaySummary(
    String tenant,
    String team,
    LocalDate day,
    @Nullable BigDecimal cost,
    long calls,
    long unpricedCalls,
    @Nullable BigDecimal dayBefore,
    @Nullable BigDecimal weekBefore,
    List<FeatureCost> dearest,
    long episodes,
    @Nullable BigDecimal moneyAboveBaseline) {

  /**
   * What a feature cost.
   *
   * @param feature the feature
   * @param cost ledger currency
   */
  public record FeatureCost(String feature, BigDecimal cost) {}

  /** Copies the list. */
  public DaySummary {
    dearest = List.copyOf(dearest);
  }

  /** Its idempotency key: one a team and day. */
  public String id() {
    return id(tenant, team, day);
  }

  /** The key of a team's day. */
  public static String id(String tenant, String team, LocalDate day) {
    return "summary|" + tenant + "|" + team + "|" + day;
  }
}
