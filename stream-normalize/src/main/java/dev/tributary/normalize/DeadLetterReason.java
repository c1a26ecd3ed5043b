package dev.tributary.normalize;

/** Why the bytes of a record are not the OTLP request that its topic promises. */
public enum DeadLetterReason {
  /** No value. */
  EMPTY_RECORD,
  /** JSON on a topic of protobuf: the encoding is configured, not guessed. */
  JSON_ON_PROTO_TOPIC,
  /** Not protobuf, or cut off. */
  MALFORMED_PROTO,
  /** Protobuf of something else: bytes, but no resource spans. */
  NOT_A_TRACE_REQUEST,
  /** A request of another kind: no resource logs. */
  NOT_A_LOG_REQUEST,
  /** A request of another kind: no resource metrics. */
  NOT_A_METRIC_REQUEST,
  /** Not JSON, or cut off. */
  MALFORMED_JSON,
  /** The header that names the encoding holds another word than otlp_proto or otlp_json. */
  UNKNOWN_ENCODING
}
