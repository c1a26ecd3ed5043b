package dev.tributary.attribution.core;

/** What the join counts. */
public enum JoinEvent {
  /** A span entered the state, its line not yet booked. */
  HELD,
  /** A span's line was booked for the first time. */
  BOOKED,
  /** A span came again, byte for byte. */
  DUPLICATE,
  /** A span came again with other content; one of the two has no line. */
  CONFLICT,
  /** A span of a stub came again, with the same or other content. */
  STUB_DUPLICATE,
  /** A span was booked for itself because its trace is over the limit. */
  OVER_LIMIT,
  /** A span was booked for itself because its trace is a stub. */
  STUB_SPAN,
  /** A trace closed. */
  CLOSED,
  /** A closed trace without a root became a stub early, to stay within the byte budget. */
  ROOTLESS_EVICTED,
  /** A line was booked again with other content. */
  REVISED,
  /** A trace was read back from the stores. */
  LOADED
}
