package dev.tributary.standalone.correct;

import dev.tributary.pricing.allocation.AllocatedLine;
import dev.tributary.pricing.allocation.CapacityPool;
import dev.tributary.pricing.allocation.Consumer;
import dev.tributary.pricing.allocation.DeclaredPool;
import dev.tributary.pricing.allocation.PoolAllocation;
import dev.tributary.schemas.LedgerLine;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ledger's lines of a pool's hour: one per consumer. */
final class AllocationLines {
  /** Item of the hour that nobody used: its cost is somebody's all the same. */
  private static final String UNUSED = "unused";

  private AllocationLines() {}

  /**
   * What should be booked for an hour, by item.
   *
   * @param hour its first moment
   * @return empty where the pool was not paid in that hour
   */
  static Map<String, LedgerLine> of(
      String tenant, DeclaredPool declared, Instant hour, PoolUse use) {
    CapacityPool.Hour paid = declared.pool().hourAt(hour);
    Map<String, LedgerLine> lines = new LinkedHashMap<>();
    if (paid == null) {
      return lines;
    }
    for (AllocatedLine share : PoolAllocation.spread(paid, use.tokens())) {
      LedgerLine line = line(tenant, declared, share, use);
      lines.put(line.getItem(), line);
    }
    return lines;
  }

  private static LedgerLine line(
      String tenant, DeclaredPool declared, AllocatedLine share, PoolUse use) {
    Consumer consumer = share.consumer();
    CapacityPool.Hour hour = share.hour();
    return SpreadLines.draft(
            tenant,
            new Spread.PoolHour(hour.poolId(), hour.start()),
            item(hour.start(), consumer),
            hour.start(),
            hour.end(),
            consumer,
            consumer == null ? null : use.part(consumer))
        .setSurface(declared.surface())
        .setModelCanonical(hour.poolId())
        .setPriceReason(declared.kind().name().toLowerCase(Locale.ROOT))
        .setCost(share.amount())
        .setRateCardId(hour.rateCardId())
        .build();
  }

  /** The hour and who it is for; no two consumers have the same. */
  static String item(Instant hour, @Nullable Consumer consumer) {
    return hour + "|" + (consumer == null ? UNUSED : SpreadLines.item(consumer));
  }
}
