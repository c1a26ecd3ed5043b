-- Windows and cells of the stream.

-- The current revision of each window and cell.
CREATE OR REPLACE VIEW windows_net AS SELECT * FROM windows FINAL;

CREATE OR REPLACE VIEW cells_net AS SELECT *, series FROM cells FINAL;

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
