package dev.tributary.pricing.reconcile;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A bill against the ledger.
 *
 * @param estimated what the ledger has for the provider, repeated responses included; usage without
 *     a price adds nothing
 * @param covered billed usage of which the ledger has a price for at least a part
 * @param shift how much later than UTC the ledger's clock had to be read to get the bill's days
 * @param findings the difference by day, model, bucket and cause, in that order of days and causes;
 *     they add up to {@link #delta}
 */
public record Reconciliation(
    Bill bill, BigDecimal estimated, BigDecimal covered, Duration shift, List<Finding> findings) {

  /** Billed - estimated. */
  public BigDecimal delta() {
    return bill.total().subtract(estimated);
  }

  /** The difference by cause, in the order of causes. */
  public Map<Cause, BigDecimal> byCause() {
    Map<Cause, BigDecimal> sums = new EnumMap<>(Cause.class);
    findings.forEach(finding -> sums.merge(finding.cause(), finding.amount(), BigDecimal::add));
    return sums;
  }
}
