package dev.tributary.anomaly.core;

/** Which cycle the profile may learn. */
public enum Season {
  /** Hour of the week, shrunk to hour of the day. */
  WEEK,
  /** Hour of the day. */
  DAY,
  /** No cycle: the trailing level alone. */
  NONE
}
