-- The ledger by line: money, traffic, tokens, latency, errors, and what has no price.
--
-- The first of the files of shared views, which are by subject and in the order of their numbers: a view stands behind
-- those it reads. Names and columns are stable; README.md describes them. All are applied again when the text of one changes.
--
-- Sums are signed (sum(sign * x)), so they hold whether or not retractions have merged with what they retract. A sum of
-- costs is asked for only where a net line has one: what was retracted adds up to 0 until it merges, and then to nothing.
-- Amounts are in the ledger's currency and are a lower bound wherever unpriced_calls is not 0, or a call was priced in part (PARTIAL).
--
-- A line is unpriced where a cost is missing; one whose usage another span owns (NOT_BILLABLE) is neither priced nor unpriced.
-- Class LinePrice of module schemas is the definition: the cost decides, so that a status added later unprices nothing known.

-- Each line's current truth exactly once, merged or not. FINAL collapses pairs of equal key and revision.
CREATE OR REPLACE VIEW lines_net AS
SELECT
  *,
  coalesce(model_canonical, model_returned, model_requested, 'unknown') AS model,
  toStartOfHour(event_time) AS hour,
  cost IS NOT NULL AS is_priced,
  cost IS NULL AND price_status != 'NOT_BILLABLE' AS is_unpriced,
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
  cost IS NOT NULL AS is_priced,
  cost IS NULL AND price_status != 'NOT_BILLABLE' AS is_unpriced,
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

-- Calls without a price, or whose cost is a lower bound, by what would have to be known; over net lines, because a line that was corrected has no part in
-- when something was seen.
CREATE OR REPLACE VIEW unpriced AS
SELECT
  tenant, coalesce(surface, 'unknown') AS surface, model, price_status, price_reason,
  toInt64(count()) AS calls,
  sum(l.unpriced_tokens) AS tokens,
  min(event_time) AS first_seen,
  max(event_time) AS last_seen
FROM calls_net AS l
WHERE is_unpriced OR (is_priced AND CAST(price_status, 'String') NOT IN ('PRICED', 'FREE', 'ALLOCATED', 'STALE'))
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
