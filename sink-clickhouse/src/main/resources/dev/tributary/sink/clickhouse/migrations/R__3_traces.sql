-- Traces and sessions: what happened in them, and what it was spent on.

-- The current revision of each trace and session.
CREATE OR REPLACE VIEW traces_net AS SELECT * FROM traces FINAL;

CREATE OR REPLACE VIEW sessions_net AS SELECT * FROM sessions FINAL;

-- Money burnt in tool loops: one row per loop of a closed trace.
CREATE OR REPLACE VIEW tool_loops AS
SELECT tenant, environment, team, feature, trace_id, loop.tool_name AS tool_name, loop.tool_args_hash AS tool_args_hash,
  loop.calls AS calls, loop.start_time AS start_time, loop.end_time AS end_time, loop.cost AS cost
FROM traces FINAL ARRAY JOIN tool_loop_list AS loop;

-- One agent giving over to another, also across services, and how long the next one let it wait.
CREATE OR REPLACE VIEW handoffs AS
SELECT tenant, environment, team, feature, trace_id, handoff.via AS via, handoff.from_agent AS from_agent,
  handoff.to_agent AS to_agent, handoff.from_service AS from_service, handoff.to_service AS to_service,
  handoff.from_trace_id AS from_trace_id, handoff.start_time AS start_time, handoff.gap_us AS gap_us
FROM traces FINAL ARRAY JOIN handoff_list AS handoff;

-- What was tried before something else answered, and at what cost.
CREATE OR REPLACE VIEW fallbacks AS
SELECT tenant, environment, team, feature, trace_id, fallback.from_model AS from_model, fallback.to_model AS to_model,
  fallback.attempts AS attempts, fallback.cost AS cost, fallback.start_time AS start_time
FROM traces FINAL ARRAY JOIN fallback_list AS fallback;

-- Wall time of traces by what it was spent on: the critical path by span kind. A path adds up to its trace's wall time,
-- so the shares of an hour's kinds add up to 1.
CREATE OR REPLACE VIEW critical_path AS
SELECT tenant, environment, team, feature, toStartOfHour(end_time) AS hour, path.1 AS kind,
  count() AS traces, sum(path.2) AS time_us,
  time_us / nullIf(sum(time_us) OVER (PARTITION BY tenant, environment, team, feature, hour), 0) AS share
FROM traces FINAL ARRAY JOIN CAST(critical_path_us, 'Array(Tuple(String, Int64))') AS path
GROUP BY tenant, environment, team, feature, hour, kind;

-- How sessions go on: cost, context, latency, gaps and errors by turn number.
CREATE OR REPLACE VIEW session_turns AS
SELECT tenant, environment, team, feature, workspace, turn.number AS turn, count() AS sessions,
  sum(turn.cost) AS cost, avg(turn.context_tokens) AS context_tokens_mean, avg(turn.wall_time_us) AS wall_time_us_mean,
  avg(turn.gap_us) AS gap_us_mean, sum(turn.calls) AS calls, sum(turn.errors) AS errors
FROM sessions FINAL ARRAY JOIN turn_list AS turn
GROUP BY tenant, environment, team, feature, workspace, turn;
