package dev.tributary.console.core;

import java.util.List;

/** Anomalies: what moved, since when, how much money, why, and whose it is. */
final class EpisodeQueries {
  private static final String OWNERS =
      """
      LEFT JOIN (
        SELECT episode_id, arraySort(groupUniqArray(toString(team))) AS teams,
          toString(argMax(severity, created_at)) AS severity
        FROM alerts FINAL
        WHERE tenant = {tenant:String}
        GROUP BY episode_id) AS owners
      ON owners.episode_id = e.episode_id""";

  /** Amounts leave as text. */
  private static final String COLUMNS =
      """
      e.episode_id AS id, toString(e.environment) AS environment, toString(e.state) AS state,
        e.is_over AS is_over, toString(e.metric) AS metric, e.series AS series, e.sentence AS sentence,
        CAST(e.dimensions, 'Map(String, String)') AS dimensions,
        toUnixTimestamp64Milli(e.opened_at) AS opened_ms,
        toUnixTimestamp64Milli(greatest(e.opened_at, e.last_opened_at)) AS back_ms,
        toUnixTimestamp64Milli(e.last_window_start) AS last_ms,
        e.observed AS observed, e.baseline AS baseline, e.factor AS factor,
        toString(e.money_so_far) AS money, toString(e.money_per_hour) AS money_per_hour,
        e.group_id AS group_id, e.revision AS revision, owners.teams AS teams, owners.severity AS severity""";

  private EpisodeQueries() {}

  /** Episodes that are open, or lie at least in part within the range. */
  static Query list(Arguments arguments) {
    Range range = arguments.range();
    Statement statement =
        new Statement(arguments)
            .with("from", Long.toString(range.fromUs()))
            .with("to", Long.toString(range.toUs()))
            .where("e.opened_at < fromUnixTimestamp64Micro({to:Int64}, 'UTC')")
            .where(
                "(e.last_window_start >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')"
                    + " OR NOT e.is_over)");
    String state = arguments.choice("state", "all", List.of("all", "open", "past"));
    if (!state.equals("all")) {
      statement.where(state.equals("open") ? "NOT e.is_over" : "e.is_over");
    }
    return statement
        .filter(arguments, Dimension.ENVIRONMENT, "toString(e.environment)")
        .filter(arguments, Dimension.FEATURE, "e.dimensions['feature']")
        .filter(arguments, Dimension.TEAM, "arrayJoin(owners.teams)")
        .query(
            """
            SELECT $COLUMNS
            FROM episodes AS e
            $OWNERS
            WHERE $WHERE
            ORDER BY is_over, back_ms DESC, id
            LIMIT 300
            SETTINGS join_use_nulls = 0"""
                .replace("$COLUMNS", COLUMNS)
                .replace("$OWNERS", OWNERS));
  }

  /** One episode as it is now, with its causes. */
  static Query one(Arguments arguments) {
    return new Statement(arguments)
        .with("id", arguments.identifier("id"))
        .where("e.episode_id = {id:String}")
        .query(
            """
            SELECT $COLUMNS,
              arrayMap((driver, slice, amount, share, evidence) -> CAST(
                  (toString(driver), CAST(slice, 'Map(String, String)'), toString(amount), share, evidence),
                  'Tuple(driver String, slice Map(String, String), amount Nullable(String), share Nullable(Float64), evidence String)'),
                e.drivers, e.slices, e.amounts, e.shares, e.evidence) AS causes,
              e.example_trace_ids AS traces
            FROM episodes AS e
            $OWNERS
            WHERE $WHERE
            SETTINGS join_use_nulls = 0"""
                .replace("$COLUMNS", COLUMNS)
                .replace("$OWNERS", OWNERS));
  }

  /** Its states, in order. */
  static Query states(Arguments arguments) {
    return new Statement(arguments)
        .with("id", arguments.identifier("id"))
        .where("episode_id = {id:String}")
        .query(
            """
            SELECT toString(state) AS state, revision, toUnixTimestamp(window_start) AS t,
              observed, baseline, toString(money_so_far) AS money
            FROM anomalies FINAL
            WHERE $WHERE
            ORDER BY revision
            LIMIT 3000""");
  }

  /**
   * The windows of its series by step: cost and calls. Empty where it is of no series; that of an
   * episode is the windows' one and the metric.
   */
  static Query series(Arguments arguments) {
    Range range = arguments.range();
    long step = Math.max(300, range.stepS());
    return new Statement(arguments)
        .with("id", arguments.identifier("id"))
        .with("step", Long.toString(step))
        .fact("step_s", step)
        .within("start_time", range)
        .query(
            """
            WITH (
              SELECT (any(toString(environment)), splitByChar('|', any(series))[1],
                substring(any(series), 1, length(any(series)) - length(any(metric)) - 1))
              FROM anomalies
              WHERE tenant = {tenant:String} AND episode_id = {id:String}) AS of
            SELECT intDiv(toUnixTimestamp(start_time), {step:Int64}) * {step:Int64} AS t,
              toString(sum(cost + cost_estimated)) AS cost, sum(w.calls) AS calls
            FROM windows AS w FINAL
            WHERE $WHERE AND environment = of.1 AND grouping_set = of.2 AND w.series = of.3
            GROUP BY t
            ORDER BY t""");
  }

  /**
   * What was noticed in the range, such as a first prompt version; of the environment or of none.
   */
  static Query changes(Arguments arguments) {
    Statement statement = new Statement(arguments).within("event_time", arguments.range());
    String environment = arguments.text("environment");
    if (environment != null) {
      statement
          .with("environment", environment)
          .where("(environment IS NULL OR environment = {environment:String})");
    }
    return statement.query(
        """
        SELECT toString(kind) AS kind, subject, toUnixTimestamp64Milli(event_time) AS at_ms,
          CAST(detail, 'Map(String, String)') AS detail
        FROM events
        WHERE $WHERE
        ORDER BY event_time DESC, kind, subject
        LIMIT 50""");
  }
}
