package dev.tributary.standalone.episode;

import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.SqlLiteral;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Alerts with what became of them, oldest first. Remembers what it has printed, so that it can be
 * asked again.
 */
public final class AlertList {
  private static final long OVERLAP_US = 600_000_000;

  /** A route is tried within seconds; an alert that is older and went nowhere has none. */
  private static final Duration SETTLES = Duration.ofMinutes(1);

  /** What became of an alert that was dropped, on one route or on none, with the reason's code. */
  private static final Pattern DROPPED = Pattern.compile("dropped(?: (.+))? \\((\\w+)\\)");

  /** Why nobody was told, by what stands in the table. */
  private static final Map<String, String> REASONS =
      Map.of(
          "NO_ROUTE", "its team has no route, and there is no default",
          "LOW_SEVERITY", "its team wants to hear of graver ones only",
          "TOO_OLD", "it was too old when it was read",
          "SILENCED", "silenced",
          "MAINTENANCE", "maintenance",
          "NOTHING_TO_RESOLVE", "nobody had been told of its beginning");

  private final SqlClient sql;
  private final String tenant;
  private final @Nullable String team;
  private final int most;
  private final Set<String> printed = new HashSet<>();
  private boolean hasBegun;
  private boolean isAdvised;
  private long beginUs = Long.MIN_VALUE;
  private long sinceUs = Long.MIN_VALUE;

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
    if (!hasBegun && !rows.isEmpty()) {
      beginUs = Long.parseLong(rows.get(0).get(0));
    }
    hasBegun = true;
    for (List<String> row : rows) {
      sinceUs = Long.parseLong(row.get(0));
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
          row.get(7), SqlLiteral.money(row.get(8)), said(SqlLiteral.unescaped(row.get(9))));
    }
    out.flush();
    return lines;
  }

  private static String said(String told) {
    return told.isEmpty()
        ? "not delivered yet"
        : told.lines().map(AlertList::one).collect(Collectors.joining("; "));
  }

  private static String one(String told) {
    Matcher dropped = DROPPED.matcher(told);
    String reason = dropped.matches() ? REASONS.get(dropped.group(2)) : null;
    if (reason == null) {
      return told;
    }
    String route = dropped.group(1);
    return (route == null ? "nobody is told: " : route + " is not told: ") + reason;
  }

  /**
   * Says once how to have alerts delivered, where nobody has ever been told of any and none was
   * dropped for a reason: the router has no route then. Says nothing while the newest alert printed
   * has only just come and may still be delivered.
   */
  public void adviseWithoutRoutes(PrintWriter out, Clock clock)
      throws IOException, InterruptedException {
    long settledUs = TimeUnit.MILLISECONDS.toMicros(clock.millis() - SETTLES.toMillis());
    if (isAdvised || sinceUs == Long.MIN_VALUE || sinceUs > settledUs) {
      return;
    }
    isAdvised = true;
    String deliveries =
        sql.rows("SELECT toString(count()) FROM alert_deliveries WHERE " + where()).get(0).get(0);
    if (deliveries.equals("0")) {
      out.println(
          "Nothing has been delivered. Routes are settings of `up`: tributary.alerts.route.NAME.kind and"
              + " .url, and tributary.alerts.default-routes.");
      out.flush();
    }
  }

  private String query() {
    // What the first limit left out is left out for good; what comes afterwards is all told.
    String newer =
        sinceUs == Long.MIN_VALUE
            ? ""
            : " AND toUnixTimestamp64Micro(created_at) >= "
                + Math.max(beginUs, sinceUs - OVERLAP_US);
    String limit = hasBegun ? "" : " LIMIT " + most;
    return "SELECT toString(toUnixTimestamp64Micro(created_at)), formatDateTime(created_at, '%Y-%m-%d %H:%i:%S'), severity, state,"
        + " team, title, sentence, episode_id, toString(money_so_far),"
        + " arrayStringConcat(told, '\\n')"
        + " FROM (SELECT * FROM alerts FINAL WHERE "
        + where()
        + newer
        + " ORDER BY created_at DESC, alert_id"
        + limit
        + ") AS a LEFT JOIN (SELECT tenant, alert_id,"
        // Why it was dropped is of no interest any more once a route was tried.
        + " arraySort(groupUniqArrayIf(concat("
        + "lower(outcome), if(route = '', '', concat(' ', route)), if(reason IS NULL, '', concat(' (', reason, ')'))),"
        + " outcome != 'DROPPED' OR tried = 0)) AS told"
        + " FROM (SELECT *, countIf(outcome != 'DROPPED') OVER (PARTITION BY tenant, alert_id) AS tried"
        + " FROM alert_deliveries FINAL WHERE outcome != 'ANNOUNCED' AND "
        + where()
        + ") GROUP BY tenant, alert_id) AS d USING (tenant, alert_id) ORDER BY created_at, alert_id";
  }

  private String where() {
    return "tenant = "
        + SqlLiteral.text(tenant)
        + (team == null ? "" : " AND team = " + SqlLiteral.text(team));
  }
}
