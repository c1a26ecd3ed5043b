package dev.tributary.normalize.core;

import org.jspecify.annotations.Nullable;

/** Checks what a span must have to be booked at all: ids and times. */
final class SpanChecks {
  private static final int TRACE_ID_DIGITS = 32;
  private static final int SPAN_ID_DIGITS = 16;

  /** A reason and its detail. */
  record Problem(RejectReason reason, String detail) {}

  private SpanChecks() {}

  /** What is wrong with its bytes, ids and times; null: nothing. */
  static @Nullable Problem of(OtlpSpan span, TimeBounds bounds, long nowUs) {
    if (span.unreadable() != null) {
      return new Problem(RejectReason.MALFORMED_SPAN, span.unreadable());
    }
    Problem problem =
        ids(span.traceId(), span.spanId(), isZero(span.parentSpanId()) ? "" : span.parentSpanId());
    return problem == null ? times(span.startNanos(), span.endNanos(), bounds, nowUs) : problem;
  }

  /** What is wrong with ids; null: nothing. An empty parent is a root. */
  static @Nullable Problem ids(String traceId, String spanId, String parentSpanId) {
    if (!isId(traceId, TRACE_ID_DIGITS)) {
      return new Problem(RejectReason.INVALID_TRACE_ID, describe("trace id", traceId, 32));
    }
    if (!isId(spanId, SPAN_ID_DIGITS)) {
      return new Problem(RejectReason.INVALID_SPAN_ID, describe("span id", spanId, 16));
    }
    if (!parentSpanId.isEmpty() && !isId(parentSpanId, SPAN_ID_DIGITS)) {
      return new Problem(RejectReason.INVALID_PARENT_ID, describe("parent id", parentSpanId, 16));
    }
    return null;
  }

  private static String describe(String what, String id, int digits) {
    String found =
        id.length() != digits
            ? id.length() + " characters"
            : isZero(id) ? "zeros only" : "characters other than hex digits";
    return what + " must be " + digits + " hex digits, not all zero; found " + found;
  }

  private static @Nullable Problem times(
      long startNanos, long endNanos, TimeBounds bounds, long nowUs) {
    if (startNanos <= 0 || endNanos < 0) {
      return new Problem(
          RejectReason.INVALID_TIMESTAMP,
          "start and end must be nanoseconds since the epoch; start "
              + state(startNanos)
              + ", end "
              + state(endNanos));
    }
    return timesUs(startNanos / 1_000, endNanos == 0 ? null : endNanos / 1_000, bounds, nowUs);
  }

  /** What is wrong with times in microseconds; null: nothing. */
  static @Nullable Problem timesUs(
      long startUs, @Nullable Long endUs, TimeBounds bounds, long nowUs) {
    long end = endUs == null ? startUs : endUs;
    if (end < startUs) {
      return new Problem(
          RejectReason.END_BEFORE_START, "end lies " + (startUs - end) + " us before the start");
    }
    if (end > bounds.latestUs(nowUs)) {
      return new Problem(
          RejectReason.TIMESTAMP_IN_FUTURE,
          "end lies " + (end - nowUs) + " us ahead, allowed " + bounds.maxAhead());
    }
    if (startUs < bounds.earliestUs(nowUs)) {
      return new Problem(
          RejectReason.TIMESTAMP_TOO_OLD,
          "start lies " + (nowUs - startUs) + " us back, allowed " + bounds.maxAge());
    }
    return null;
  }

  private static String state(long nanos) {
    return nanos == 0 ? "is missing" : nanos < 0 ? "is not readable" : "is there";
  }

  static boolean isTraceId(String id) {
    return isId(id, TRACE_ID_DIGITS);
  }

  static boolean isSpanId(String id) {
    return isId(id, SPAN_ID_DIGITS);
  }

  private static boolean isId(String id, int digits) {
    if (id.length() != digits) {
      return false;
    }
    boolean isZero = true;
    for (int i = 0; i < digits; i++) {
      char c = id.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
      isZero &= c == '0';
    }
    return !isZero;
  }

  /** Lower-case hex digits only. */
  static boolean isHex(String id) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** True for zeros only, and for nothing. */
  static boolean isZero(String id) {
    for (int i = 0; i < id.length(); i++) {
      if (id.charAt(i) != '0') {
        return false;
      }
    }
    return true;
  }
}
