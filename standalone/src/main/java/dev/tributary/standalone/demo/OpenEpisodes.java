package dev.tributary.standalone.demo;

import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.SqlLiteral;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** What stream-anomaly makes of the simulated traffic, as ClickHouse has it. */
final class OpenEpisodes {
  /** Enough of an id to ask for the episode. */
  private static final int SHORT_ID = 12;

  private final SqlClient sql;

  OpenEpisodes(SqlClient sql) {
    this.sql = sql;
  }

  /** Whether an episode is open and has been judged up to a time. */
  boolean isKnownUntil(long timeUs) throws IOException, InterruptedException {
    return !sql.rows(
            "SELECT episode_id FROM episodes WHERE NOT is_over AND baseline IS NOT NULL"
                + " AND last_window_start >= "
                + SqlLiteral.time(timeUs)
                + " LIMIT 1")
        .isEmpty();
  }

  /** Prints them: episodes against a baseline, then alarms that have none. */
  void print(PrintWriter out) throws IOException, InterruptedException {
    List<List<String>> open =
        sql.rows(
            "SELECT episode_id, sentence, toString(money_so_far), severity FROM episodes AS e"
                + " LEFT JOIN (SELECT tenant, environment, episode_id, severity FROM alerts_by_team)"
                + " AS a USING (tenant, environment, episode_id)"
                + " WHERE NOT is_over AND baseline IS NOT NULL"
                + " ORDER BY money_so_far DESC, episode_id");
    out.println();
    out.println(
        open.isEmpty()
            ? "No open episode"
            : "Open episodes, against the baselines of three weeks: " + open.size());
    for (List<String> row : open) {
      String id = row.get(0);
      out.printf("  %s%n", SqlLiteral.unescaped(row.get(1)));
      out.printf(
          "  %s above baseline so far, %s; more: ./tributary explain %s%n",
          SqlLiteral.money(row.get(2)),
          row.get(3).isEmpty() ? "nobody was told yet" : "alert of severity " + row.get(3),
          id.substring(0, Math.min(SHORT_ID, id.length())));
    }
    for (List<String> row :
        sql.rows(
            "SELECT sentence, count() FROM episodes WHERE NOT is_over AND baseline IS NULL"
                + " GROUP BY sentence ORDER BY sentence")) {
      out.printf("  also told: %s%n", SqlLiteral.unescaped(row.get(0)));
    }
  }
}
