-- Spans, and what the telemetry of a service lacks.

-- Spans once each: a duplicate delivery has the same identity and end.
CREATE OR REPLACE VIEW spans_net AS
SELECT *, environment FROM spans ORDER BY kafka_partition, kafka_offset LIMIT 1 BY tenant, trace_id, span_id;

-- How much of money and calls is known: attributed without rule or default, and priced; by service. And how many calls name
-- another team than the ownership table does, which the call wins.
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
  if(coalesce(cost, 0) = 0, NULL, toFloat64(coalesce(cost_attributed, 0)) / toFloat64(assumeNotNull(cost))) AS attributed_cost_share,
  sumIf(sign * l.calls, owner_conflict) AS owner_conflict_calls
FROM lines_signed AS l
GROUP BY tenant, hour, environment, service
HAVING sum(sign) > 0;

-- Of the calls of a service how many were sampled at their head: a call of probability p stands for 1/p. No sum of the
-- ledger is scaled by it. Hours and services with such calls only; from the audit, which alone has the probability.
CREATE OR REPLACE VIEW sampling AS
SELECT
  tenant, toStartOfHour(event_time) AS hour, environment, coalesce(service_name, 'unknown') AS service,
  sum(sign * l.calls) AS calls,
  sumIf(sign * l.calls, sampling_probability < 1) AS sampled_calls,
  sampled_calls / calls AS sampled_share,
  sum(sign * l.calls / coalesce(sampling_probability, 1)) AS calls_stood_for
FROM ledger AS l
WHERE l.calls != 0 AND coalesce(sampling_probability, 1) > 0
GROUP BY tenant, hour, environment, service
HAVING sampled_calls > 0;

-- What was refused and what it would have cost: spans that came when nobody remembered their trace, and others.
CREATE OR REPLACE VIEW refused AS
SELECT
  tenant, toStartOfHour(rejected_at) AS hour, module, reason, coalesce(service_name, 'unknown') AS service,
  count() AS records, sum(r.would_be_cost) AS would_be_cost
FROM rejected AS r
GROUP BY tenant, hour, module, reason, service;

-- Responses whose usage is counted in more than one trace of a day (UTC): a gateway and an application that both report,
-- in traces of their own. Only what one trace has twice is counted once; this money is in every sum, unless an ownership
-- rule says that one of the services is a shadow. Too much is all but the earliest.
CREATE OR REPLACE VIEW double_reported AS
SELECT
  tenant, day, response_id,
  count() AS traces, arraySort(groupArray(trace)) AS trace_ids, arraySort(groupUniqArrayArray(traced)) AS services,
  sum(d.trace_calls) AS calls,
  sum(d.trace_cost) AS cost,
  cost - coalesce(argMin(tuple(d.trace_cost), (d.at, d.trace)).1, 0) AS cost_too_much
FROM (
  SELECT
    tenant, toDate(event_time) AS day, assumeNotNull(l.response_id) AS response_id, source AS trace,
    min(event_time) AS at, groupUniqArrayIf(coalesce(service_name, 'unknown'), sign = 1) AS traced,
    sum(sign * l.calls) AS trace_calls,
    if(sumIf(sign, l.cost IS NOT NULL) = 0, NULL, sum(sign * l.cost)) AS trace_cost
  FROM ledger AS l
  WHERE kind = 'USAGE' AND l.response_id IS NOT NULL AND usage_scope != 'NONE'
  GROUP BY tenant, day, response_id, trace
  HAVING sum(sign) > 0) AS d
GROUP BY tenant, day, response_id
HAVING traces > 1;

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
    -- nor where the operation makes an image, a film or a voice.
    is_chat AND NOT has(finish_reasons, 'CONTENT_FILTER') AND NOT has(finish_reasons, 'REFUSAL')
      AND (tenant, source, item) NOT IN (SELECT tenant, trace_id, span_id FROM media_calls)
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
