package dev.tributary.pricing.reconcile;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger has of one price bucket within a short time; a call or the sum of many.
 *
 * @param provider who bills; a surface of the ledger
 * @param at when; sums are of no more than a quarter of an hour, because the zones of days differ
 *     by as little
 * @param project the provider's project or workspace; null: not known
 * @param model canonical model, or the name that telemetry has where no card is known
 * @param quantity units; at least 0
 * @param cost what the ledger has for them, in its currency; null: no price is known
 * @param isRepeated the response was reported before; this is the second report
 */
public record EstimatedUsage(
    String provider,
    Instant at,
    @Nullable String project,
    String model,
    Bucket bucket,
    ServiceTier tier,
    long quantity,
    @Nullable BigDecimal cost,
    boolean isRepeated) {
  public EstimatedUsage {
    if (quantity < 0) {
      throw new IllegalArgumentException("a quantity must not be negative: " + quantity);
    }
  }
}
