-- Shared views. Names and columns are stable; README.md describes them. Applied again when this text changes.
-- Sums are signed (sum(sign * x)), so they hold whether or not retractions have merged with what they retract. A sum of
-- costs is asked for only where a net line has one: what was retracted adds up to 0 until it merges, and then to nothing.
-- Amounts are in the ledger's currency and are a lower bound wherever unpriced_calls is not 0, or a call was priced in part (PARTIAL).

-- A call is unpriced where a cost is missing; one whose usage another span owns is neither priced nor unpriced.

-- Each line's current truth exactly once, merged or not. FINAL collapses pairs of equal key and revision.
CREATE OR REPLACE VIEW lines_net AS
SELECT
  *,
  coalesce(model_canonical, model_returned, model_requested, 'unknown') AS model,
  toStartOfHour(event_time) AS hour,
  CAST(price_status, 'String') IN ('PRICED', 'PARTIAL', 'FREE', 'ALLOCATED', 'STALE') AS is_priced,
  NOT is_priced AND price_status != 'NOT_BILLABLE' AS is_unpriced,
  CAST(feature_provenance, 'String') NOT IN ('RULE', 'UNATTRIBUTED') AS is_attributed
FROM calls FINAL
WHERE sign = 1;

-- The lines that are logical calls.
CREATE OR REPLACE VIEW calls_net AS
SELECT * FROM lines_net WHERE calls = 1;

-- Every entry of every line with its sign, for signed sums.
CREATE OR REPLACE VIEW lines_signed AS
SELECT
  *,
  coalesce(model_canonical, model_returned, model_requested, 'unknown') AS model,
  toStartOfHour(event_time) AS hour,
  CAST(price_status, 'String') IN ('PRICED', 'PARTIAL', 'FREE', 'ALLOCATED', 'STALE') AS is_priced,
  NOT is_priced AND price_status != 'NOT_BILLABLE' AS is_unpriced,
  CAST(feature_provenance, 'String') NOT IN ('RULE', 'UNATTRIBUTED') AS is_attributed
FROM calls;

-- Money by owner, model, prompt version and hour, with how much of it is known.
CREATE OR REPLACE VIEW spend AS
SELECT
  tenant, hour, environment, team, feature, workspace, surface, model, prompt_name, prompt_version, purpose,
  sum(sign * l.calls) AS calls,
  if(sumIf(sign, l.cost IS NOT NULL AND usage_quality != 'ESTIMATED') = 0, NULL, sumIf(sign * l.cost, usage_quality != 'ESTIMATED')) AS cost,
  if(sumIf(sign, l.cost IS NOT NULL AND usage_quality = 'ESTIMATED') = 0, NULL, sumIf(sign * l.cost, usage_quality = 'ESTIMATED')) AS cost_estimated,
  sumIf(sign * l.calls, is_priced) AS priced_calls,
  sumIf(sign * l.calls, is_unpriced) AS unpriced_calls,
  sum(sign * l.unpriced_tokens) AS unpriced_tokens
FROM lines_signed AS l
GROUP BY tenant, hour, environment, team, feature, workspace, surface, model, prompt_name, prompt_version, purpose
HAVING sum(sign) > 0 AND (calls != 0 OR cost IS NOT NULL OR cost_estimated IS NOT NULL);

-- Logical calls and what became of them.
CREATE OR REPLACE VIEW traffic AS
SELECT
  tenant, hour, environment, team, feature, workspace, model, prompt_name, prompt_version, purpose,
  sum(sign * l.calls) AS calls,
  sumIf(sign * l.calls, error) AS failed_calls,
  sumIf(sign * l.calls, attempt > 1) AS retries,
  sumIf(sign * l.calls, fallback_from IS NOT NULL) AS fallbacks,
  sumIf(sign * l.calls, has(finish_reasons, 'REFUSAL')) AS refusals,
  sumIf(sign * l.calls, has(finish_reasons, 'LENGTH')) AS length_stops,
  sumIf(sign * l.calls, has(finish_reasons, 'CONTENT_FILTER')) AS content_filters,
  sumIf(sign, span_kind IN ('TOOL', 'MCP')) AS tool_calls,
  sumIf(sign, span_kind = 'RETRIEVAL') AS retrievals,
  sumIf(sign, span_kind = 'RETRIEVAL' AND retrieval_hits = 0) AS empty_retrievals
FROM lines_signed AS l
GROUP BY tenant, hour, environment, team, feature, workspace, model, prompt_name, prompt_version, purpose
HAVING sum(sign) > 0;

-- Tokens by bucket; estimated counts apart. Null: no call stated the bucket.
CREATE OR REPLACE VIEW tokens AS
SELECT
  tenant, hour, environment, team, feature, workspace, model, prompt_name, prompt_version, purpose,
  CAST(usage_quality, 'String') = 'ESTIMATED' AS is_estimated,
  sum(sign * l.calls) AS calls,
  if(sumIf(sign, input_uncached_tokens IS NOT NULL) = 0, NULL, sum(sign * input_uncached_tokens)) AS input_uncached,
  if(sumIf(sign, cache_read_tokens IS NOT NULL) = 0, NULL, sum(sign * cache_read_tokens)) AS cache_read,
  if(sumIf(sign, cache_write_5m_tokens IS NOT NULL) = 0, NULL, sum(sign * cache_write_5m_tokens)) AS cache_write_5m,
  if(sumIf(sign, cache_write_1h_tokens IS NOT NULL) = 0, NULL, sum(sign * cache_write_1h_tokens)) AS cache_write_1h,
  if(sumIf(sign, input_audio_tokens IS NOT NULL) = 0, NULL, sum(sign * input_audio_tokens)) AS input_audio,
  if(sumIf(sign, input_image_tokens IS NOT NULL) = 0, NULL, sum(sign * input_image_tokens)) AS input_image,
  if(sumIf(sign, output_text_tokens IS NOT NULL) = 0, NULL, sum(sign * output_text_tokens)) AS output_text,
  if(sumIf(sign, reasoning_tokens IS NOT NULL) = 0, NULL, sum(sign * reasoning_tokens)) AS reasoning,
  if(sumIf(sign, output_audio_tokens IS NOT NULL) = 0, NULL, sum(sign * output_audio_tokens)) AS output_audio,
  if(sumIf(sign, output_image_tokens IS NOT NULL) = 0, NULL, sum(sign * output_image_tokens)) AS output_image,
  sumIf(sign * l.calls, usage_quality = 'MISSING') AS calls_without_usage
FROM lines_signed AS l
GROUP BY tenant, hour, environment, team, feature, workspace, model, prompt_name, prompt_version, purpose, is_estimated
HAVING sum(sign) > 0;

-- Latency of calls: quantiles over the net lines, nearest rank, which of ClickHouse's quantiles only the weighted one
-- takes (and the low median): the plain one is a rank too high where the part of the count is whole, so that the 95th of
-- 100 would be the 96th.
CREATE OR REPLACE VIEW latency AS
SELECT
  tenant, hour, environment, team, feature, workspace, model, prompt_name, prompt_version,
  count() AS measured_calls,
  avg(latency_us) AS latency_us_mean,
  quantileExactLow(0.5)(latency_us) AS latency_us_p50,
  quantileExactWeighted(0.95)(latency_us, 1) AS latency_us_p95,
  quantileExactWeighted(0.99)(latency_us, 1) AS latency_us_p99,
  max(latency_us) AS latency_us_max,
  count(ttft_us) AS ttft_calls,
  quantileExactLow(0.5)(ttft_us) AS ttft_us_p50,
  quantileExactWeighted(0.95)(ttft_us, 1) AS ttft_us_p95
FROM calls_net
GROUP BY tenant, hour, environment, team, feature, workspace, model, prompt_name, prompt_version;

-- Failed spans of every kind by error type and HTTP status, beside all spans of that kind.
CREATE OR REPLACE VIEW errors AS
SELECT
  tenant, hour, environment, team, feature, workspace, model, prompt_name, prompt_version, span_kind,
  coalesce(error_type, 'unknown') AS error_type, http_status,
  sum(sign) AS failures,
  sum(sign * l.calls) AS failed_calls,
  if(sumIf(sign, l.cost IS NOT NULL) = 0, NULL, sum(sign * l.cost)) AS cost_of_failures
FROM lines_signed AS l
WHERE error
GROUP BY tenant, hour, environment, team, feature, workspace, model, prompt_name, prompt_version, span_kind, error_type, http_status
HAVING failures > 0;

-- Money and quantity by price bucket, from the audit.
CREATE OR REPLACE VIEW spend_by_bucket AS
SELECT
  tenant, toStartOfHour(event_time) AS hour, environment, team, feature, workspace, surface,
  coalesce(model_canonical, model_returned, model_requested, 'unknown') AS model,
  rate_card_id, line.1 AS bucket,
  sum(sign * line.2) AS quantity,
  if(sumIf(sign, line.3 IS NOT NULL) = 0, NULL, sum(sign * line.3)) AS cost,
  sumIf(sign * line.2, line.3 IS NULL) AS unpriced_quantity
FROM ledger
ARRAY JOIN arrayZip(cost_lines.bucket, cost_lines.quantity, cost_lines.cost) AS line
GROUP BY tenant, hour, environment, team, feature, workspace, surface, model, rate_card_id, bucket
HAVING sum(sign) > 0;

-- How much of money and calls is known: attributed without rule or default, and priced; by service.
CREATE OR REPLACE VIEW coverage AS
SELECT
  tenant, hour, environment, coalesce(service_name, 'unknown') AS service,
  sum(sign * l.calls) AS calls,
  sumIf(sign * l.calls, is_attributed) AS attributed_calls,
  if(sumIf(sign, l.cost IS NOT NULL) = 0, NULL, sum(sign * l.cost)) AS cost,
  if(sumIf(sign, l.cost IS NOT NULL AND is_attributed) = 0, NULL, sumIf(sign * l.cost, is_attributed)) AS cost_attributed,
  sumIf(sign * l.calls, is_priced) AS priced_calls,
  sumIf(sign * l.calls, is_unpriced) AS unpriced_calls,
  sum(sign * l.unpriced_tokens) AS unpriced_tokens,
  sum(sign * (coalesce(input_uncached_tokens, 0) + coalesce(cache_read_tokens, 0) + coalesce(cache_write_5m_tokens, 0)
    + coalesce(cache_write_1h_tokens, 0) + coalesce(input_audio_tokens, 0) + coalesce(input_image_tokens, 0)
    + coalesce(output_text_tokens, 0) + coalesce(reasoning_tokens, 0) + coalesce(output_audio_tokens, 0)
    + coalesce(output_image_tokens, 0))) AS all_tokens,
  if(calls = 0, NULL, attributed_calls / calls) AS attributed_calls_share,
  priced_calls / nullIf(priced_calls + unpriced_calls, 0) AS priced_calls_share,
  if(all_tokens = 0, NULL, 1 - unpriced_tokens / all_tokens) AS priced_tokens_share,
  if(coalesce(cost, 0) = 0, NULL, toFloat64(coalesce(cost_attributed, 0)) / toFloat64(assumeNotNull(cost))) AS attributed_cost_share
FROM lines_signed AS l
GROUP BY tenant, hour, environment, service
HAVING sum(sign) > 0;

-- What telemetry lacks, by service: of how many cases how many are as they should be. The same checks and weights
-- as ./tributary lint, without clocks, which need the tree of spans.
CREATE OR REPLACE VIEW instrumentation_checks AS
SELECT
  tenant, hour, environment, coalesce(service_name, 'unknown') AS service,
  tested.1 AS check, tested.2 AS weight,
  sum(sign * tested.3) AS cases,
  sum(sign * tested.4) AS ok_cases
FROM (
  SELECT
    *, calls AS call, NOT error AND error_type IS NULL AS is_answered,
    span_kind NOT IN ('EMBEDDING', 'RERANK') AS is_chat, item != 'trace' AS is_span,
    coalesce(trace_spans, 0) AS in_trace, coalesce(trace_double_reported, 0) AS doubles,
    -- Input tokens without output tokens, or the reverse, where a text has both: not where a filter or a refusal held it back,
    -- nor where the operation makes an image, a film or a voice, which its span says as long as it is kept.
    is_chat AND NOT has(finish_reasons, 'CONTENT_FILTER') AND NOT has(finish_reasons, 'REFUSAL')
      AND (tenant, source, item) NOT IN (
        SELECT tenant, trace_id, span_id FROM spans WHERE operation IN ('image', 'image_generation', 'aimage_generation',
          'image_edit', 'aimage_edit', 'image_variation', 'aimage_variation', 'video_generation', 'avideo_generation',
          'text_to_speech', 'speech', 'aspeech'))
      AND coalesce(input_audio_tokens, input_image_tokens, output_audio_tokens, output_image_tokens) IS NULL
      AND (coalesce(input_uncached_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens) IS NULL)
        != (coalesce(output_text_tokens, reasoning_tokens) IS NULL) AS is_half
  FROM lines_signed WHERE kind = 'USAGE')
ARRAY JOIN [
  ('accepted', 15, toInt64(is_span), toInt64(is_span)),
  ('service', 5, toInt64(is_span), toInt64(is_span * (NOT startsWith(coalesce(service_name, 'unknown_service'), 'unknown_service')))),
  ('usage', 20, toInt64(call * is_answered), toInt64(call * is_answered * (usage_quality IN ('REPORTED', 'DERIVED') AND NOT is_half))),
  ('model', 10, toInt64(call * is_answered), toInt64(call * is_answered * (model_returned IS NOT NULL))),
  ('provider', 5, toInt64(call), toInt64(call * (provider IS NOT NULL))),
  ('finish_reason', 10, toInt64(call * is_answered * is_chat), toInt64(call * is_answered * is_chat * notEmpty(finish_reasons))),
  ('error_type', 5, toInt64(call * (NOT is_answered)), toInt64(call * (NOT is_answered) * (error_type IS NOT NULL OR http_status IS NOT NULL))),
  ('feature', 10, toInt64(call), toInt64(call * (feature_provenance NOT IN ('RULE', 'UNATTRIBUTED')))),
  ('team', 5, toInt64(call), toInt64(call * (team_provenance NOT IN ('RULE', 'UNATTRIBUTED')))),
  ('workspace', 5, toInt64(call), toInt64(call * (workspace != 'unattributed'))),
  ('environment', 5, toInt64(call), toInt64(call * (environment != 'unattributed'))),
  ('prompt_version', 2, toInt64(call), toInt64(call * (prompt_version != 'unattributed'))),
  ('parent', 10, toInt64(in_trace), toInt64(in_trace - coalesce(trace_orphans, 0))),
  ('once', 8, toInt64(call + doubles), toInt64(call))
] AS tested
GROUP BY tenant, hour, environment, service, check, weight
HAVING cases != 0
UNION ALL
SELECT
  tenant, toStartOfHour(rejected_at) AS hour, 'unattributed' AS environment, coalesce(service_name, 'unknown') AS service,
  'accepted' AS check, 15 AS weight, toInt64(count()) AS cases, toInt64(0) AS ok_cases
FROM rejected
WHERE module = 'normalize' AND reason NOT IN ('INVALID_USAGE', 'INVALID_TENANT')
GROUP BY tenant, hour, service;

-- The quality score of a service's telemetry by day, 0 to 100, with the reasons for what is missing of it:
-- check, points lost, failed cases, cases; the dearest first.
CREATE OR REPLACE VIEW instrumentation AS
SELECT
  tenant, day, service,
  100 * sum(weight * ok_cases / cases) / sum(weight) AS quality,
  arrayMap(
    r -> CAST((r.1, r.2 / sum(weight), r.3, r.4), 'Tuple(check String, points_lost Float64, failed Int64, cases Int64)'),
    arrayReverseSort(r -> r.2, groupArrayIf((check, 100 * weight * (cases - ok_cases) / cases, cases - ok_cases, cases), ok_cases < cases))
  ) AS reasons,
  sumIf(cases, check = 'accepted') AS spans,
  sumIf(cases, check = 'provider') AS calls
FROM (
  SELECT tenant, toDate(hour) AS day, service, check, any(c.weight) AS weight, sum(c.cases) AS cases, sum(c.ok_cases) AS ok_cases
  FROM instrumentation_checks AS c
  GROUP BY tenant, day, service, check
  HAVING cases > 0)
GROUP BY tenant, day, service;

-- Calls without a price, by what would have to be known; over net lines, because a line that was corrected has no part in
-- when something was seen.
CREATE OR REPLACE VIEW unpriced AS
SELECT
  tenant, coalesce(surface, 'unknown') AS surface, model, price_status, price_reason,
  toInt64(count()) AS calls,
  sum(l.unpriced_tokens) AS tokens,
  min(event_time) AS first_seen,
  max(event_time) AS last_seen
FROM calls_net AS l
WHERE is_unpriced OR price_status = 'PARTIAL'
GROUP BY tenant, surface, model, price_status, price_reason;

-- Lines whose cost is null, by status and reason: what is not billable, and what nobody could price.
CREATE OR REPLACE VIEW null_costs AS
SELECT
  tenant, CAST(price_status, 'String') AS status, coalesce(price_reason, '') AS reason,
  toInt64(count()) AS lines,
  sum(l.calls) AS calls,
  sum(l.unpriced_tokens) AS tokens,
  min(event_time) AS first_seen,
  max(event_time) AS last_seen
FROM lines_net AS l
WHERE l.cost IS NULL
GROUP BY tenant, status, reason;

-- What runs of corrections did to the ledger, by run and cause.
CREATE OR REPLACE VIEW correction_runs AS
SELECT
  tenant, assumeNotNull(run_id) AS run, cause,
  count() AS entries,
  uniqExact(kind, source, item) AS lines,
  if(count(l.cost) = 0, NULL, sum(sign * l.cost)) AS cost_change,
  min(booked_at) AS first_booked,
  max(booked_at) AS last_booked
FROM ledger AS l
WHERE run_id IS NOT NULL
GROUP BY tenant, run, cause;

-- The current revision of each trace, session, window and cell.
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

CREATE OR REPLACE VIEW windows_net AS SELECT * FROM windows FINAL;

CREATE OR REPLACE VIEW cells_net AS SELECT *, series FROM cells FINAL;

-- Spans once each: a duplicate delivery has the same identity and end.
CREATE OR REPLACE VIEW spans_net AS
SELECT *, environment FROM spans ORDER BY kafka_partition, kafka_offset LIMIT 1 BY tenant, trace_id, span_id;

-- Gauges by minute and series: mean and maximum of what has a value of now, the increase of what counts. A counter
-- that falls has started again; the first value of a series increases nothing, because nobody knows since when it counts.
CREATE OR REPLACE VIEW gauges_by_minute AS
SELECT
  tenant, toStartOfMinute(time) AS minute, host, model, name, attributes['gpu'] AS gpu, attributes['temporality'] AS temporality,
  count() AS samples,
  if(temporality = 'gauge', avg(value), NULL) AS mean,
  if(temporality = 'gauge', max(value), NULL) AS maximum,
  multiIf(temporality = 'delta', sum(value), temporality = 'cumulative' AND count(increase) > 0, sum(increase), NULL) AS increase
FROM (
  SELECT
    *,
    if(attributes['temporality'] != 'cumulative' OR position = 1, NULL,
      if(value >= previous, value - previous, value)) AS increase
  FROM (
    SELECT
      *,
      row_number() OVER series AS position,
      lagInFrame(value) OVER (PARTITION BY tenant, host, model, name, attributes ORDER BY time, kafka_offset ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS previous
    FROM gauges
    WINDOW series AS (PARTITION BY tenant, host, model, name, attributes ORDER BY time, kafka_offset)))
GROUP BY tenant, minute, host, model, name, gpu, temporality;

-- Calls and cost by model and minute, under the names that spans give the model: what a server's metrics call it.
CREATE OR REPLACE VIEW spend_by_model_minute AS
SELECT
  tenant, toStartOfMinute(event_time) AS minute,
  coalesce(model_returned, model_requested, model_canonical, 'unknown') AS model,
  sum(sign * l.calls) AS calls,
  if(sumIf(sign, l.cost IS NOT NULL) = 0, NULL, sum(sign * l.cost)) AS cost,
  sumIf(sign * l.calls, is_unpriced) AS unpriced_calls
FROM lines_signed AS l
WHERE source != '' AND (l.calls != 0 OR l.cost IS NOT NULL)
GROUP BY tenant, minute, model
HAVING sum(sign) > 0;

-- One timeline of what serves a model and what it costs: by minute, host and model. What is measured of the host's
-- accelerators is repeated for each model it serves; calls and cost are those of the model on all its hosts, because a
-- span does not say which host answered.
CREATE OR REPLACE VIEW serving AS
SELECT
  tenant, minute, host, model,
  gpu_utilization, gpu_memory_used_bytes, gpu_memory_share, gpu_power_watts, gpus,
  running_requests, waiting_requests, kv_cache_share, prompt_tokens, generated_tokens, answered_requests,
  model_hosts, model_calls, model_cost, model_unpriced_calls,
  -- A call without a price is in no cost, so it is no request to share one either.
  if(coalesce(model_calls, 0) <= coalesce(model_unpriced_calls, 0), NULL,
    toFloat64(model_cost) / (model_calls - model_unpriced_calls)) AS cost_per_request
FROM (
  SELECT
    tenant, minute, host, ifNull(model, '') AS model,
    avgIf(mean, name = 'server_running_requests') AS running_requests,
    avgIf(mean, name = 'server_waiting_requests') AS waiting_requests,
    avgIf(mean, name = 'server_kv_cache_ratio') AS kv_cache_share,
    sumIf(increase, name = 'server_prompt_total_tokens') AS prompt_tokens,
    sumIf(increase, name = 'server_generated_total_tokens') AS generated_tokens,
    sumIf(increase, name = 'server_answered_total_requests') AS answered_requests
  FROM gauges_by_minute
  WHERE startsWith(name, 'server_')
  GROUP BY tenant, minute, host, model) AS server
FULL JOIN (
  SELECT
    tenant, minute, host,
    avgIf(mean, name = 'gpu_utilization_ratio') AS gpu_utilization,
    sumIf(mean, name = 'gpu_memory_used_bytes') AS gpu_memory_used_bytes,
    if(sumIf(mean, name = 'gpu_memory_limit_bytes') > 0,
      sumIf(mean, name = 'gpu_memory_used_bytes') / sumIf(mean, name = 'gpu_memory_limit_bytes'),
      if(sumIf(mean, name = 'gpu_memory_free_bytes') > 0,
        sumIf(mean, name = 'gpu_memory_used_bytes') / (sumIf(mean, name = 'gpu_memory_used_bytes') + sumIf(mean, name = 'gpu_memory_free_bytes')), NULL)) AS gpu_memory_share,
    sumIf(mean, name = 'gpu_power_watts') AS gpu_power_watts,
    uniqExactIf(gpu, gpu != '') AS gpus
  FROM gauges_by_minute
  WHERE startsWith(name, 'gpu_')
  GROUP BY tenant, minute, host) AS accelerator USING (tenant, minute, host)
LEFT JOIN (
  SELECT tenant, minute, model, calls AS model_calls, cost AS model_cost, unpriced_calls AS model_unpriced_calls
  FROM spend_by_model_minute) AS spent USING (tenant, minute, model)
LEFT JOIN (
  SELECT tenant, minute, ifNull(model, '') AS model, uniqExact(host) AS model_hosts
  FROM gauges_by_minute WHERE startsWith(name, 'server_')
  GROUP BY tenant, minute, model) AS hosts USING (tenant, minute, model)
SETTINGS join_use_nulls = 1;

-- Windows with their shares and percentiles; every share is null where there is nothing it could be a share of.
-- A percentile is the value of the bucket that holds the value of its rank (nearest rank), within 1 %.
CREATE OR REPLACE VIEW window_measures AS
WITH
  (metric, part) -> arraySort(bucket -> bucket.1, arrayFilter(bucket -> bucket.2 > 0, arrayZip(mapKeys(distributions[metric]), mapValues(distributions[metric])))) AS buckets,
  (metric, part) -> multiIf(
    arraySum(bucket -> bucket.2, buckets(metric, part)) + distribution_zeros[metric] <= 0, NULL,
    ceil((arraySum(bucket -> bucket.2, buckets(metric, part)) + distribution_zeros[metric]) * part) <= distribution_zeros[metric], 0,
    1.01 * pow(1.01 / 0.99, buckets(metric, part)[arrayFirstIndex(
      seen -> seen + distribution_zeros[metric] >= ceil((arraySum(bucket -> bucket.2, buckets(metric, part)) + distribution_zeros[metric]) * part),
      arrayCumSum(bucket -> bucket.2, buckets(metric, part)))].1)) AS percentile
SELECT
  tenant, environment, grouping_set, dimensions, series, start_time, length_us, revision, late, calls,
  cost + cost_estimated AS known_cost, priced_calls, unpriced_calls,
  input_uncached_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens + input_audio_tokens + input_image_tokens
    + input_uncached_tokens_estimated + cache_read_tokens_estimated + cache_write_5m_tokens_estimated + cache_write_1h_tokens_estimated
    + input_audio_tokens_estimated + input_image_tokens_estimated AS all_input_tokens,
  output_text_tokens + reasoning_tokens + output_audio_tokens + output_image_tokens + output_text_tokens_estimated
    + reasoning_tokens_estimated + output_audio_tokens_estimated + output_image_tokens_estimated AS all_output_tokens,
  (cache_read_tokens + cache_read_tokens_estimated) / nullIf(all_input_tokens, 0) AS cache_hit_ratio,
  all_input_tokens / nullIf(all_output_tokens, 0) AS input_output_ratio,
  toFloat64(known_cost) / nullIf(priced_calls, 0) AS cost_per_call,
  percentile('cost_usd', 0.5) AS cost_per_call_p50, percentile('cost_usd', 0.95) AS cost_per_call_p95, percentile('cost_usd', 0.99) AS cost_per_call_p99,
  percentile('latency_us', 0.5) AS latency_us_p50, percentile('latency_us', 0.95) AS latency_us_p95, percentile('latency_us', 0.99) AS latency_us_p99,
  percentile('ttft_us', 0.5) AS ttft_us_p50, percentile('ttft_us', 0.95) AS ttft_us_p95, percentile('ttft_us', 0.99) AS ttft_us_p99,
  percentile('retrieval_latency_us', 0.5) AS retrieval_latency_us_p50, percentile('retrieval_latency_us', 0.95) AS retrieval_latency_us_p95,
  errors / nullIf(calls, 0) AS error_share,
  retries / nullIf(calls, 0) AS retry_share,
  fallbacks / nullIf(calls, 0) AS fallback_share,
  refusals / nullIf(finished_calls, 0) AS refusal_share,
  length_stops / nullIf(finished_calls, 0) AS length_share,
  content_filters / nullIf(finished_calls, 0) AS content_filter_share,
  guardrail_blocks / nullIf(guardrails, 0) AS guardrail_not_passed_share,
  guardrail_masks / nullIf(guardrails, 0) AS guardrail_mask_share,
  guardrail_flags / nullIf(guardrails, 0) AS guardrail_flag_share,
  tool_failures / nullIf(tool_calls, 0) AS tool_failure_share,
  empty_retrievals / nullIf(counted_retrievals, 0) AS empty_retrieval_share,
  low_score_retrievals / nullIf(scored_retrievals, 0) AS low_score_retrieval_share,
  untagged_calls / nullIf(calls, 0) AS untagged_calls_share,
  toFloat64(cost_untagged) / nullIf(toFloat64(known_cost), 0) AS untagged_cost_share,
  priced_calls / nullIf(priced_calls + unpriced_calls, 0) AS priced_calls_share,
  1 - unpriced_tokens / nullIf(all_input_tokens + all_output_tokens, 0) AS priced_tokens_share
FROM windows FINAL;

-- Mean of each score by hour and series, weighted by the inverse of the inclusion probability, with the 95 % interval
-- of the linearised variance; null with fewer than two scores. ClickHouse's greatest and least pass over null, so that
-- the bounds of an unknown interval have to be asked for.
CREATE OR REPLACE VIEW score_means AS
SELECT
  tenant, hour, environment, grouping_set, series, any(of) AS dimensions, name, source,
  sum(n) AS scores, sum(failed) AS failures, sum(unvalued) AS labels, sum(not_sampled) AS not_sampled_subjects,
  if(scores = 0, NULL, sum(wx) / sum(w)) AS mean,
  if(scores < 2, NULL, sqrt(greatest(0, sum(wwxx) - 2 * assumeNotNull(mean) * sum(wwx) + pow(assumeNotNull(mean), 2) * sum(ww)) / pow(sum(w), 2) * scores / (scores - 1))) AS standard_error,
  if(standard_error IS NULL, NULL, greatest(0, mean - 1.96 * standard_error)) AS low,
  if(standard_error IS NULL, NULL, least(1, mean + 1.96 * standard_error)) AS high
FROM (
  SELECT
    tenant, toStartOfHour(start_time) AS hour, environment, grouping_set, series, dimensions AS of,
    score.1 AS name, score.2 AS source, score.3 AS n, score.4 AS failed, score.5 AS unvalued, score.6 AS not_sampled,
    score.7 AS w, score.8 AS ww, score.9 AS wx, score.10 AS wwx, score.11 AS wwxx
  FROM windows FINAL
  ARRAY JOIN arrayZip(scores.name, scores.source, scores.n, scores.failed, scores.unvalued, scores.not_sampled,
    scores.weight, scores.weight_squared, scores.weighted_value, scores.weight_squared_value, scores.weight_squared_value_squared) AS score)
GROUP BY tenant, hour, environment, grouping_set, series, name, source;

CREATE OR REPLACE VIEW scores_net AS SELECT * FROM scores FINAL;

-- What a unit costs, by quarter of an hour, so that the day of any time zone is a sum of rows. An amount is a lower
-- bound wherever unpriced_calls is not 0, or a call was priced in part.
CREATE OR REPLACE VIEW unit_costs AS
SELECT
  tenant, toStartOfFifteenMinutes(event_time) AS quarter, environment, cost_center, team, feature, workspace, prompt_name, prompt_version,
  sum(sign * l.calls) AS calls,
  sumIf(sign, item = 'trace' AND kind = 'USAGE') AS traces,
  if(sumIf(sign, l.cost IS NOT NULL) = 0, NULL, sum(sign * l.cost)) AS known_cost,
  if(sumIf(sign, l.cost IS NOT NULL AND kind = 'ALLOCATION') = 0, NULL, sumIf(sign * l.cost, kind = 'ALLOCATION')) AS allocated_cost,
  if(sumIf(sign, l.cost IS NOT NULL AND purpose = 'EVAL') = 0, NULL, sumIf(sign * l.cost, purpose = 'EVAL')) AS eval_cost,
  sumIf(sign * l.calls, is_unpriced) AS unpriced_calls,
  toFloat64(known_cost) * 1000 / nullIf(calls, 0) AS cost_per_1000_calls
FROM lines_signed AS l
GROUP BY tenant, quarter, environment, cost_center, team, feature, workspace, prompt_name, prompt_version
HAVING calls != 0 OR traces != 0 OR known_cost != 0;

-- What each cost centre owes, by quarter of an hour; 'unattributed' is what nobody owns up to yet.
CREATE OR REPLACE VIEW chargeback AS
SELECT
  tenant, quarter, cost_center, team, feature, environment,
  sum(u.calls) AS calls, sum(u.known_cost) AS known_cost, sum(u.allocated_cost) AS allocated_cost, sum(u.unpriced_calls) AS unpriced_calls
FROM unit_costs AS u
GROUP BY tenant, quarter, cost_center, team, feature, environment;

-- Sessions by the quarter of an hour in which they ended: how many, what one costs, and of those with an outcome.
CREATE OR REPLACE VIEW session_costs AS
SELECT
  tenant, toStartOfFifteenMinutes(end_time) AS quarter, environment, team, feature, workspace, coalesce(outcome, 'none') AS session_outcome,
  count() AS session_count, sum(s.turns) AS turn_count, sum(s.calls) AS calls, sum(s.cost) AS known_cost, sum(s.unpriced_calls) AS unpriced_calls,
  toFloat64(known_cost) / nullIf(countIf(s.cost IS NOT NULL), 0) AS cost_per_session,
  toFloat64(known_cost) / nullIf(sumIf(s.turns, s.cost IS NOT NULL), 0) AS cost_per_turn,
  quantileExactLow(0.5)(s.cost) AS cost_per_session_p50,
  quantileExactWeighted(0.95)(s.cost, 1) AS cost_per_session_p95
FROM sessions_net AS s
GROUP BY tenant, quarter, environment, team, feature, workspace, session_outcome;

-- Outcomes of business with what their trace or session cost. An outcome of a span costs what its trace does; several
-- outcomes of one subject share its cost, and the first of them has what is left after the 18th place.
CREATE OR REPLACE VIEW outcomes AS
SELECT
  o.tenant AS tenant, o.scored_at AS scored_at, o.name AS name, o.label AS label, o.environment AS environment, o.team AS team,
  o.feature AS feature, o.workspace AS workspace, o.prompt_name AS prompt_name, o.prompt_version AS prompt_version,
  o.subject_kind AS subject_kind, o.subject_id AS subject_id, o.amount AS amount,
  if(o.subject_kind = 'SESSION', s.cost, t.cost) AS whole_cost,
  count() OVER (PARTITION BY o.tenant, o.costs_of) AS sharers,
  if(row_number() OVER (PARTITION BY o.tenant, o.costs_of ORDER BY o.score_id) = 1,
    whole_cost - whole_cost / sharers * (sharers - 1), whole_cost / sharers) AS subject_cost,
  o.amount - subject_cost AS margin
FROM (
  SELECT *, if(subject_kind = 'SESSION', concat('s', coalesce(session_id, subject_id)), concat('t', coalesce(trace_id, subject_id))) AS costs_of
  FROM scores_net WHERE source = 'BUSINESS' AND status = 'SCORED') AS o
LEFT JOIN (SELECT tenant, concat('t', trace_id) AS costs_of, cost FROM traces_net) AS t ON t.tenant = o.tenant AND t.costs_of = o.costs_of
LEFT JOIN (SELECT tenant, concat('s', session_id) AS costs_of, cost FROM sessions_net) AS s ON s.tenant = o.tenant AND s.costs_of = o.costs_of
SETTINGS join_use_nulls = 1;

-- Outcomes by day (UTC), feature and workspace: amount, cost and margin of those that carry an amount, and what one
-- outcome costs when all the feature's spend of that day is laid on it, also that which led to none.
CREATE OR REPLACE VIEW outcome_costs AS
SELECT
  tenant, day, environment, feature, workspace, name, outcome_count, amount_total, cost_of_outcomes, margin_total,
  spent.known_cost AS feature_cost,
  toFloat64(cost_of_outcomes) / nullIf(costed_outcomes, 0) AS cost_per_outcome,
  toFloat64(feature_cost) / nullIf(outcome_count, 0) AS full_cost_per_outcome
FROM (
  SELECT
    tenant, toDate(scored_at) AS day, environment, feature, workspace, name,
    count() AS outcome_count, count(subject_cost) AS costed_outcomes, sum(amount) AS amount_total,
    sum(subject_cost) AS cost_of_outcomes, sum(margin) AS margin_total
  FROM outcomes GROUP BY tenant, day, environment, feature, workspace, name) AS made
LEFT JOIN (
  SELECT tenant, toDate(quarter) AS day, environment, feature, workspace, sum(u.known_cost) AS known_cost
  FROM unit_costs AS u GROUP BY tenant, day, environment, feature, workspace) AS spent
  USING (tenant, day, environment, feature, workspace)
SETTINGS join_use_nulls = 1;

-- The ledger as FOCUS 1.2 rows: one per hour, owner, model, rate card and price bucket; custom columns last. Only known
-- costs are here, because FOCUS has no null for a cost. What a correction run changed is of class Correction: its rows
-- are differences. Costs are at the rate of the card, before any invoice.
CREATE OR REPLACE VIEW focus AS
SELECT
  CAST(NULL, 'Nullable(String)') AS AvailabilityZone,
  sum(sign * bucket_cost) AS BilledCost,
  tenant AS BillingAccountId,
  tenant AS BillingAccountName,
  'Tenant' AS BillingAccountType,
  'USD' AS BillingCurrency,
  toDateTime(addMonths(toStartOfMonth(ChargePeriodStart), 1), 'UTC') AS BillingPeriodEnd,
  toDateTime(toStartOfMonth(ChargePeriodStart), 'UTC') AS BillingPeriodStart,
  CAST(NULL, 'Nullable(String)') AS CapacityReservationId,
  CAST(NULL, 'Nullable(String)') AS CapacityReservationStatus,
  if(kind = 'TRUE_UP', 'Adjustment', 'Usage') AS ChargeCategory,
  if(cause IN ('REPRICE', 'REATTRIBUTE', 'REPLAY', 'ADMITTED', 'TRUE_UP'), 'Correction', NULL) AS ChargeClass,
  concat(sku_model, ', ', if(bucket = '', lower(kind), bucket)) AS ChargeDescription,
  'Usage-Based' AS ChargeFrequency,
  addHours(ChargePeriodStart, 1) AS ChargePeriodEnd,
  toDateTime(toStartOfHour(event_time), 'UTC') AS ChargePeriodStart,
  CAST(NULL, 'Nullable(String)') AS CommitmentDiscountCategory,
  CAST(NULL, 'Nullable(String)') AS CommitmentDiscountId,
  CAST(NULL, 'Nullable(String)') AS CommitmentDiscountName,
  CAST(NULL, 'Nullable(Decimal(38, 18))') AS CommitmentDiscountQuantity,
  CAST(NULL, 'Nullable(String)') AS CommitmentDiscountStatus,
  CAST(NULL, 'Nullable(String)') AS CommitmentDiscountType,
  CAST(NULL, 'Nullable(String)') AS CommitmentDiscountUnit,
  if(bucket = '', NULL, toDecimal128(sum(sign * bucket_quantity), 18)) AS ConsumedQuantity,
  if(bucket = '', NULL, unit) AS ConsumedUnit,
  BilledCost AS ContractedCost,
  rate_amount AS ContractedUnitPrice,
  BilledCost AS EffectiveCost,
  CAST(NULL, 'Nullable(String)') AS InvoiceId,
  coalesce(surface, provider, 'unknown') AS InvoiceIssuerName,
  BilledCost AS ListCost,
  rate_amount AS ListUnitPrice,
  'Standard' AS PricingCategory,
  'USD' AS PricingCurrency,
  rate_amount AS PricingCurrencyContractedUnitPrice,
  BilledCost AS PricingCurrencyEffectiveCost,
  rate_amount AS PricingCurrencyListUnitPrice,
  if(bucket = '', NULL, toDecimal128(sum(sign * bucket_quantity), 18) / rate_per) AS PricingQuantity,
  if(bucket = '', NULL, if(rate_per = 1, unit, concat(toString(rate_per), ' ', unit))) AS PricingUnit,
  coalesce(surface, provider, 'unknown') AS ProviderName,
  coalesce(provider, surface, 'unknown') AS PublisherName,
  region AS RegionId,
  region AS RegionName,
  sku_model AS ResourceId,
  sku_model AS ResourceName,
  'Model' AS ResourceType,
  'AI and Machine Learning' AS ServiceCategory,
  coalesce(surface, provider, 'unknown') AS ServiceName,
  'Generative AI' AS ServiceSubcategory,
  if(bucket = '', NULL, concat(sku_model, '/', bucket)) AS SkuId,
  if(bucket = '', NULL, bucket) AS SkuMeter,
  if(bucket = '', NULL, toJSONString(map('x_model', sku_model, 'x_bucket', bucket, 'x_service_tier', coalesce(service_tier, 'standard')))) AS SkuPriceDetails,
  if(bucket = '' OR rate_card_id IS NULL, NULL, concat(rate_card_id, '/', bucket)) AS SkuPriceId,
  workspace AS SubAccountId,
  workspace AS SubAccountName,
  'Workspace' AS SubAccountType,
  toJSONString(map('team', team, 'feature', feature, 'environment', environment, 'project', project, 'cost_center', cost_center)) AS Tags,
  team AS x_team,
  feature AS x_feature,
  environment AS x_environment,
  project AS x_project,
  cost_center AS x_cost_center,
  prompt_name AS x_prompt_name,
  prompt_version AS x_prompt_version,
  sku_model AS x_model,
  if(bucket = '', NULL, bucket) AS x_token_type,
  lower(purpose) AS x_purpose,
  multiIf(kind = 'TRUE_UP', 'reconciled', kind = 'ALLOCATION', 'allocated', 'estimated') AS x_cost_state,
  usage_quality = 'ESTIMATED' AS x_usage_estimated
FROM (
  SELECT
    *, coalesce(model_canonical, model_returned, model_requested, 'unknown') AS sku_model,
    line.1 AS bucket, line.2 AS bucket_quantity, line.3 AS rate_amount, line.4 AS rate_per, line.5 AS bucket_cost,
    multiIf(startsWith(bucket, 'in.') OR startsWith(bucket, 'out.'), 'Tokens', bucket = 'seconds', 'Seconds',
      startsWith(bucket, 'pages'), 'Pages', bucket = 'characters', 'Characters', bucket = 'images', 'Images',
      bucket = 'messages', 'Messages', 'Requests') AS unit
  FROM ledger
  ARRAY JOIN arrayConcat(
    arrayZip(cost_lines.bucket, cost_lines.quantity, cost_lines.rate_amount, cost_lines.rate_per, cost_lines.cost),
    if(cost IS NOT NULL AND cost != arraySum(arrayMap(c -> coalesce(c, toDecimal128(0, 18)), cost_lines.cost)),
      [('', toInt64(0), CAST(NULL, 'Nullable(Decimal(38, 18))'), toInt64(1), cost - arraySum(arrayMap(c -> coalesce(c, toDecimal128(0, 18)), cost_lines.cost)))], [])) AS line
  WHERE line.5 IS NOT NULL)
GROUP BY
  tenant, ChargePeriodStart, kind, ChargeClass, provider, surface, sku_model, region, service_tier, rate_card_id, bucket, unit, rate_amount, rate_per,
  team, feature, workspace, environment, project, cost_center, prompt_name, prompt_version, purpose, usage_quality
HAVING sum(sign) != 0 OR BilledCost != 0;

-- Models of a feature by week with what a call costs and how each score of evaluators came out; 20 scores at least.
CREATE OR REPLACE VIEW scored_models AS
SELECT
  tenant, week, environment, feature, model, team, example, model_calls, per_call, score, scores, mean, error
FROM (
  SELECT
    tenant, toMonday(event_time) AS week, environment, feature, model, any(team) AS team, any(source) AS example,
    toInt64(count()) AS model_calls, toFloat64(sum(cost)) / count() AS per_call
  FROM calls_net WHERE cost IS NOT NULL AND purpose = 'PRODUCT'
  GROUP BY tenant, week, environment, feature, model) AS called
JOIN (
  SELECT
    tenant, toMonday(scored_at) AS week, environment, feature, coalesce(model, 'unknown') AS model, name AS score, toInt64(count()) AS scores,
    sum(weight * judgement) / sum(weight) AS mean,
    sqrt(greatest(0, sum(weight * weight * judgement * judgement) - 2 * mean * sum(weight * weight * judgement)
      + mean * mean * sum(weight * weight)) * count() / (count() - 1)) / sum(weight) AS error
  FROM (
    SELECT *, 1 / coalesce(inclusion_probability, 1) AS weight, assumeNotNull(value) AS judgement
    FROM scores_net WHERE status = 'SCORED' AND source = 'EVALUATOR' AND value IS NOT NULL AND direction = 'HIGHER_IS_BETTER'
      AND coalesce(inclusion_probability, 1) > 0)
  GROUP BY tenant, week, environment, feature, model, score
  HAVING scores >= 20) AS judged USING (tenant, week, environment, feature, model);

-- What could have been spent less, by week (from Monday, UTC): the money it would have saved, and the evidence. A
-- saving is null where it cannot be known; the kinds overlap, so savings of different kinds must not be added.
CREATE OR REPLACE VIEW savings AS
-- The same input again within the week: all but the first could have come from a cache of answers.
SELECT
  tenant, week, 'repeated_prompt' AS kind, environment, team, feature, sku_model AS model,
  CAST(sum(hash_cost * (hash_calls - 1) / hash_calls), 'Nullable(Float64)') AS saving,
  toInt64(sum(hash_calls - 1)) AS calls,
  concat(toString(count()), ' inputs came again, the commonest ', toString(max(hash_calls)), ' times') AS evidence,
  argMax(example, hash_cost) AS example_trace_id
FROM (
  SELECT
    tenant, toMonday(event_time) AS week, environment, team, feature,
    coalesce(model_canonical, model_returned, model_requested, 'unknown') AS sku_model, assumeNotNull(input_hash) AS hash,
    sum(sign * l.calls) AS hash_calls, toFloat64(sum(sign * l.cost)) AS hash_cost, anyIf(source, sign = 1) AS example
  FROM ledger AS l
  WHERE l.calls = 1 AND input_hash IS NOT NULL AND NOT error AND purpose = 'PRODUCT'
  GROUP BY tenant, week, environment, team, feature, sku_model, hash
  HAVING hash_calls > 1 AND hash_cost > 0)
GROUP BY tenant, week, environment, team, feature, sku_model
UNION ALL
-- Every call of a prompt version sends at least as many uncached tokens as its smallest: at most so much of a common
-- beginning could have been read from the prompt cache, at the rate that the model's cards show for it elsewhere. A cache
-- lives five minutes: each five minutes with calls write it once, at the rate of a write where there is one.
SELECT
  tenant, week, 'uncached_prefix' AS kind, environment, team, feature, sku_model AS model,
  if(read_rate IS NULL, NULL, greatest(0, least_uncached * ((prompt_calls - writes) * (uncached_rate - read_rate)
    - writes * greatest(0, coalesce(write_rate, uncached_rate) - uncached_rate)) / 1000000)) AS saving,
  prompt_calls AS calls,
  concat('prompt ', prompt_name, ' ', prompt_version, ': every call sends at least ', toString(least_uncached),
    ' uncached tokens, ', toString(round(100 * hit_ratio, 1)), ' % of input comes from the cache') AS evidence,
  example AS example_trace_id
FROM (
  SELECT
    tenant, toMonday(event_time) AS week, environment, team, feature, model AS sku_model, prompt_name, prompt_version,
    toInt64(count()) AS prompt_calls, toFloat64(min(input_uncached_tokens)) AS least_uncached,
    toInt64(uniqExact(intDiv(toUnixTimestamp(event_time), 300))) AS writes,
    sum(coalesce(cache_read_tokens, 0)) / sum(coalesce(cache_read_tokens, 0) + input_uncached_tokens) AS hit_ratio, any(source) AS example
  FROM calls_net
  WHERE input_uncached_tokens IS NOT NULL AND prompt_version != 'unattributed' AND NOT error AND purpose = 'PRODUCT'
  GROUP BY tenant, week, environment, team, feature, sku_model, prompt_name, prompt_version
  HAVING prompt_calls > 1 AND least_uncached >= 1024 AND hit_ratio < 0.5) AS prompts
LEFT JOIN (
  SELECT
    tenant, coalesce(model_canonical, model_returned, model_requested, 'unknown') AS sku_model,
    avgIf(1000000 * toFloat64(line.2) / line.3, line.1 = 'in.text.uncached') AS uncached_rate,
    avgOrNullIf(1000000 * toFloat64(line.2) / line.3, line.1 = 'in.cache_read') AS read_rate,
    avgOrNullIf(1000000 * toFloat64(line.2) / line.3, line.1 = 'in.cache_write_5m') AS write_rate
  FROM ledger
  ARRAY JOIN arrayZip(cost_lines.bucket, cost_lines.rate_amount, cost_lines.rate_per) AS line
  WHERE sign = 1 AND line.2 IS NOT NULL
  GROUP BY tenant, sku_model) AS rates USING (tenant, sku_model)
UNION ALL
-- Calls that failed and were paid for. Where a further attempt gave the answer, that one is no waste.
SELECT
  tenant, toMonday(event_time) AS week, 'failures' AS kind, environment, team, feature, model,
  CAST(toFloat64(sumIf(sign * l.cost, error)), 'Nullable(Float64)') AS saving,
  sumIf(sign * l.calls, error) AS calls,
  concat(toString(sumIf(sign * l.calls, error AND l.cost > 0)), ' calls failed and were paid for; ', toString(sumIf(sign * l.calls, attempt > 1)),
    ' were further attempts') AS evidence,
  argMaxIf(source, l.cost, sign = 1 AND error) AS example_trace_id
FROM lines_signed AS l
WHERE l.calls = 1 AND (error OR attempt > 1)
GROUP BY tenant, week, environment, team, feature, model
HAVING calls > 0 AND saving > 0
UNION ALL
-- The same tool with the same arguments again and again in one trace: what came between all but the first of them.
SELECT
  tenant, toMonday(start_time) AS week, 'tool_loops' AS kind, environment, team, feature, '' AS model,
  CAST(sum(toFloat64(loops.cost) * (loops.calls - 1) / loops.calls), 'Nullable(Float64)') AS saving,
  toInt64(sum(loops.calls - 1)) AS calls,
  concat('the tool ', tool_name, ' was called again with the same arguments in ', toString(uniqExact(trace_id)), ' traces, up to ',
    toString(max(loops.calls)), ' times in a row') AS evidence,
  argMax(trace_id, loops.cost) AS example_trace_id
FROM tool_loops AS loops
WHERE loops.calls > 1 AND loops.cost > 0
GROUP BY tenant, week, environment, team, feature, tool_name
UNION ALL
-- Calls with more than four times the feature's median input: what trimming to that would have saved of the input,
-- taking an output token to cost four input tokens.
SELECT
  c.tenant AS tenant, toMonday(c.event_time) AS week, 'long_context' AS kind, c.environment AS environment, any(c.team) AS team,
  c.feature AS feature, c.model AS model,
  CAST(sum(toFloat64(c.cost) * (c.input - 4 * medians.median) / c.input * c.input / (c.input + 4 * c.output)), 'Nullable(Float64)') AS saving,
  toInt64(count()) AS calls,
  concat('median input ', toString(round(any(medians.median))), ' tokens, the longest ', toString(max(c.input))) AS evidence,
  argMax(c.source, c.input) AS example_trace_id
FROM (
  SELECT *, coalesce(input_uncached_tokens, 0) + coalesce(cache_read_tokens, 0) + coalesce(cache_write_5m_tokens, 0) + coalesce(cache_write_1h_tokens, 0) AS input,
    coalesce(output_text_tokens, 0) + coalesce(reasoning_tokens, 0) AS output
  FROM calls_net WHERE cost IS NOT NULL) AS c
JOIN (
  SELECT
    tenant, toMonday(event_time) AS week, environment, feature, model, count() AS n,
    quantileExactLow(0.5)(coalesce(input_uncached_tokens, 0) + coalesce(cache_read_tokens, 0) + coalesce(cache_write_5m_tokens, 0) + coalesce(cache_write_1h_tokens, 0)) AS median
  FROM calls_net WHERE cost IS NOT NULL GROUP BY tenant, week, environment, feature, model) AS medians
  ON medians.tenant = c.tenant AND medians.week = toMonday(c.event_time) AND medians.environment = c.environment
    AND medians.feature = c.feature AND medians.model = c.model
WHERE medians.n >= 20 AND medians.median > 0 AND c.input > 4 * medians.median
GROUP BY tenant, week, environment, feature, model
UNION ALL
-- A cheaper model of the same feature that is as good: of every score of the dearer one it has a mean too, and a loss of
-- more than 0.05 is excluded at 95 %. Few scores exclude nothing, so they give no hint.
SELECT
  dear.tenant AS tenant, dear.week AS week, 'cheaper_model' AS kind, dear.environment AS environment, any(dear.team) AS team, dear.feature AS feature, dear.model AS model,
  CAST(any(dear.model_calls) * (any(dear.per_call) - any(cheap.per_call)), 'Nullable(Float64)') AS saving,
  any(dear.model_calls) AS calls,
  concat(cheap.model, ' costs ', toString(round(100 * any(cheap.per_call) / any(dear.per_call), 1)), ' % a call; ',
    arrayStringConcat(arraySort(groupArray(concat(dear.score, ' ', toString(round(dear.mean, 3)), ' (', toString(dear.scores), ' scores) against ',
      toString(round(cheap.mean, 3)), ' (', toString(cheap.scores), ')'))), ', ')) AS evidence,
  any(dear.example) AS example_trace_id
FROM (
  SELECT *, count() OVER (PARTITION BY tenant, week, environment, feature, model) AS score_kinds FROM scored_models) AS dear
JOIN scored_models AS cheap
  ON cheap.tenant = dear.tenant AND cheap.week = dear.week AND cheap.environment = dear.environment AND cheap.feature = dear.feature AND cheap.score = dear.score
WHERE cheap.model != dear.model AND cheap.per_call < 0.8 * dear.per_call
GROUP BY tenant, week, environment, feature, model, cheap.model
HAVING count() = any(dear.score_kinds)
  AND min(cheap.mean - dear.mean - 1.96 * sqrt(pow(cheap.error, 2) + pow(dear.error, 2))) >= -0.05;

-- What comparisons are made of: sums of each dimension's values by what tells arms apart, workspace and hour. They add
-- up, so an arm is a sum of rows; a weight is 1 / probability of inclusion. Product calls, and the scores of evaluators,
-- people and users (score.NAME, score.human.NAME, score.user.NAME).
CREATE OR REPLACE VIEW comparison_sums AS
SELECT
  tenant, hour, environment, feature, workspace, prompt_name, prompt_version, model,
  coalesce(model_returned, model) AS answered_by, experiment,
  stated.1 AS dimension, stated.2 AS kind, stated.3 AS good,
  toInt64(count()) AS n, toFloat64(n) AS w, w AS ww,
  sum(assumeNotNull(stated.4)) AS wy, wy AS wwy, sum(assumeNotNull(stated.4) * assumeNotNull(stated.4)) AS wwyy
FROM calls_net
ARRAY JOIN arrayFilter(s -> s.4 IS NOT NULL, [
  ('cost_per_call', 'AMOUNT', 'LOWER', CAST(cost, 'Nullable(Float64)')),
  ('latency_ms', 'AMOUNT', 'LOWER', CAST(latency_us / 1000, 'Nullable(Float64)')),
  ('ttft_ms', 'AMOUNT', 'LOWER', CAST(ttft_us / 1000, 'Nullable(Float64)')),
  ('input_tokens', 'AMOUNT', 'NEITHER', CAST(if(usage_quality = 'MISSING', NULL,
    coalesce(input_uncached_tokens, 0) + coalesce(cache_read_tokens, 0) + coalesce(cache_write_5m_tokens, 0)
    + coalesce(cache_write_1h_tokens, 0) + coalesce(input_audio_tokens, 0) + coalesce(input_image_tokens, 0)), 'Nullable(Float64)')),
  ('output_tokens', 'AMOUNT', 'NEITHER', CAST(if(usage_quality = 'MISSING', NULL,
    coalesce(output_text_tokens, 0) + coalesce(reasoning_tokens, 0) + coalesce(output_audio_tokens, 0) + coalesce(output_image_tokens, 0)), 'Nullable(Float64)')),
  ('error_share', 'SHARE', 'LOWER', CAST(if(error, 1, 0), 'Nullable(Float64)')),
  ('fallback_share', 'SHARE', 'LOWER', CAST(if(fallback_from IS NULL, 0, 1), 'Nullable(Float64)')),
  ('length_share', 'SHARE', 'LOWER', CAST(if(empty(finish_reasons), NULL, has(finish_reasons, 'LENGTH')), 'Nullable(Float64)')),
  ('refusal_share', 'SHARE', 'LOWER', CAST(if(empty(finish_reasons), NULL, has(finish_reasons, 'REFUSAL')), 'Nullable(Float64)')),
  ('content_filter_share', 'SHARE', 'LOWER', CAST(if(empty(finish_reasons), NULL, has(finish_reasons, 'CONTENT_FILTER')), 'Nullable(Float64)')),
  ('tool_call_share', 'SHARE', 'NEITHER', CAST(if(empty(finish_reasons), NULL, has(finish_reasons, 'TOOL_CALL')), 'Nullable(Float64)'))
]) AS stated
WHERE purpose = 'PRODUCT'
GROUP BY tenant, hour, environment, feature, workspace, prompt_name, prompt_version, model, answered_by, experiment, dimension, kind, good
UNION ALL
SELECT
  tenant, toStartOfHour(coalesce(subject_end, scored_at)) AS hour, environment, feature, workspace, prompt_name, prompt_version,
  coalesce(model, 'unknown') AS model, model AS answered_by, experiment,
  concat('score.', if(source = 'EVALUATOR', '', concat(lower(source), '.')), name) AS dimension, 'SCORE' AS kind,
  if(direction = 'LOWER_IS_BETTER', 'LOWER', 'HIGHER') AS good,
  toInt64(count()) AS n, sum(weight) AS w, sum(weight * weight) AS ww, sum(weight * score) AS wy,
  sum(weight * weight * score) AS wwy, sum(weight * weight * score * score) AS wwyy
FROM (
  SELECT *, 1 / coalesce(inclusion_probability, 1) AS weight, assumeNotNull(value) AS score
  FROM scores_net WHERE status = 'SCORED' AND value IS NOT NULL AND source != 'BUSINESS' AND coalesce(inclusion_probability, 1) > 0)
GROUP BY tenant, hour, environment, feature, workspace, prompt_name, prompt_version, model, experiment, dimension, kind, good;

-- The mean of each dimension by prompt version and day, with the 95 % interval of one look; ./tributary compare says
-- whether two differ, at the same mix of traffic.
CREATE OR REPLACE VIEW version_means AS
SELECT
  tenant, toDate(hour) AS day, environment, feature, prompt_name, prompt_version, dimension, good,
  sum(s.n) AS values, sum(s.wy) / sum(s.w) AS mean,
  if(values < 2, NULL, sqrt(greatest(0, sum(s.wwyy) - 2 * mean * sum(s.wwy) + mean * mean * sum(s.ww)) / pow(sum(s.w), 2) * values / (values - 1))) AS standard_error,
  mean - 1.96 * standard_error AS low, mean + 1.96 * standard_error AS high
FROM comparison_sums AS s
WHERE prompt_version != 'unattributed'
GROUP BY tenant, day, environment, feature, prompt_name, prompt_version, dimension, good;

-- What judges say, and what is left of it once the labels that people gave the same subjects under the same score name
-- took the judge's bias off: prediction-powered inference as class PredictionPowered of module quality has it. Polynomials
-- are 1, label, judgement, label squared, judgement squared, label x judgement, summed under the weight of a label
-- (plain), its square (squared) and its product with the judgement's weight (crossed). Null below 20 labels: a normal
-- interval would be a guess. V040 made the first version of it, and a script that was applied is never changed.
CREATE OR REPLACE VIEW judged_means AS
WITH judgements AS (
  SELECT
    tenant, environment, feature, prompt_name, prompt_version, name,
    coalesce(evaluator, name) AS evaluator, coalesce(evaluator_version, '') AS evaluator_version,
    subject_kind, subject_id, assumeNotNull(value) AS judgement, 1 / coalesce(inclusion_probability, 1) AS weight
  FROM scores FINAL
  WHERE source = 'EVALUATOR' AND status = 'SCORED' AND value IS NOT NULL AND coalesce(inclusion_probability, 1) > 0),
labels AS (
  SELECT tenant, subject_kind, subject_id, name, avg(assumeNotNull(value)) AS label,
    1 / max(coalesce(inclusion_probability, 1)) AS label_weight, toUInt8(1) AS is_labelled
  FROM scores FINAL
  WHERE source = 'HUMAN' AND status = 'SCORED' AND value IS NOT NULL AND coalesce(inclusion_probability, 1) > 0
  GROUP BY tenant, subject_kind, subject_id, name),
sums AS (
  SELECT
    tenant, environment, feature, prompt_name, prompt_version, name, evaluator, evaluator_version,
    count() AS n, sum(weight) AS w, sum(weight * weight) AS ww, sum(weight * judgement) AS wy,
    sum(weight * weight * judgement) AS wwy, sum(weight * weight * judgement * judgement) AS wwyy,
    countIf(is_labelled = 1) AS n_labelled,
    sumForEachIf(arrayMap(x -> x * weight * label_weight, polynomials), is_labelled = 1) AS plain,
    sumForEachIf(arrayMap(x -> x * pow(weight * label_weight, 2), polynomials), is_labelled = 1) AS squared,
    sumForEachIf(arrayMap(x -> x * weight * weight * label_weight, polynomials), is_labelled = 1) AS crossed
  FROM (
    SELECT *, [1., label, judgement, label * label, judgement * judgement, label * judgement] AS polynomials
    FROM judgements LEFT JOIN labels USING (tenant, subject_kind, subject_id, name))
  GROUP BY tenant, environment, feature, prompt_name, prompt_version, name, evaluator, evaluator_version),
trusted AS (
  SELECT *,
    wy / w AS mean,
    plain[5] / plain[1] - pow(plain[3] / plain[1], 2) AS spread,
    if(n_labelled < 20 OR spread <= 1e-12, 0,
      greatest(0, (plain[6] / plain[1] - plain[2] / plain[1] * plain[3] / plain[1]) / spread)) AS trust,
    (plain[2] - trust * plain[3]) / plain[1] AS rest
  FROM sums)
SELECT
  tenant, environment, feature, prompt_name, prompt_version, name, evaluator, evaluator_version,
  n AS judged, mean AS judge_mean,
  if(n < 2, NULL, sqrt(greatest(0, wwyy - 2 * mean * wwy + mean * mean * ww) / (w * w) * n / (n - 1))) AS judge_standard_error,
  n_labelled AS labelled,
  if(n_labelled < 20, NULL, trust) AS trust_in_judge,
  if(n_labelled < 20, NULL, trust * mean + rest) AS corrected_mean,
  if(n_labelled < 20, NULL, sqrt(greatest(0,
    trust * trust * (wwyy - 2 * mean * wwy + mean * mean * ww) / (w * w)
    + ((squared[4] - 2 * trust * squared[6] + trust * trust * squared[5])
      - 2 * rest * (squared[2] - trust * squared[3]) + rest * rest * squared[1]) / pow(plain[1], 2)
    + 2 * trust * ((crossed[6] - trust * crossed[5]) - mean * (crossed[2] - trust * crossed[3])
      - rest * crossed[3] + mean * rest * crossed[1]) / (w * plain[1]))
    * n_labelled / (n_labelled - 1))) AS corrected_standard_error,
  if(corrected_mean IS NULL, NULL, greatest(0, corrected_mean - 1.959964 * corrected_standard_error)) AS low,
  if(corrected_mean IS NULL, NULL, least(1, corrected_mean + 1.959964 * corrected_standard_error)) AS high
FROM trusted;

-- Prompt versions as spans show them, registered or not. A version with several hashes was changed without a new name.
CREATE OR REPLACE VIEW prompt_versions AS
SELECT
  tenant, prompt_name, prompt_version,
  min(end_time) AS first_seen, max(end_time) AS last_seen,
  count() AS spans,
  arraySort(groupUniqArrayIf(10)(prompt_hash, prompt_hash != '')) AS hashes,
  length(hashes) > 1 AS is_changed
FROM (
  SELECT tenant, end_time, tags['prompt_name'] AS prompt_name, tags['prompt_version'] AS prompt_version, tags['prompt_hash'] AS prompt_hash
  FROM spans_net)
WHERE prompt_name != '' AND prompt_version != ''
GROUP BY tenant, prompt_name, prompt_version;

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
