package dev.tributary.bench;

import java.time.Duration;
import java.util.Map;

/**
 * One measured run of a scenario.
 *
 * @param scenario number of the scenario
 * @param round from 1; rounds of warm-up are not kept
 * @param spans spans that went through
 * @param bytes bytes of the OTLP requests that went in, uncompressed
 * @param wall from the first byte in to the last one out; for the chain until nine tenths of the
 *     lines were in ClickHouse, scaled to all, because the tail is a matter of settling times
 * @param ours CPU time of our JVMs by process, in the order of the flow
 * @param beside CPU time of what stands beside them: broker, ClickHouse
 * @param notes further figures by name
 */
record Measurement(
    String scenario,
    int round,
    long spans,
    long bytes,
    Duration wall,
    Map<String, Duration> ours,
    Map<String, Duration> beside,
    Map<String, String> notes) {

  /** CPU time of our JVMs per span, microseconds. */
  double ourMicrosPerSpan() {
    return microsPerSpan(ours.values().stream().reduce(Duration.ZERO, Duration::plus));
  }

  /** A CPU time per span, microseconds. */
  double microsPerSpan(Duration cpu) {
    return cpu.toNanos() / 1e3 / spans;
  }

  double spansPerSecond() {
    return spans / (wall.toNanos() / 1e9);
  }
}
