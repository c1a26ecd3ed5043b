package dev.tributary.pricing.reconcile;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Both sides of one day, project, model and bucket. */
final class Cell {
  /** Ratios are compared, never booked; 40 digits are more than any two amounts have. */
  static final MathContext DIGITS = new MathContext(40, RoundingMode.HALF_EVEN);

  /** Two prices that differ by less are one price: booked costs are cut after 18 places. */
  private static final BigDecimal SAME_PRICE = new BigDecimal("1e-9");

  /**
   * What it is about.
   *
   * @param project null: one of the sides does not know projects
   */
  record Key(LocalDate day, @Nullable String project, String model, Bucket bucket) {}

  private final Key key;
  private @Nullable BigDecimal billed;
  private @Nullable BigDecimal billedQuantity = BigDecimal.ZERO;
  private final Map<ServiceTier, BigDecimal> billedByTier = new EnumMap<>(ServiceTier.class);
  private BigDecimal cost = BigDecimal.ZERO;
  private long priced;
  private long unpriced;
  private long counted;
  private final Map<ServiceTier, Long> pricedByTier = new EnumMap<>(ServiceTier.class);
  private @Nullable BigDecimal firstCost;
  private BigDecimal firstQuantity = BigDecimal.ONE;
  private boolean hasSeveralPrices;

  Cell(Key key) {
    this.key = key;
  }

  Key key() {
    return key;
  }

  /** Takes a line of the bill. */
  void add(BilledLine line) {
    billed = billed == null ? line.amount() : billed.add(line.amount());
    BigDecimal before = billedQuantity;
    BigDecimal quantity = line.quantity();
    billedQuantity = before == null || quantity == null ? null : before.add(quantity);
    ServiceTier tier = line.tier() == null ? ServiceTier.STANDARD : line.tier();
    billedByTier.merge(tier, line.amount(), BigDecimal::add);
  }

  /** Takes what the ledger has. */
  void add(EstimatedUsage usage) {
    BigDecimal known = usage.cost();
    if (known == null) {
      unpriced += usage.quantity();
      return;
    }
    cost = cost.add(known);
    priced += usage.quantity();
    pricedByTier.merge(usage.tier(), usage.quantity(), Long::sum);
    BigDecimal quantity = BigDecimal.valueOf(usage.quantity());
    if (firstCost == null) {
      firstCost = known;
      firstQuantity = quantity;
    } else if (!hasSeveralPrices) {
      // Crosswise, because a division of every call would take most of the time.
      BigDecimal one = known.multiply(firstQuantity);
      BigDecimal other = firstCost.multiply(quantity);
      hasSeveralPrices = one.subtract(other).abs().compareTo(other.multiply(SAME_PRICE).abs()) > 0;
    }
  }

  /** What was billed; null: nothing, not even 0. */
  @Nullable BigDecimal billed() {
    return billed;
  }

  BigDecimal billedOrZero() {
    return billed == null ? BigDecimal.ZERO : billed;
  }

  /** Units billed; null: a line does not state them, or nothing was billed. */
  @Nullable BigDecimal billedQuantity() {
    return billed == null ? null : billedQuantity;
  }

  /** What was billed by class of service; a line that states none is standard. */
  Map<ServiceTier, BigDecimal> billedByTier() {
    return billedByTier;
  }

  /** What the ledger has, without usage that has no price. */
  BigDecimal cost() {
    return cost;
  }

  /** Units behind {@link #cost}. */
  long priced() {
    return priced;
  }

  /** Units behind {@link #cost} without those that may be counted in them a second time. */
  long pricedOnce() {
    return priced - Math.min(counted, priced);
  }

  /** Says how many units of other buckets telemetry may have counted in this one as well. */
  void mayContain(long units) {
    counted += units;
  }

  /** Units that have no price. */
  long unpriced() {
    return unpriced;
  }

  /** Priced units by class of service, as telemetry states it. */
  Map<ServiceTier, Long> pricedByTier() {
    return pricedByTier;
  }

  /** Billed - estimated. */
  BigDecimal delta() {
    return billedOrZero().subtract(cost);
  }

  /** Whether both sides have an amount that can be compared. */
  boolean isComparable() {
    return billed != null && billed.signum() > 0 && priced > 0 && cost.signum() > 0;
  }

  /** Whether the ledger priced every unit alike, so that amounts say how many units they are. */
  boolean hasOnePrice() {
    return !hasSeveralPrices;
  }

  /** Price of a unit in the ledger; only where {@link #isComparable}. */
  BigDecimal unitPrice() {
    return cost.divide(BigDecimal.valueOf(priced), DIGITS);
  }

  /** Billed in parts of estimated; only where {@link #isComparable}. */
  BigDecimal ratio() {
    return billedOrZero().divide(cost, DIGITS);
  }

  /** Units that the billed amount buys at so many times the ledger's price. */
  BigDecimal unitsAt(BigDecimal factor) {
    return billedOrZero().divide(unitPrice().multiply(factor, DIGITS), DIGITS);
  }

  /** Counts unpriced units as priced ones at the price of the others; gives what that adds. */
  BigDecimal priceTheRest() {
    BigDecimal rest = BigDecimal.valueOf(unpriced).multiply(unitPrice(), DIGITS);
    rest = rest.setScale(Math.max(cost.scale(), 18), RoundingMode.HALF_EVEN);
    cost = cost.add(rest);
    priced += unpriced;
    unpriced = 0;
    return rest;
  }
}
