package dev.tributary.pricing.reconcile;

import dev.tributary.pricing.Bucket;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** Days whose price is sure, in parts of the ledger's: the days beside them are judged by it. */
final class SurePrices {
  private final Map<Bucket, Map<LocalDate, BigDecimal>> ratios = new EnumMap<>(Bucket.class);

  void add(Cell cell, BigDecimal ratio) {
    ratios
        .computeIfAbsent(cell.key().bucket(), unused -> new HashMap<>())
        .put(cell.key().day(), ratio);
  }

  /**
   * A price that changes in the middle of a day leaves that day between the prices of those beside
   * it. A day of which nothing is known has the ledger's.
   */
  boolean isWithinStep(Cell cell) {
    Map<LocalDate, BigDecimal> sure = ratios.getOrDefault(cell.key().bucket(), Map.of());
    BigDecimal before = sure.getOrDefault(cell.key().day().minusDays(1), BigDecimal.ONE);
    BigDecimal after = sure.getOrDefault(cell.key().day().plusDays(1), BigDecimal.ONE);
    return Evidence.isBetween(cell.ratio(), before, after);
  }
}
