-- What serves models: gauges of servers beside calls and cost.

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
