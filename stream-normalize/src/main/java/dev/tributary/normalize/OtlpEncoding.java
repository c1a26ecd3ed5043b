package dev.tributary.normalize;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How OTLP requests are written on a topic, named as in the Collector's Kafka exporter. */
public enum OtlpEncoding {
  /** Protobuf. */
  OTLP_PROTO,
  /** JSON. */
  OTLP_JSON;

  /** The encoding of a word in a record header; null: not one of ours. */
  static @Nullable OtlpEncoding of(String word) {
    return switch (word.strip().toLowerCase(Locale.ROOT)) {
      case "otlp_proto" -> OTLP_PROTO;
      case "otlp_json" -> OTLP_JSON;
      default -> null;
    };
  }
}
