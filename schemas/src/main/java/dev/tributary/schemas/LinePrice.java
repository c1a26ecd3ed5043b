package dev.tributary.schemas;

import java.util.EnumSet;
import java.util.Set;

/**
 * Whether a line has a price, as everything counts it: windows, traces, sessions, budgets. The
 * views {@code lines_net} and {@code lines_signed} say the same in SQL as {@code is_priced} and
 * {@code is_unpriced}.
 *
 * <p>The cost decides and not the status, so that a status that was added later makes no known cost
 * unpriced. A line is priced or unpriced or neither, never both: neither where another line has the
 * usage ({@code NOT_BILLABLE}).
 */
public final class LinePrice {
  /** Statuses of which a cost is the whole one. */
  private static final Set<PriceStatus> WHOLE =
      EnumSet.of(PriceStatus.PRICED, PriceStatus.FREE, PriceStatus.ALLOCATED, PriceStatus.STALE);

  private LinePrice() {}

  /** True where the cost is known, be it in part. */
  public static boolean isPriced(LedgerLine line) {
    return line.getCost() != null;
  }

  /** True where there should be a cost and none is known. */
  public static boolean isUnpriced(LedgerLine line) {
    return line.getCost() == null && line.getPriceStatus() != PriceStatus.NOT_BILLABLE;
  }

  /**
   * True where a sum with the line is a lower bound: its cost is unknown, or known in part ({@code
   * PARTIAL}, or a status that was added later).
   */
  public static boolean isLowerBound(LedgerLine line) {
    return isPriced(line) ? !WHOLE.contains(line.getPriceStatus()) : isUnpriced(line);
  }
}
