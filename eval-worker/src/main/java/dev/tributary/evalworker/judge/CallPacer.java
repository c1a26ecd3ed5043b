package dev.tributary.evalworker.judge;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Spreads calls evenly over a minute. Safe for use by several threads. */
final class CallPacer {
  private final long gapNanos;
  private long nextNanos = System.nanoTime();

  /** A pacer; 0 calls per minute: no limit. */
  CallPacer(int callsPerMinute) {
    gapNanos = callsPerMinute == 0 ? 0 : TimeUnit.MINUTES.toNanos(1) / callsPerMinute;
  }

  /**
   * Waits for a turn.
   *
   * @param latestNanos by {@link System#nanoTime}; a later turn is left to others
   * @return whether it was in time
   */
  boolean await(long latestNanos) throws InterruptedException {
    OptionalLong wait = turn(latestNanos);
    if (wait.isEmpty()) {
      return false;
    }
    TimeUnit.NANOSECONDS.sleep(wait.getAsLong());
    return true;
  }

  private synchronized OptionalLong turn(long latestNanos) {
    long now = System.nanoTime();
    long mine = gapNanos == 0 ? now : Math.max(now, nextNanos);
    if (mine - latestNanos > 0) {
      return OptionalLong.empty();
    }
    nextNanos = mine + gapNanos;
    return OptionalLong.of(mine - now);
  }
}
