package dev.tributary.console.core;

/** How far the data reaches, for whoever sees none. */
final class StateQueries {
  private StateQueries() {}

  /** One row: the time of the last line and the last entry's booking; null without any line. */
  static Query freshness(Arguments arguments) {
    return new Statement(arguments)
        .query(
            """
            SELECT count() AS entries,
              if(entries = 0, NULL, toUnixTimestamp64Milli(max(event_time))) AS last_event_ms,
              if(entries = 0, NULL, toUnixTimestamp64Milli(min(event_time))) AS first_event_ms
            FROM calls
            WHERE $WHERE""");
  }
}
