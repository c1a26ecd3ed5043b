package dev.tributary.attribution.core;

/** Why a span or a correction is refused. */
public enum RejectReason {
  /** The trace is no longer known well enough to book the span. */
  BEYOND_MEMORY,
  /** The command was computed against another revision of the line. */
  STALE_REVISION,
  /** The run has already changed this line. */
  REPEATED,
  /** The command belongs to no open run. */
  RUN_NOT_OPEN,
  /** Another usage run is open, or the run's number is not above the last one's. */
  RUN_REFUSED,
  /** The command, or the kind of line it is about, was added after this version. */
  UNKNOWN_COMMAND,
  /** The command lacks a field that it needs. */
  INCOMPLETE,
  /** The record's key is not the line's: another task owns the line. */
  WRONG_KEY,
  /** The line to be admitted is already booked, or its span is there and will be. */
  ALREADY_BOOKED,
  /** The command names a line nobody has booked. */
  UNKNOWN_LINE,
  /** The command names a reference version that is not loaded. */
  UNKNOWN_REFERENCE
}
