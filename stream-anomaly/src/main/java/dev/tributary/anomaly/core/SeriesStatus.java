package dev.tributary.anomaly.core;

/** Where a series stands after a window. */
public enum SeriesStatus {
  /** Too little history: no rule applies. */
  WARMUP,
  /** Within its baseline, or above it too briefly. */
  OK,
  /** An episode is open; the baseline is frozen. */
  OPEN,
  /** The window in which an episode ended, by itself or as an accepted level shift. */
  RESOLVED
}
