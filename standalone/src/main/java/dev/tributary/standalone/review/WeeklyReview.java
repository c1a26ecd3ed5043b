package dev.tributary.standalone.review;

import dev.tributary.schemas.Keys;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.SqlLiteral;
import java.io.IOException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The review of a week, Monday to Sunday in UTC, from the views that everybody shares. */
public final class WeeklyReview {
  private static final int ROWS = 10;

  /**
   * A table of the review.
   *
   * @param columns what stands over it
   * @param sql gives as many columns; {@code {week}} and {@code {range:COLUMN}} are filled in
   */
  private record Section(String title, List<String> columns, String sql) {}

  private static final List<Section> SECTIONS =
      List.of(
          new Section(
              "Dearest workflows",
              List.of("feature", "team", "cost", "calls", "cost per 1 000 calls", "unpriced calls"),
              "SELECT feature, any(team), round(sum(u.known_cost), 4) AS cost, sum(u.calls) AS c,"
                  + " round(1000 * toFloat64(sum(u.known_cost)) / nullIf(sum(u.calls), 0), 4),"
                  + " sum(u.unpriced_calls) FROM unit_costs AS u WHERE {range:quarter}"
                  + " GROUP BY feature ORDER BY cost DESC NULLS LAST"),
          new Section(
              "Worst traces",
              List.of("trace", "feature", "cost", "errors", "retries", "tool loops"),
              "SELECT trace_id, feature, round(cost, 4), errors, retries, tool_loops FROM traces_net"
                  + " WHERE {range:end_time} AND (errors > 0 OR retries > 0 OR tool_loops > 0)"
                  + " ORDER BY cost DESC NULLS LAST, errors DESC"),
          new Section(
              "Dearest traces",
              List.of("trace", "feature", "cost", "calls", "spans"),
              "SELECT trace_id, feature, round(cost, 4), calls, spans FROM traces_net"
                  + " WHERE {range:end_time} AND cost IS NOT NULL ORDER BY cost DESC"),
          new Section(
              "Slowest traces",
              List.of("trace", "feature", "seconds", "most of it spent on"),
              "SELECT trace_id, feature, round(wall_time_us / 1e6, 1),"
                  + " arrayReverseSort(k -> critical_path_us[k], mapKeys(critical_path_us))[1]"
                  + " FROM traces_net WHERE {range:end_time} ORDER BY wall_time_us DESC"),
          new Section(
              "Commonest failures",
              List.of("span kind", "error", "feature", "failures", "cost"),
              "SELECT span_kind, e.error_type, feature, sum(e.failures) AS n,"
                  + " round(sum(e.cost_of_failures), 4) FROM errors AS e WHERE {range:hour}"
                  + " GROUP BY span_kind, e.error_type, feature ORDER BY n DESC"),
          new Section(
              "Commonest labels",
              List.of("score", "label", "source", "times"),
              "SELECT name, assumeNotNull(label) AS l, source, count() AS n FROM scores_net"
                  + " WHERE {range:scored_at} AND label IS NOT NULL GROUP BY name, l, source"
                  + " ORDER BY n DESC"),
          new Section(
              "Savings (kinds overlap: do not add them)",
              List.of("kind", "feature", "model", "would have saved", "calls", "evidence", "trace"),
              "SELECT kind, feature, if(model = '', '-', model), round(saving, 4) AS s, calls, evidence,"
                  + " example_trace_id FROM savings WHERE week = toDate('{week}')"
                  + " {tenant} ORDER BY s DESC NULLS LAST"));

  private final SqlClient sql;

  /** Reviews through this client. */
  public WeeklyReview(SqlClient sql) {
    this.sql = sql;
  }

  /** The Monday of the week that a day lies in. */
  public static LocalDate mondayOf(LocalDate day) {
    return day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
  }

  /** The review as Markdown. */
  public String markdown(String tenant, LocalDate monday) throws IOException, InterruptedException {
    if (!Keys.isTenant(tenant)) {
      throw new PlatformException("--tenant: no name of a tenant: " + tenant);
    }
    StringBuilder text = new StringBuilder(4_096);
    text.append("# Week of ").append(monday).append("\n\n");
    text.append("Tenant `").append(tenant).append("`, Monday to Sunday, UTC. ");
    text.append("Costs are lower bounds where calls have no price.\n");
    for (Section section : SECTIONS) {
      append(text, section, tenant, monday);
    }
    return text.toString();
  }

  private void append(StringBuilder text, Section section, String tenant, LocalDate monday)
      throws IOException, InterruptedException {
    String ofTenant = "AND tenant = " + SqlLiteral.text(tenant);
    String query =
        section
            .sql()
            .replace("{week}", monday.toString())
            .replace("{tenant}", ofTenant)
            .replaceAll(
                "\\{range:(\\w+)}",
                "$1 >= toDateTime('%s', 'UTC') AND $1 < toDateTime('%s', 'UTC') %s"
                    .formatted(monday + " 00:00:00", monday.plusWeeks(1) + " 00:00:00", ofTenant));
    String rows = sql.run(query + " LIMIT " + ROWS, "TabSeparated");
    text.append("\n## ").append(section.title()).append("\n\n");
    if (rows.isBlank()) {
      text.append("None.\n");
      return;
    }
    text.append("| ").append(String.join(" | ", section.columns())).append(" |\n");
    text.append("|").append("---|".repeat(section.columns().size())).append('\n');
    rows.lines()
        .forEach(
            row ->
                text.append("| ")
                    .append(
                        Arrays.stream(row.split("\t", -1))
                            .map(WeeklyReview::cell)
                            .collect(Collectors.joining(" | ")))
                    .append(" |\n"));
  }

  private static String cell(String column) {
    return SqlLiteral.isNull(column)
        ? "unknown"
        : SqlLiteral.unescaped(column).replaceAll("\\p{Cntrl}", " ").replace("|", "\\|");
  }
}
