package dev.tributary.pricing.reconcile;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One line of a bill.
 *
 * @param day billing day, in whatever zone the provider has
 * @param project the provider's project or workspace; null: not stated
 * @param model canonical model; null: the line names none that is known
 * @param bucket what was used; null: the line names none that is known
 * @param tier class of service; null: not stated
 * @param quantity units billed; null: not stated
 * @param amount what was billed, in the ledger's currency; negative for what is given back
 * @param description the provider's own words
 */
public record BilledLine(
    LocalDate day,
    @Nullable String project,
    Charge charge,
    @Nullable String model,
    @Nullable Bucket bucket,
    @Nullable ServiceTier tier,
    @Nullable BigDecimal quantity,
    BigDecimal amount,
    String description) {

  /** The same charge on another day. */
  public BilledLine on(LocalDate other) {
    return new BilledLine(
        other, project, charge, model, bucket, tier, quantity, amount, description);
  }

  /** Whether it gives usage back that an earlier bill charged. */
  boolean isTakenBack() {
    return charge == Charge.USAGE && amount.signum() < 0;
  }

  /** Whether it can be matched with calls. */
  boolean isMatchable() {
    return charge == Charge.USAGE && model != null && bucket != null && !isTakenBack();
  }
}
