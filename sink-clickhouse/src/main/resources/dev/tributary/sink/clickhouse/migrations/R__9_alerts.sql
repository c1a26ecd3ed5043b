-- Episodes, and what became of their alerts.

-- Episodes as they are now: the highest revision of each, and how long it lasted. argMax passes over null, a tuple
-- keeps it: what is not known any more must not be shown as it was.
CREATE OR REPLACE VIEW episodes AS
SELECT
  tenant, environment, episode_id,
  argMax(a.state, a.revision) AS state,
  -- An amendment neither ends nor opens; what comes back after a pause opens again.
  argMaxIf(a.state IN ('RESOLVED', 'LEVEL_SHIFT'), a.revision, a.state != 'AMENDED') AS is_over,
  max(a.revision) AS revision,
  any(a.series) AS series, any(a.metric) AS metric, any(a.dimensions) AS dimensions,
  min(a.opened_at) AS opened_at,
  maxIf(a.window_start, a.state = 'OPENED') AS last_opened_at,
  max(a.window_start) AS last_window_start,
  argMax(tuple(a.observed), a.revision).1 AS observed,
  argMax(tuple(a.baseline), a.revision).1 AS baseline,
  argMax(tuple(a.factor), a.revision).1 AS factor,
  argMax(a.score, a.revision) AS score,
  argMax(tuple(a.money_so_far), a.revision).1 AS money_so_far,
  argMax(tuple(a.money_per_hour), a.revision).1 AS money_per_hour,
  argMax(tuple(a.group_id), a.revision).1 AS group_id,
  argMax(a.`causes.driver`, a.revision) AS drivers,
  argMax(a.`causes.slice`, a.revision) AS slices,
  argMax(a.`causes.amount`, a.revision) AS amounts,
  argMax(a.`causes.share`, a.revision) AS shares,
  argMax(a.`causes.evidence`, a.revision) AS evidence,
  argMax(a.example_trace_ids, a.revision) AS example_trace_ids,
  argMax(a.sentence, a.revision) AS sentence
FROM anomalies AS a
GROUP BY tenant, environment, episode_id;

-- Alerts of teams, each once, the last that was raised of an episode with its money.
CREATE OR REPLACE VIEW alerts_by_team AS
SELECT
  tenant, team, environment, episode_id,
  argMax(a.severity, a.created_at) AS severity,
  argMax(a.state, a.created_at) AS state,
  argMax(a.title, a.created_at) AS title,
  argMax(a.sentence, a.created_at) AS sentence,
  any(a.metric) AS metric,
  any(a.dimensions) AS dimensions,
  min(a.opened_at) AS opened_at,
  max(a.created_at) AS last_alert_at,
  uniqExact(a.alert_id) AS alerts,
  argMax(tuple(a.money_so_far), a.created_at).1 AS money_so_far,
  argMax(tuple(a.money_per_hour), a.created_at).1 AS money_per_hour
FROM alerts AS a
GROUP BY tenant, team, environment, episode_id;

-- What became of alerts by day, team and route; seconds from the close of the window to the delivery.
CREATE OR REPLACE VIEW alert_delivery AS
SELECT
  tenant, toDate(d.created_at) AS day, team, route, outcome, reason,
  count() AS alerts,
  quantileExactLow(0.5)(dateDiff('millisecond', d.created_at, d.at)) / 1000 AS delay_p50_s,
  quantileExactWeighted(0.99)(dateDiff('millisecond', d.created_at, d.at), 1) / 1000 AS delay_p99_s
FROM alert_deliveries AS d FINAL
WHERE d.outcome != 'ANNOUNCED'
GROUP BY tenant, day, team, route, outcome, reason;
