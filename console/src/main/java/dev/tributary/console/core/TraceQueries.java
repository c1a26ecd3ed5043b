package dev.tributary.console.core;

import java.util.List;

/** Traces and sessions by money, and the lines of one. No text of any call is read. */
final class TraceQueries {
  private static final String PRESENT =
      "mapKeys(mapFilter((k, n) -> n > 0, sumMap(map(toString($COLUMN), toInt64(sign)))))";

  private TraceQueries() {}

  /** Traces by what their lines that pass the filters cost, or the latest. */
  static Query list(Arguments arguments) {
    boolean dearest = arguments.choice("sort", "cost", List.of("cost", "time")).equals("cost");
    return new Statement(arguments)
        .where("kind = 'USAGE'")
        .within("event_time", arguments.range())
        .filterLines(arguments)
        .query(
            """
            SELECT id, $NAMED, spans, start_ms, wall_us, features, teams,
              arrayFilter(each -> each != 'unknown', models) AS models
            FROM (
              SELECT source AS id,
                $SUMS,
                sumIf(sign, item != 'trace') AS spans,
                toUnixTimestamp64Milli(min(start_time)) AS start_ms,
                dateDiff('microsecond', min(start_time), max(event_time)) AS wall_us,
                $FEATURES AS features, $TEAMS AS teams, $MODELS AS models
              FROM lines_signed AS l
              WHERE $WHERE
              GROUP BY source
              HAVING sum(sign) > 0)
            ORDER BY $ORDER, id
            LIMIT 100"""
                .replace("$NAMED", Sums.NAMED)
                .replace("$SUMS", Sums.ALL)
                .replace("$FEATURES", PRESENT.replace("$COLUMN", "feature"))
                .replace("$TEAMS", PRESENT.replace("$COLUMN", "team"))
                .replace("$MODELS", PRESENT.replace("$COLUMN", "model"))
                .replace("$ORDER", dearest ? "amount DESC NULLS LAST" : "start_ms DESC"));
  }

  /** Sessions that ended in the range, the dearest first. */
  static Query sessions(Arguments arguments) {
    return new Statement(arguments)
        .within("end_time", arguments.range())
        .filter(arguments, Dimension.FEATURE, "toString(feature)")
        .filter(arguments, Dimension.TEAM, "toString(team)")
        .filter(arguments, Dimension.WORKSPACE, "toString(workspace)")
        .filter(arguments, Dimension.ENVIRONMENT, "toString(environment)")
        .query(
            """
            SELECT session_id AS id, toString(s.cost) AS cost, s.calls AS calls, s.unpriced_calls AS unpriced_calls,
              s.turns AS turns, s.errors AS errors, toString(s.feature) AS feature, toString(s.team) AS team,
              toString(s.workspace) AS workspace, s.outcome AS outcome,
              toUnixTimestamp64Milli(start_time) AS start_ms,
              dateDiff('microsecond', start_time, end_time) AS wall_us
            FROM sessions_net AS s
            WHERE $WHERE
            ORDER BY s.cost DESC NULLS LAST, id
            LIMIT 100""");
  }

  /** The turns of a session, in order; a row each. */
  static Query session(Arguments arguments) {
    return new Statement(arguments)
        .with("id", arguments.identifier("id"))
        .where("session_id = {id:String}")
        .query(
            """
            SELECT turn.number AS number, turn.trace_id AS trace_id, toString(turn.cost) AS cost, turn.calls AS calls,
              turn.errors AS errors, turn.input_tokens AS input_tokens, turn.wall_time_us AS wall_us,
              toUnixTimestamp64Milli(turn.start_time) AS start_ms, turn_list_truncated AS is_cut
            FROM sessions_net ARRAY JOIN turn_list AS turn
            WHERE $WHERE
            ORDER BY number, start_ms
            LIMIT 1000""");
  }

  /** What its close said of a trace; empty where it is open, or came too late to have one. */
  static Query summary(Arguments arguments) {
    return new Statement(arguments)
        .with("id", arguments.identifier("id"))
        .where("trace_id = {id:String}")
        .query(
            """
            SELECT toString(close_reason) AS close_reason, session_id, wall_time_us, tool_loops, retries, fallbacks,
              handoffs, orphans, sampling_probability,
              CAST(critical_path_us, 'Map(String, Int64)') AS critical_path_us
            FROM traces FINAL
            WHERE $WHERE""");
  }

  /** Its lines as they are now, by start. */
  static Query lines(Arguments arguments) {
    return new Statement(arguments)
        .with("id", arguments.identifier("id"))
        .where("kind = 'USAGE'")
        .where("source = {id:String}")
        .query(
            """
            SELECT item, toString(span_kind) AS span_kind, toString(purpose) AS purpose, service_name,
              toString(feature) AS feature, toString(team) AS team, toString(workspace) AS workspace,
              toString(environment) AS environment, toString(prompt_name) AS prompt_name,
              toString(prompt_version) AS prompt_version, toString(agent) AS agent,
              l.model AS model, toString(surface) AS surface, toString(price_status) AS price_status,
              toString(price_reason) AS price_reason, toString(l.cost) AS cost, l.calls AS calls,
              $TOKENS AS tokens, l.unpriced_tokens AS unpriced_tokens, is_unpriced,
              toString(usage_quality) AS usage_quality,
              error, error_type, http_status, attempt, fallback_from, tool_name, mcp_server, retrieval_source,
              toUnixTimestamp64Micro(start_time) AS start_us, latency_us, ttft_us, revision
            FROM lines_net AS l
            WHERE $WHERE
            ORDER BY start_us, item
            LIMIT 2000"""
                .replace("$TOKENS", Sums.TOKENS_OF_LINE));
  }

  /** Which span hangs below which, as long as spans are kept. */
  static Query tree(Arguments arguments) {
    return new Statement(arguments)
        .with("id", arguments.identifier("id"))
        .where("trace_id = {id:String}")
        .query(
            """
            SELECT span_id, parent_span_id
            FROM spans_net
            WHERE $WHERE
            LIMIT 2000""");
  }

  /** Where each line's tags came from and what it was priced with, from the audit. */
  static Query audit(Arguments arguments) {
    return new Statement(arguments)
        .with("id", arguments.identifier("id"))
        .where("kind = 'USAGE'")
        .where("source = {id:String}")
        .query(
            """
            SELECT item, count() AS entries, argMax(toString(cause), revision) AS last_cause,
              argMaxIf(map('feature', feature_provenance, 'team', team_provenance, 'workspace', workspace_provenance,
                'environment', environment_provenance, 'prompt_version', prompt_version_provenance,
                'agent', agent_provenance), revision, sign = 1) AS provenance,
              argMaxIf((rate_card_id, catalogue_version), revision, sign = 1) AS priced_by,
              argMaxIf(arrayMap((bucket, quantity, cost) -> CAST((bucket, quantity, toString(cost)),
                  'Tuple(bucket String, quantity Int64, cost Nullable(String))'),
                cost_lines.bucket, cost_lines.quantity, cost_lines.cost), revision, sign = 1) AS buckets
            FROM ledger
            WHERE $WHERE
              AND toStartOfHour(event_time) >= (
                SELECT toStartOfHour(min(event_time)) FROM calls WHERE tenant = {tenant:String} AND source = {id:String})
              AND toStartOfHour(event_time) <= (
                SELECT toStartOfHour(max(event_time)) FROM calls WHERE tenant = {tenant:String} AND source = {id:String})
            GROUP BY item
            HAVING sum(sign) > 0
            LIMIT 2000""");
  }
}
