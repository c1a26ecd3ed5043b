package dev.tributary.attribution.core;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The times of the join in microseconds of the partition's clock.
 *
 * @param settleUs quiet time after which a trace with its root closes
 * @param bookAfterUs a span is booked so long after it arrived, whatever is missing
 * @param idleUs quiet time after which any trace closes
 * @param maxAgeUs age at which any trace closes
 * @param revisableUs time after the last span in which a closed trace is kept whole
 * @param stubUs time for which a stub is kept after that
 */
public record JoinTimes(
    long settleUs, long bookAfterUs, long idleUs, long maxAgeUs, long revisableUs, long stubUs) {

  /** The table's defaults. */
  public static final JoinTimes DEFAULT =
      of(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofHours(6),
          Duration.ofMinutes(15),
          Duration.ofHours(6),
          1);

  /** Times that run {@code speed} times as long on the partition's clock. */
  public static JoinTimes of(
      Duration settle,
      Duration bookAfter,
      Duration idle,
      Duration maxAge,
      Duration revisable,
      Duration stub,
      long speed) {
    return new JoinTimes(
        micros(settle, speed),
        micros(bookAfter, speed),
        micros(idle, speed),
        micros(maxAge, speed),
        micros(revisable, speed),
        micros(stub, speed));
  }

  private static long micros(Duration duration, long speed) {
    return Math.multiplyExact(TimeUnit.NANOSECONDS.toMicros(duration.toNanos()), speed);
  }

  /** A span that ended so long before the clock, of a trace nobody knows, is beyond memory. */
  long memoryUs() {
    return Math.addExact(revisableUs, stubUs);
  }
}
