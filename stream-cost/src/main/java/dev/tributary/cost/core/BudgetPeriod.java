package dev.tributary.cost.core;

/**
 * A period of a budget.
 *
 * @param startUs start (inclusive), microseconds since the epoch
 * @param endUs end (exclusive); {@code Long.MAX_VALUE}: it rolls on with the time
 */
public record BudgetPeriod(long startUs, long endUs) {
  /** True for the window that rolls on with the time. */
  public boolean isRolling() {
    return endUs == Long.MAX_VALUE;
  }

  /** True where the time lies in it. */
  public boolean holds(long timeUs) {
    return startUs <= timeUs && timeUs < endUs;
  }
}
