package dev.tributary.standalone.otlp;

import java.time.Duration;
import java.util.Map;

/** Options of a receiver on any port that takes traces. */
final class ReceiverOptions {
  private ReceiverOptions() {}

  /** With limits in bytes, and a patience, as {@link OtlpReceiver.Options} means them. */
  static OtlpReceiver.Options of(
      int mostOfBody, int mostOfRecord, int mostInFlight, Duration patience) {
    return new OtlpReceiver.Options(
        0,
        Map.of("traces", "otlp_spans"),
        mostOfBody,
        mostOfRecord,
        mostInFlight,
        patience,
        "encoding",
        "tenant");
  }
}
