package dev.tributary.standalone.episode;

import dev.tributary.standalone.platform.SqlClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Alerts with what became of them, oldest first. Remembers what it has printed, so that it can be
 * asked again.
 */
public final class AlertList {
  private static final int OVERLAP_S = 600;

  private final SqlClient sql;
  private final String tenant;
  private final @Nullable String team;
  private final int most;
  private final Set<String> printed = new HashSet<>();
  private String since = "";

  /**
   * A list.
   *
   * @param team null: all teams
   * @param most alerts printed at the first time, the newest
   */
  public AlertList(SqlClient sql, String tenant, @Nullable String team, int most) {
    this.sql = sql;
    this.tenant = tenant;
    this.team = team;
    this.most = most;
  }

  /**
   * Prints what was not printed yet; an alert comes again when something else became of it.
   *
   * @return lines printed
   */
  public int print(PrintWriter out) throws IOException, InterruptedException {
    List<List<String>> rows = sql.rows(query());
    int lines = 0;
    for (List<String> row : rows) {
      since = row.get(0);
      if (!printed.add(String.join("\t", row))) {
        continue;
      }
      lines++;
      out.printf(
          "%s  %-8s %-11s %-16s %s%n",
          row.get(1),
          row.get(2),
          row.get(3),
          SqlLiteral.unescaped(row.get(4)),
          SqlLiteral.unescaped(row.get(5)));
      out.printf("    %s%n", SqlLiteral.unescaped(row.get(6)));
      out.printf(
          "    episode %s, %s above baseline so far; %s%n",
          row.get(7), SqlLiteral.money(row.get(8)), SqlLiteral.unescaped(row.get(9)));
    }
    out.flush();
    return lines;
  }

  private String query() {
    String newer =
        since.isEmpty()
            ? ""
            : " AND toUnixTimestamp64Micro(created_at) > " + since + " - " + OVERLAP_S + "000000";
    return "SELECT toString(toUnixTimestamp64Micro(created_at)), formatDateTime(created_at, '%Y-%m-%d %H:%i:%S'), severity, state,"
        + " team, title, sentence, episode_id, toString(money_so_far),"
        + " if(empty(told), 'not delivered yet', arrayStringConcat(told, ', '))"
        + " FROM (SELECT * FROM alerts FINAL WHERE "
        + where()
        + newer
        + " ORDER BY created_at DESC, alert_id LIMIT "
        + most
        + ") AS a LEFT JOIN (SELECT tenant, alert_id, arraySort(groupArray(concat("
        + "lower(outcome), if(route = '', '', concat(' ', route)), if(reason IS NULL, '', concat(' (', reason, ')'))))) AS told"
        + " FROM alert_deliveries FINAL WHERE outcome != 'ANNOUNCED' AND "
        + where()
        + " GROUP BY tenant, alert_id) AS d USING (tenant, alert_id) ORDER BY created_at, alert_id";
  }

  private String where() {
    return "tenant = "
        + SqlLiteral.text(tenant)
        + (team == null ? "" : " AND team = " + SqlLiteral.text(team));
  }
}
