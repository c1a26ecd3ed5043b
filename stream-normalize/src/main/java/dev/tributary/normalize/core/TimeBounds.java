package dev.tributary.normalize.core;

import java.time.Duration;

/**
 * Which times are believed.
 *
 * @param maxAhead furthest a span may lie ahead of the clock
 * @param maxAge oldest a span may be
 */
public record TimeBounds(Duration maxAhead, Duration maxAge) {
  /** An hour ahead for clocks that differ; 400 days back for replays of last year's data. */
  public static final TimeBounds DEFAULTS =
      new TimeBounds(Duration.ofHours(1), Duration.ofDays(400));

  long earliestUs(long nowUs) {
    return nowUs - maxAge.toMillis() * 1_000;
  }

  long latestUs(long nowUs) {
    return nowUs + maxAhead.toMillis() * 1_000;
  }
}
