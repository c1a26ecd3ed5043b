package dev.tributary.pricing.reconcile;

import dev.tributary.pricing.Bucket;
import java.math.BigDecimal;

/**
 * Finds uncached input that contains the cached tokens a second time, which instrumentations do
 * that take a provider's inclusive count for an exclusive one.
 */
final class Overcount {
  private Overcount() {}

  /**
   * Whether what the ledger has too much of uncached input is cached input: exactly as many tokens
   * as were cached, or read from the cache, or some of them where everything else of the calls is
   * as billed.
   *
   * @param units units that were billed, by the amount
   */
  static boolean isIn(CellTable table, Cell cell, BigDecimal units, Precision precision) {
    Cell.Key key = cell.key();
    BigDecimal excess = BigDecimal.valueOf(cell.priced()).subtract(units);
    if (key.bucket() != Bucket.INPUT_UNCACHED || excess.signum() <= 0) {
      return false;
    }
    long cached = 0;
    long read = 0;
    boolean isAnyElse = false;
    boolean isElseAsBilled = true;
    for (Bucket bucket : Bucket.values()) {
      Cell other =
          bucket == key.bucket()
              ? null
              : table.cell(new Cell.Key(key.day(), key.project(), key.model(), bucket));
      if (other != null) {
        cached += bucket.isInput() ? other.priced() : 0;
        read += bucket == Bucket.CACHE_READ ? other.priced() : 0;
        isAnyElse = true;
        isElseAsBilled &= precision.isEqual(other);
      }
    }
    int toCached = excess.compareTo(BigDecimal.valueOf(cached));
    boolean isRead = excess.compareTo(BigDecimal.valueOf(read)) == 0;
    return toCached == 0 || isRead || (toCached < 0 && isAnyElse && isElseAsBilled);
  }
}
