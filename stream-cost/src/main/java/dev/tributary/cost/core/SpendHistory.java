package dev.tributary.cost.core;

import java.math.BigDecimal;

/** What one budget's scope has spent, by time. */
public interface SpendHistory {
  /** Known cost between two times, whole quarters of an hour, ledger currency. */
  BigDecimal between(long fromUs, long toUs);

  /**
   * From when on spend is known, microseconds since the epoch: since then nothing is nothing. The
   * largest number: not yet.
   */
  long sinceUs();
}
