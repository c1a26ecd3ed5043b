package dev.tributary.normalize.core;

/** Why a record or span that was understood is refused. */
public enum RejectReason {
  /** The bytes of the span are broken, those around it are not. */
  MALFORMED_SPAN,
  /** The trace id is not 16 bytes, or all zero. */
  INVALID_TRACE_ID,
  /** The span id is not 8 bytes, or all zero. */
  INVALID_SPAN_ID,
  /** The parent's id is not 8 bytes. */
  INVALID_PARENT_ID,
  /** There is no start, or a time is no number. */
  INVALID_TIMESTAMP,
  /** The span ends before it starts. */
  END_BEFORE_START,
  /** The span lies further ahead of the clock than is allowed. */
  TIMESTAMP_IN_FUTURE,
  /** The span is older than is allowed. */
  TIMESTAMP_TOO_OLD,
  /** The tenant header holds what no tenant can be called. */
  INVALID_TENANT,
  /** Token counts contradict each other: the usage is refused, its span goes on without. */
  INVALID_USAGE,
  /** An evaluation without a name, or with neither a value of 0 to 1 nor a label nor an error. */
  INVALID_SCORE,
  /** An evaluation that says neither a span, a trace, a response nor a session. */
  NO_SUBJECT,
  /** A measurement without a host. */
  NO_HOST,
  /** A measurement whose value is no finite number. */
  INVALID_VALUE
}
