package dev.tributary.cost.core;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import java.util.OptionalLong;

/**
 * The clock of one ledger partition: the largest event time of a usage line on it. A line ahead of
 * the wall clock by more than the skew never moves it, and neither do allocations and true-ups,
 * whose event time is the end of a period.
 */
public final class LedgerClock {
  private final long skewUs;
  private long clockUs = Long.MIN_VALUE;

  /**
   * A clock that has seen nothing.
   *
   * @param skewUs how far a line may be ahead of the wall clock, microseconds
   */
  public LedgerClock(long skewUs) {
    this.skewUs = skewUs;
  }

  /**
   * Takes a line in.
   *
   * @param nowUs wall clock, microseconds since the epoch
   */
  public void see(LedgerLine line, long nowUs) {
    long eventTimeUs = line.getEventTimeUs();
    if (eventTimeUs > clockUs
        && line.getKind() == LineKind.USAGE
        && eventTimeUs - skewUs <= nowUs) {
      clockUs = eventTimeUs;
    }
  }

  /** The time, microseconds since the epoch; empty: no line has moved it. */
  public OptionalLong readUs() {
    return clockUs == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(clockUs);
  }
}
