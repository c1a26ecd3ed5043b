package dev.tributary.anomaly.core;

/** Which way a series must leave its baseline to be an episode. */
public enum Direction {
  RISE,
  DROP,
  BOTH
}
