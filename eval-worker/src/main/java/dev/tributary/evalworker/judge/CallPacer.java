package dev.tributary.evalworker.judge;

import java.util.concurrent.TimeUnit;

/** Spreads calls evenly over a minute. Safe for use by several threads. */
final class CallPacer {
  private final long gapNanos;
  private long nextNanos = System.nanoTime();

  /** A pacer; 0 calls per minute: no limit. */
  CallPacer(int callsPerMinute) {
    gapNanos = callsPerMinute == 0 ? 0 : TimeUnit.MINUTES.toNanos(1) / callsPerMinute;
  }

  /** Waits for a turn. */
  void await() throws InterruptedException {
    if (gapNanos > 0) {
      TimeUnit.NANOSECONDS.sleep(turn());
    }
  }

  private synchronized long turn() {
    long now = System.nanoTime();
    long mine = Math.max(now, nextNanos);
    nextNanos = mine + gapNanos;
    return mine - now;
  }
}
