package dev.tributary.standalone.demo;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The simulated company's traffic as OTLP request bodies, for those who send it another way. */
public final class TrafficBodies {
  private final Traffic traffic;

  /**
   * Prepares traffic of a period.
   *
   * @param seed decides everything but the period
   * @param traces traces to send
   * @param from start of the period
   * @param length length of the period
   */
  public TrafficBodies(long seed, long traces, Instant from, Duration length) {
    traffic = new Traffic(seed, traces, from, length);
  }

  /** The next {@code ExportTraceServiceRequest}, in the order of sending; null at the end. */
  public byte @Nullable [] next() {
    Traffic.Request request = traffic.next();
    return request == null ? null : request.body();
  }

  /** Spans so far. */
  public long spans() {
    return traffic.books().spans();
  }

  /** Traces so far. */
  public long traces() {
    return traffic.books().traces();
  }
}
