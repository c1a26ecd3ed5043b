package dev.tributary.sink.clickhouse;

/** What to do where records went by retention before they were loaded. */
public enum LostRange {
  /** Stop and say which offsets are gone; nothing is loaded until somebody has decided. */
  STOP,
  /** Go on with the oldest record that is left; the gap is logged and counted. */
  CONTINUE
}
