-- What could have been spent less.

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
-- The same tool with the same arguments again and again in one trace: what a loop cost is without its first call.
SELECT
  tenant, toMonday(start_time) AS week, 'tool_loops' AS kind, environment, team, feature, '' AS model,
  CAST(sum(toFloat64(loops.cost)), 'Nullable(Float64)') AS saving,
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
