package dev.tributary.console.core;

import java.util.List;

/** How far the data reaches, for whoever sees none. */
final class StateQueries {
  private StateQueries() {}

  /**
   * One row: how many entries there are, and the end of the first and the last; null without any.
   * Of the last two days alone it is cheap on any ledger, of all of them it reads a column.
   */
  static Query freshness(Arguments arguments) {
    Statement statement = new Statement(arguments);
    if (arguments.choice("within", "all", List.of("all", "recent")).equals("recent")) {
      statement.where("event_time >= now() - toIntervalDay(2)");
    }
    return statement.query(
        """
        SELECT count() AS entries,
          if(entries = 0, NULL, toUnixTimestamp64Milli(max(event_time))) AS last_event_ms,
          if(entries = 0, NULL, toUnixTimestamp64Milli(min(event_time))) AS first_event_ms
        FROM calls
        WHERE $WHERE""");
  }
}
