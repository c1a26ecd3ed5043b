package dev.tributary.pricing.reconcile;

import dev.tributary.pricing.ServiceTier;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Classes of service at half the price, where the bill or telemetry names them. */
final class TierWords {
  private static final BigDecimal HALF = new BigDecimal("0.5");

  private TierWords() {}

  /**
   * The quantity that was billed, the rest of the difference being the class of service: by the
   * tiers that telemetry states where the ledger priced all alike, or by those that the bill states
   * where telemetry has all the units as one. Null: neither says it.
   */
  static @Nullable BigDecimal quantity(Cell cell, Precision precision) {
    if (!cell.hasOnePrice()) {
      return null;
    }
    return isBilledAsSeen(cell, precision)
        ? BigDecimal.valueOf(cell.priced())
        : billedByTier(cell, precision);
  }

  private static boolean isBilledAsSeen(Cell cell, Precision precision) {
    long atHalf = 0;
    for (Map.Entry<ServiceTier, Long> tier : cell.pricedByTier().entrySet()) {
      atHalf += isHalfPrice(tier.getKey()) ? tier.getValue() : 0;
    }
    BigDecimal units =
        BigDecimal.valueOf(cell.priced()).subtract(BigDecimal.valueOf(atHalf).multiply(HALF));
    return atHalf > 0 && precision.isBilled(cell, cell.unitPrice().multiply(units, Cell.DIGITS));
  }

  private static @Nullable BigDecimal billedByTier(Cell cell, Precision precision) {
    BigDecimal full = BigDecimal.ZERO;
    boolean isAnyHalf = false;
    for (Map.Entry<ServiceTier, BigDecimal> tier : cell.billedByTier().entrySet()) {
      boolean isHalf = isHalfPrice(tier.getKey());
      if (isOtherPrice(tier.getKey())) {
        return null;
      }
      isAnyHalf |= isHalf;
      full = full.add(isHalf ? tier.getValue().divide(HALF, Cell.DIGITS) : tier.getValue());
    }
    if (!isAnyHalf) {
      return null;
    }
    if (precision.isSmall(cell, full.subtract(cell.cost()))) {
      return BigDecimal.valueOf(cell.priced());
    }
    // Where telemetry says batch as well, the ledger may have the half price already.
    boolean isAllFull = cell.pricedByTier().keySet().stream().noneMatch(TierWords::isHalfPrice);
    return isAllFull && precision.showsUnits(cell, HALF) && precision.isWhole(cell, HALF)
        ? full.divide(cell.unitPrice(), Cell.DIGITS).setScale(0, RoundingMode.HALF_EVEN)
        : null;
  }

  /**
   * Whether the bill names a class of service that telemetry does not, at another price than all or
   * half: its amounts are whole tokens of the ledger's price by chance.
   */
  static boolean isBilledAtUnseenPrice(Cell cell) {
    return cell.billedByTier().keySet().stream()
        .anyMatch(tier -> isOtherPrice(tier) && !cell.pricedByTier().containsKey(tier));
  }

  private static boolean isOtherPrice(ServiceTier tier) {
    return tier != ServiceTier.STANDARD && !isHalfPrice(tier);
  }

  private static boolean isHalfPrice(ServiceTier tier) {
    return tier == ServiceTier.BATCH || tier == ServiceTier.FLEX;
  }
}
