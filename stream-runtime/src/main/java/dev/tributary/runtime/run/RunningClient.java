package dev.tributary.runtime.run;

/** A plain client of Kafka at work. Safe for use by several threads; closing twice is harmless. */
public interface RunningClient extends AutoCloseable {
  /** Waits until it has ended, by {@link #close} or by a fault; true: as asked. */
  boolean awaitEnd() throws InterruptedException;

  /** Ends it after what is under way. */
  @Override
  void close();
}
