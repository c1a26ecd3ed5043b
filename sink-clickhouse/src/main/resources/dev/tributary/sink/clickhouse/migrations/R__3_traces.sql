-- Traces and sessions: what happened in them, and what it was spent on.

-- The current revision of each trace, with the money and the owner that the ledger has for it now: a correction, or a span
-- that came when the trace's state was gone, makes no revision. Entries of their kinds mark the traces whose sums are taken
-- from the lines; where a revision knew of them already, the lines say the same as it does. The owner is the line's that
-- stands for the trace.
CREATE OR REPLACE VIEW traces_net AS
SELECT t.* REPLACE (
  if(l.amended, l.cost, t.cost) AS cost, if(l.amended, l.calls, t.calls) AS calls,
  if(l.amended, l.unpriced_calls, t.unpriced_calls) AS unpriced_calls,
  if(l.amended, l.unpriced_tokens, t.unpriced_tokens) AS unpriced_tokens,
  if(l.amended, l.input_uncached_tokens, t.input_uncached_tokens) AS input_uncached_tokens,
  if(l.amended, l.cache_read_tokens, t.cache_read_tokens) AS cache_read_tokens,
  if(l.amended, l.cache_write_5m_tokens, t.cache_write_5m_tokens) AS cache_write_5m_tokens,
  if(l.amended, l.cache_write_1h_tokens, t.cache_write_1h_tokens) AS cache_write_1h_tokens,
  if(l.amended, l.input_audio_tokens, t.input_audio_tokens) AS input_audio_tokens,
  if(l.amended, l.input_image_tokens, t.input_image_tokens) AS input_image_tokens,
  if(l.amended, l.output_text_tokens, t.output_text_tokens) AS output_text_tokens,
  if(l.amended, l.reasoning_tokens, t.reasoning_tokens) AS reasoning_tokens,
  if(l.amended, l.output_audio_tokens, t.output_audio_tokens) AS output_audio_tokens,
  if(l.amended, l.output_image_tokens, t.output_image_tokens) AS output_image_tokens,
  if(l.owned, l.feature, t.feature) AS feature, if(l.owned, l.team, t.team) AS team, if(l.owned, l.workspace, t.workspace) AS workspace,
  if(l.owned, l.environment, t.environment) AS environment, if(l.owned, l.project, t.project) AS project,
  if(l.owned, l.cost_center, t.cost_center) AS cost_center, if(l.owned, l.user_tier, t.user_tier) AS user_tier,
  if(l.owned, l.experiment, t.experiment) AS experiment, if(l.owned, l.retrieval_version, t.retrieval_version) AS retrieval_version,
  if(l.owned, l.prompt_name, t.prompt_name) AS prompt_name, if(l.owned, l.prompt_version, t.prompt_version) AS prompt_version,
  if(l.owned, l.agent, t.agent) AS agent, if(l.owned, l.feature_provenance, t.feature_provenance) AS feature_provenance,
  if(l.owned, l.team_provenance, t.team_provenance) AS team_provenance, if(l.owned, l.owner_conflict, t.owner_conflict) AS owner_conflict)
FROM (SELECT * FROM traces FINAL) AS t
LEFT JOIN (
  SELECT
    c.tenant AS tenant, c.source AS trace_id, true AS amended, countIf(owns) > 0 AS owned,
    if(sumIf(c.sign, c.cost IS NOT NULL) = 0, NULL, sum(c.sign * c.cost)) AS cost, sum(c.sign * c.calls) AS calls,
    sumIf(c.sign * c.calls, c.cost IS NULL AND c.price_status != 'NOT_BILLABLE') AS unpriced_calls, sum(c.sign * c.unpriced_tokens) AS unpriced_tokens,
    if(sumIf(c.sign, c.input_uncached_tokens IS NOT NULL) = 0, NULL, sum(c.sign * c.input_uncached_tokens)) AS input_uncached_tokens,
    if(sumIf(c.sign, c.cache_read_tokens IS NOT NULL) = 0, NULL, sum(c.sign * c.cache_read_tokens)) AS cache_read_tokens,
    if(sumIf(c.sign, c.cache_write_5m_tokens IS NOT NULL) = 0, NULL, sum(c.sign * c.cache_write_5m_tokens)) AS cache_write_5m_tokens,
    if(sumIf(c.sign, c.cache_write_1h_tokens IS NOT NULL) = 0, NULL, sum(c.sign * c.cache_write_1h_tokens)) AS cache_write_1h_tokens,
    if(sumIf(c.sign, c.input_audio_tokens IS NOT NULL) = 0, NULL, sum(c.sign * c.input_audio_tokens)) AS input_audio_tokens,
    if(sumIf(c.sign, c.input_image_tokens IS NOT NULL) = 0, NULL, sum(c.sign * c.input_image_tokens)) AS input_image_tokens,
    if(sumIf(c.sign, c.output_text_tokens IS NOT NULL) = 0, NULL, sum(c.sign * c.output_text_tokens)) AS output_text_tokens,
    if(sumIf(c.sign, c.reasoning_tokens IS NOT NULL) = 0, NULL, sum(c.sign * c.reasoning_tokens)) AS reasoning_tokens,
    if(sumIf(c.sign, c.output_audio_tokens IS NOT NULL) = 0, NULL, sum(c.sign * c.output_audio_tokens)) AS output_audio_tokens,
    if(sumIf(c.sign, c.output_image_tokens IS NOT NULL) = 0, NULL, sum(c.sign * c.output_image_tokens)) AS output_image_tokens,
    argMaxIf(c.feature, c.revision, owns) AS feature, argMaxIf(c.team, c.revision, owns) AS team,
    argMaxIf(c.workspace, c.revision, owns) AS workspace, argMaxIf(c.environment, c.revision, owns) AS environment,
    argMaxIf(c.project, c.revision, owns) AS project, argMaxIf(c.cost_center, c.revision, owns) AS cost_center,
    argMaxIf(c.user_tier, c.revision, owns) AS user_tier, argMaxIf(c.experiment, c.revision, owns) AS experiment,
    argMaxIf(c.retrieval_version, c.revision, owns) AS retrieval_version, argMaxIf(c.prompt_name, c.revision, owns) AS prompt_name,
    argMaxIf(c.prompt_version, c.revision, owns) AS prompt_version, argMaxIf(c.agent, c.revision, owns) AS agent,
    argMaxIf(c.feature_provenance, c.revision, owns) AS feature_provenance,
    argMaxIf(c.team_provenance, c.revision, owns) AS team_provenance, argMaxIf(c.owner_conflict, c.revision, owns) AS owner_conflict
  FROM (SELECT *, item = 'trace' AND sign = 1 AS owns FROM calls) AS c
  WHERE c.kind = 'USAGE' AND c.source IN (
    SELECT source FROM ledger WHERE cause IN ('REPRICE', 'REATTRIBUTE', 'REPLAY', 'ADMITTED') OR cause = 'LATE_SPAN' AND revision = 1)
  GROUP BY tenant, trace_id) AS l
  ON l.tenant = t.tenant AND l.trace_id = t.trace_id
SETTINGS join_use_nulls = 0;

-- The current revision of each session; where a trace of it was amended, money and owner are those of its traces: the owner
-- most of them have, the smallest at a tie. The growth of cost is that of the last third of the listed turns over the first.
-- The outcome, where the record says none, is what the business scored the session: name and label, several in order.
CREATE OR REPLACE VIEW sessions_net AS
WITH
  votes -> if(empty(votes), 'unattributed', arraySort(vote -> (-vote.2, vote.1), arrayZip(mapKeys(votes), mapValues(votes)))[1].1) AS winner,
  (listed, ids, costs) -> arrayMap((id, cost) -> if(mapContains(listed, id), listed[id].1, cost), ids, costs) AS turn_costs,
  (listed, ids, calls) -> arrayMap((id, made) -> if(mapContains(listed, id), listed[id].2, made), ids, calls) AS turn_calls,
  costs -> arrayMap(cost -> toFloat64(assumeNotNull(cost)), arrayFilter(cost -> cost IS NOT NULL, costs)) AS known,
  costs -> known(arraySlice(costs, 1, intDiv(length(costs), 3))) AS early,
  costs -> known(arraySlice(costs, 1 + length(costs) - intDiv(length(costs), 3))) AS later,
  costs -> if(empty(early(costs)) OR empty(later(costs)), NULL, arrayAvg(later(costs)) / nullIf(greatest(arrayAvg(early(costs)), 0), 0)) AS growth
SELECT s.* REPLACE (
  if(n.amended, n.cost, s.cost) AS cost, if(n.amended, n.calls, s.calls) AS calls,
  if(n.amended, n.unpriced_calls, s.unpriced_calls) AS unpriced_calls,
  if(n.amended, n.input_uncached_tokens, s.input_uncached_tokens) AS input_uncached_tokens,
  if(n.amended, n.cache_read_tokens, s.cache_read_tokens) AS cache_read_tokens,
  if(n.amended, n.cache_write_5m_tokens, s.cache_write_5m_tokens) AS cache_write_5m_tokens,
  if(n.amended, n.cache_write_1h_tokens, s.cache_write_1h_tokens) AS cache_write_1h_tokens,
  if(n.amended, n.input_audio_tokens, s.input_audio_tokens) AS input_audio_tokens,
  if(n.amended, n.input_image_tokens, s.input_image_tokens) AS input_image_tokens,
  if(n.amended, n.output_text_tokens, s.output_text_tokens) AS output_text_tokens,
  if(n.amended, n.reasoning_tokens, s.reasoning_tokens) AS reasoning_tokens,
  if(n.amended, n.output_audio_tokens, s.output_audio_tokens) AS output_audio_tokens,
  if(n.amended, n.output_image_tokens, s.output_image_tokens) AS output_image_tokens,
  if(n.amended, winner(n.features), s.feature) AS feature, if(n.amended, winner(n.teams), s.team) AS team,
  if(n.amended, winner(n.environments), s.environment) AS environment,
  if(n.amended, if(length(n.workspaces) > 1, 'MIXED', winner(n.workspaces)), s.workspace) AS workspace,
  if(n.amended, turn_costs(n.listed, s.turn_list.trace_id, s.turn_list.cost), s.turn_list.cost) AS `turn_list.cost`,
  if(n.amended, turn_calls(n.listed, s.turn_list.trace_id, s.turn_list.calls), s.turn_list.calls) AS `turn_list.calls`,
  if(n.amended, growth(turn_costs(n.listed, s.turn_list.trace_id, s.turn_list.cost)), s.cost_growth) AS cost_growth)
FROM (
  SELECT r.* REPLACE (coalesce(r.outcome, nullIf(o.outcome, '')) AS outcome)
  FROM (SELECT * FROM sessions FINAL) AS r
  LEFT JOIN (
    SELECT
      tenant, coalesce(session_id, subject_id) AS of_session,
      arrayStringConcat(arraySort(groupUniqArray(concat(name, coalesce(concat(' ', label), '')))), ', ') AS outcome
    FROM scores FINAL
    WHERE source = 'BUSINESS' AND status = 'SCORED' AND subject_kind = 'SESSION'
    GROUP BY tenant, of_session) AS o
    ON o.tenant = r.tenant AND o.of_session = r.session_id) AS s
LEFT JOIN (
  SELECT
    t.tenant AS tenant, assumeNotNull(t.session_id) AS session_id, true AS amended,
    sum(t.cost) AS cost, sum(t.calls) AS calls, sum(t.unpriced_calls) AS unpriced_calls,
    sum(t.input_uncached_tokens) AS input_uncached_tokens, sum(t.cache_read_tokens) AS cache_read_tokens,
    sum(t.cache_write_5m_tokens) AS cache_write_5m_tokens, sum(t.cache_write_1h_tokens) AS cache_write_1h_tokens,
    sum(t.input_audio_tokens) AS input_audio_tokens, sum(t.input_image_tokens) AS input_image_tokens,
    sum(t.output_text_tokens) AS output_text_tokens, sum(t.reasoning_tokens) AS reasoning_tokens,
    sum(t.output_audio_tokens) AS output_audio_tokens, sum(t.output_image_tokens) AS output_image_tokens,
    sumMapIf(map(feature, toInt64(1)), feature != 'unattributed') AS features,
    sumMapIf(map(team, toInt64(1)), team != 'unattributed') AS teams,
    sumMapIf(map(environment, toInt64(1)), environment != 'unattributed') AS environments,
    sumMapIf(map(workspace, toInt64(1)), workspace != 'unattributed') AS workspaces,
    CAST(groupArray((t.trace_id, (t.cost, t.calls))), 'Map(String, Tuple(Nullable(Decimal(38, 18)), Int64))') AS listed
  FROM traces_net AS t
  WHERE t.session_id IN (SELECT session_id FROM traces WHERE trace_id IN (
    SELECT source FROM ledger WHERE cause IN ('REPRICE', 'REATTRIBUTE', 'REPLAY', 'ADMITTED') OR cause = 'LATE_SPAN' AND revision = 1))
  GROUP BY tenant, session_id) AS n
  ON n.tenant = s.tenant AND n.session_id = s.session_id
SETTINGS join_use_nulls = 0;

-- Money burnt in tool loops: one row per loop of a closed trace.
CREATE OR REPLACE VIEW tool_loops AS
SELECT tenant, environment, team, feature, trace_id, loop.tool_name AS tool_name, loop.tool_args_hash AS tool_args_hash,
  loop.calls AS calls, loop.start_time AS start_time, loop.end_time AS end_time, loop.cost AS cost
FROM traces_net ARRAY JOIN tool_loop_list AS loop;

-- One agent giving over to another, also across services, and how long the next one let it wait.
CREATE OR REPLACE VIEW handoffs AS
SELECT tenant, environment, team, feature, trace_id, handoff.via AS via, handoff.from_agent AS from_agent,
  handoff.to_agent AS to_agent, handoff.from_service AS from_service, handoff.to_service AS to_service,
  handoff.from_trace_id AS from_trace_id, handoff.start_time AS start_time, handoff.gap_us AS gap_us
FROM traces_net ARRAY JOIN handoff_list AS handoff;

-- What was tried before something else answered, and at what cost.
CREATE OR REPLACE VIEW fallbacks AS
SELECT tenant, environment, team, feature, trace_id, fallback.from_model AS from_model, fallback.to_model AS to_model,
  fallback.attempts AS attempts, fallback.cost AS cost, fallback.start_time AS start_time
FROM traces_net ARRAY JOIN fallback_list AS fallback;

-- Wall time of traces by what it was spent on: the critical path by span kind. A path adds up to its trace's wall time,
-- so the shares of an hour's kinds add up to 1.
CREATE OR REPLACE VIEW critical_path AS
SELECT tenant, environment, team, feature, toStartOfHour(end_time) AS hour, path.1 AS kind,
  count() AS traces, sum(path.2) AS time_us,
  time_us / nullIf(sum(time_us) OVER (PARTITION BY tenant, environment, team, feature, hour), 0) AS share
FROM traces_net ARRAY JOIN CAST(critical_path_us, 'Array(Tuple(String, Int64))') AS path
GROUP BY tenant, environment, team, feature, hour, kind;

-- How sessions go on: cost, context, latency, gaps and errors by turn number.
CREATE OR REPLACE VIEW session_turns AS
SELECT tenant, environment, team, feature, workspace, turn.number AS turn, count() AS sessions,
  sum(turn.cost) AS cost, avg(turn.context_tokens) AS context_tokens_mean, avg(turn.wall_time_us) AS wall_time_us_mean,
  avg(turn.gap_us) AS gap_us_mean, sum(turn.calls) AS calls, sum(turn.errors) AS errors
FROM sessions_net ARRAY JOIN turn_list AS turn
GROUP BY tenant, environment, team, feature, workspace, turn;
