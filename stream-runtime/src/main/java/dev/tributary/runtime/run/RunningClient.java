package dev.tributary.runtime.run;

import java.time.Duration;

/** A plain client of Kafka at work. Safe for use by several threads; closing twice is harmless. */
public interface RunningClient extends AutoCloseable {
  /** Longest that {@link #close} takes; who stops the process waits longer before killing it. */
  Duration LONGEST_CLOSE = Duration.ofSeconds(40);

  /** Waits until it has ended, by {@link #close} or by a fault; true: as asked. */
  boolean awaitEnd() throws InterruptedException;

  /** Ends it after what is under way, or after {@link #LONGEST_CLOSE}. */
  @Override
  void close();
}
