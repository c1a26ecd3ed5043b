package dev.tributary.runtime.errors;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Decides how long transient faults may go on: up to a number within an interval, then it is time
 * to stop. Safe for use by several threads.
 */
public final class FaultThreshold {
  private final int limit;
  private final Duration interval;
  private final Clock clock;
  private final Deque<Instant> recent = new ArrayDeque<>();

  /**
   * A threshold.
   *
   * @param limit faults within the interval that are borne; at least 0
   */
  public FaultThreshold(int limit, Duration interval, Clock clock) {
    this.limit = limit;
    this.interval = interval;
    this.clock = clock;
  }

  /** Counts one fault; false when there were too many. */
  public synchronized boolean bears() {
    Instant now = clock.instant();
    recent.addLast(now);
    while (recent.getFirst().isBefore(now.minus(interval))) {
      recent.removeFirst();
    }
    return recent.size() <= limit;
  }

  @Override
  public String toString() {
    return limit + " faults in " + interval;
  }
}
