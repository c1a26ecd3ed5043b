package dev.tributary.pricing.reconcile;

import dev.tributary.pricing.ServiceTier;
import java.math.BigDecimal;
import java.util.Map;

/** Classes of service at half the price, where the bill or telemetry names them. */
final class TierWords {
  private static final BigDecimal HALF = new BigDecimal("0.5");

  private TierWords() {}

  /**
   * Whether batch and flex at half the price explain the cell: by the tiers that the bill states
   * where telemetry has all the units as one, or by those that telemetry states where the ledger
   * priced all alike.
   */
  static boolean explain(Cell cell, Precision precision) {
    if (!cell.hasOnePrice()) {
      return false;
    }
    long atHalf = 0;
    for (Map.Entry<ServiceTier, Long> tier : cell.pricedByTier().entrySet()) {
      atHalf += isHalfPrice(tier.getKey()) ? tier.getValue() : 0;
    }
    BigDecimal units =
        BigDecimal.valueOf(cell.priced()).subtract(BigDecimal.valueOf(atHalf).multiply(HALF));
    if (atHalf > 0 && precision.isBilled(cell, cell.unitPrice().multiply(units, Cell.DIGITS))) {
      return true;
    }
    BigDecimal atFullPrice = BigDecimal.ZERO;
    boolean isAnyHalf = false;
    for (Map.Entry<ServiceTier, BigDecimal> tier : cell.billedByTier().entrySet()) {
      boolean isHalf = isHalfPrice(tier.getKey());
      isAnyHalf |= isHalf;
      atFullPrice =
          atFullPrice.add(isHalf ? tier.getValue().divide(HALF, Cell.DIGITS) : tier.getValue());
    }
    return isAnyHalf && precision.isSmall(cell, atFullPrice.subtract(cell.cost()));
  }

  private static boolean isHalfPrice(ServiceTier tier) {
    return tier == ServiceTier.BATCH || tier == ServiceTier.FLEX;
  }
}
