package dev.tributary.console.core;

/** Money, traffic and quality by one dimension, and over time. */
final class SpendQueries {
  /** Groups that a chart tells apart; the rest is one more. */
  private static final String CHART_GROUPS = "7";

  private static final String MOST = "500";

  private SpendQueries() {}

  /** One row: everything in the range. */
  static Query total(Arguments arguments) {
    return new Statement(arguments)
        .within("event_time", arguments.range())
        .filterLines(arguments)
        .query(
            """
            SELECT $NAMED, lines
            FROM (
              SELECT $SUMS,
                sum(sign) AS lines
              FROM lines_signed AS l
              WHERE $WHERE)"""
                .replace("$NAMED", Sums.NAMED)
                .replace("$SUMS", Sums.ALL));
  }

  /** A row per value of the dimension, the dearest first; untagged spend is one of them. */
  static Query table(Arguments arguments) {
    return new Statement(arguments)
        .within("event_time", arguments.range())
        .filterLines(arguments)
        .query(
            """
            SELECT key, $NAMED
            FROM (
              SELECT $KEY AS key,
                $SUMS
              FROM lines_signed AS l
              WHERE $WHERE
              GROUP BY key
              HAVING sum(sign) > 0 AND (n_calls != 0 OR amount IS NOT NULL))
            ORDER BY amount DESC NULLS LAST, n_calls DESC, key
            LIMIT $MOST"""
                .replace("$NAMED", Sums.NAMED)
                .replace("$SUMS", Sums.ALL)
                .replace("$KEY", arguments.by().ofLines())
                .replace("$MOST", MOST));
  }

  /** Cost and calls by step and value; what is not among the dearest values is {@code is_rest}. */
  static Query series(Arguments arguments) {
    Range range = arguments.range();
    String key = arguments.by().ofLines();
    return new Statement(arguments)
        .within("event_time", range)
        .filterLines(arguments)
        .with("step", Long.toString(range.stepS()))
        .fact("step_s", range.stepS())
        .query(
            """
            WITH dearest AS (
              SELECT $KEY AS key, sum(sign * l.cost) AS amount, sum(sign * l.calls) AS n
              FROM lines_signed AS l
              WHERE $WHERE
              GROUP BY key
              HAVING sum(sign) > 0
              ORDER BY amount DESC NULLS LAST, n DESC, key
              LIMIT $GROUPS)
            SELECT t, if(is_rest, '', group_key) AS key, is_rest, toString(amount) AS cost, n_calls AS calls
            FROM (
              SELECT
                intDiv(toUnixTimestamp(event_time), {step:Int64}) * {step:Int64} AS t,
                $KEY NOT IN (SELECT key FROM dearest) AS is_rest,
                if(is_rest, '', $KEY) AS group_key,
                $COST,
                sum(sign * l.calls) AS n_calls
              FROM lines_signed AS l
              WHERE $WHERE
              GROUP BY t, is_rest, group_key
              HAVING n_calls != 0 OR amount IS NOT NULL)
            ORDER BY t, is_rest, key
            LIMIT 5000"""
                .replace("$KEY", key)
                .replace("$COST", Sums.COST)
                .replace("$GROUPS", CHART_GROUPS));
  }

  /** The 95th percentile of latency per value (nearest rank, over net calls). */
  static Query latency(Arguments arguments) {
    return new Statement(arguments)
        .within("event_time", arguments.range())
        .filterLines(arguments)
        .query(
            """
            SELECT $KEY AS key, count() AS measured_calls,
              quantileExactWeighted(0.95)(latency_us, 1) AS p95_us
            FROM calls_net
            WHERE $WHERE
            GROUP BY key
            ORDER BY measured_calls DESC, key
            LIMIT $MOST"""
                .replace("$KEY", arguments.by().ofLines())
                .replace("$MOST", MOST));
  }

  /** Mean of each score per value, weighted by the inverse of the inclusion probability. */
  static Query scores(Arguments arguments) {
    return scored(arguments)
        .query(
            """
            SELECT $KEY AS key, $MEANS
            FROM scores_net
            WHERE $WHERE
            GROUP BY key, name, source, direction
            ORDER BY n DESC, key, name, source
            LIMIT 2000"""
                .replace("$KEY", arguments.by().ofScores())
                .replace("$MEANS", Scores.COLUMNS));
  }

  /** The same by step, all values together. */
  static Query scoreSeries(Arguments arguments) {
    Range range = arguments.range();
    return scored(arguments)
        .with("step", Long.toString(range.stepS()))
        .fact("step_s", range.stepS())
        .query(
            """
            SELECT intDiv(toUnixTimestamp($TIME), {step:Int64}) * {step:Int64} AS t, $MEANS
            FROM scores_net
            WHERE $WHERE
            GROUP BY t, name, source, direction
            ORDER BY t, name, source
            LIMIT 5000"""
                .replace("$TIME", Scores.TIME)
                .replace("$MEANS", Scores.COLUMNS));
  }

  private static Statement scored(Arguments arguments) {
    return new Statement(arguments)
        .where(Scores.VALUED)
        .within(Scores.TIME, arguments.range())
        .filterScores(arguments);
  }
}
