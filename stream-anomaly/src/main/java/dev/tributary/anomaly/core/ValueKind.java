package dev.tributary.anomaly.core;

/** What the values of a series are; decides what "twice the baseline" means. */
public enum ValueKind {
  /** Not below zero, compared as a ratio: money, counts, tokens, latency. */
  AMOUNT,
  /** From 0 to 1: a score mean, an error share, a hit ratio. */
  SHARE,
  /** Any number; a ratio means nothing, so distance is measured in error scales. */
  SIGNED
}
