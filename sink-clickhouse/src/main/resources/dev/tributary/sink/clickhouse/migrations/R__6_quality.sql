-- Scores, and what comparisons of prompt versions and models are made of.

-- The last record of each score, with the tags that the line of its span or trace has now, where a command corrected that
-- line: cost moved there, and quality goes with it. A session has no line.
CREATE OR REPLACE VIEW scores_net AS
SELECT s.* REPLACE (
  if(l.amended, l.feature, s.feature) AS feature, if(l.amended, l.team, s.team) AS team,
  if(l.amended, l.workspace, s.workspace) AS workspace, if(l.amended, l.environment, s.environment) AS environment,
  if(l.amended, l.project, s.project) AS project, if(l.amended, l.cost_center, s.cost_center) AS cost_center,
  if(l.amended, l.user_tier, s.user_tier) AS user_tier, if(l.amended, l.experiment, s.experiment) AS experiment,
  if(l.amended, l.retrieval_version, s.retrieval_version) AS retrieval_version,
  if(l.amended, l.prompt_name, s.prompt_name) AS prompt_name, if(l.amended, l.prompt_version, s.prompt_version) AS prompt_version,
  if(l.amended, l.agent, s.agent) AS agent)
FROM (SELECT * FROM scores FINAL) AS s
LEFT JOIN (
  SELECT
    c.tenant AS tenant, c.source AS trace_id, c.item AS item, true AS amended,
    argMax(c.feature, c.revision) AS feature, argMax(c.team, c.revision) AS team, argMax(c.workspace, c.revision) AS workspace,
    argMax(c.environment, c.revision) AS environment, argMax(c.project, c.revision) AS project,
    argMax(c.cost_center, c.revision) AS cost_center, argMax(c.user_tier, c.revision) AS user_tier,
    argMax(c.experiment, c.revision) AS experiment, argMax(c.retrieval_version, c.revision) AS retrieval_version,
    argMax(c.prompt_name, c.revision) AS prompt_name, argMax(c.prompt_version, c.revision) AS prompt_version,
    argMax(c.agent, c.revision) AS agent
  FROM calls AS c
  WHERE c.kind = 'USAGE' AND c.sign = 1 AND c.source IN (
    SELECT source FROM ledger WHERE cause IN ('REATTRIBUTE', 'REPLAY', 'ADMITTED'))
  GROUP BY tenant, trace_id, item) AS l
  ON l.tenant = s.tenant AND l.trace_id = s.trace_id AND l.item = multiIf(s.subject_kind = 'SPAN', s.subject_id, s.subject_kind = 'TRACE', 'trace', '')
SETTINGS join_use_nulls = 0;

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

-- Mean of each score by the number of the turn it is of (of its trace or a span of it), weighted and with the interval as
-- score_means has them, over the turns that sessions list.
CREATE OR REPLACE VIEW session_turn_scores AS
SELECT
  tenant, environment, team, feature, workspace, turn, name, source,
  count() AS scores,
  sum(weight * score) / sum(weight) AS mean,
  if(scores < 2, NULL, sqrt(greatest(0, sum(weight * weight * score * score) - 2 * mean * sum(weight * weight * score)
    + mean * mean * sum(weight * weight)) * scores / (scores - 1)) / sum(weight)) AS standard_error,
  if(standard_error IS NULL, NULL, greatest(0, mean - 1.96 * standard_error)) AS low,
  if(standard_error IS NULL, NULL, least(1, mean + 1.96 * standard_error)) AS high
FROM (
  SELECT tenant, environment, team, feature, workspace, listed.number AS turn, listed.trace_id AS of_trace
  FROM sessions_net ARRAY JOIN turn_list AS listed) AS turns
JOIN (
  SELECT
    tenant, assumeNotNull(trace_id) AS of_trace, name, lower(source) AS source,
    1 / coalesce(inclusion_probability, 1) AS weight, assumeNotNull(value) AS score
  FROM scores_net
  WHERE status = 'SCORED' AND value IS NOT NULL AND trace_id IS NOT NULL AND coalesce(inclusion_probability, 1) > 0) AS given
  USING (tenant, of_trace)
GROUP BY tenant, environment, team, feature, workspace, turn, name, source;

-- Models of a feature by week with what a call costs and how each score of evaluators came out, those of a trace being
-- one; of 20 traces at least.
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
    tenant, week, environment, feature, model, score, toInt64(sum(judgements)) AS scores,
    sum(total) / sum(weights) AS mean,
    sqrt(greatest(0, sum(total * total) - 2 * mean * sum(weights * total) + mean * mean * sum(weights * weights))
      * count() / (count() - 1)) / sum(weights) AS error
  FROM (
    SELECT
      tenant, toMonday(scored_at) AS week, environment, feature, coalesce(model, 'unknown') AS model, name AS score,
      count() AS judgements, sum(weight) AS weights, sum(weight * judgement) AS total
    FROM (
      SELECT *, 1 / coalesce(inclusion_probability, 1) AS weight, assumeNotNull(value) AS judgement,
        coalesce(trace_id, session_id, subject_id) AS unit
      FROM scores_net WHERE status = 'SCORED' AND source = 'EVALUATOR' AND value IS NOT NULL AND direction = 'HIGHER_IS_BETTER'
        AND coalesce(inclusion_probability, 1) > 0)
    GROUP BY tenant, week, environment, feature, model, score, unit)
  GROUP BY tenant, week, environment, feature, model, score
  HAVING count() >= 20) AS judged USING (tenant, week, environment, feature, model);

-- What comparisons are made of: each product call's values in all dimensions of calls, null where it has none, and its
-- trace. Calls of one trace are alike: whoever wants an error of a mean adds them up by trace first.
CREATE OR REPLACE VIEW comparison_calls AS
SELECT
  tenant, hour, environment, feature, workspace, prompt_name, prompt_version, model,
  coalesce(model_returned, model) AS answered_by, experiment, source AS trace_id,
  CAST(cost, 'Nullable(Float64)') AS cost_per_call,
  CAST(latency_us / 1000, 'Nullable(Float64)') AS latency_ms,
  CAST(ttft_us / 1000, 'Nullable(Float64)') AS ttft_ms,
  CAST(if(usage_quality = 'MISSING', NULL,
    coalesce(input_uncached_tokens, 0) + coalesce(cache_read_tokens, 0) + coalesce(cache_write_5m_tokens, 0)
    + coalesce(cache_write_1h_tokens, 0) + coalesce(input_audio_tokens, 0) + coalesce(input_image_tokens, 0)), 'Nullable(Float64)') AS input_tokens,
  CAST(if(usage_quality = 'MISSING', NULL,
    coalesce(output_text_tokens, 0) + coalesce(reasoning_tokens, 0) + coalesce(output_audio_tokens, 0) + coalesce(output_image_tokens, 0)), 'Nullable(Float64)') AS output_tokens,
  CAST(if(error, 1, 0), 'Nullable(Float64)') AS error_share,
  CAST(if(fallback_from IS NULL, 0, 1), 'Nullable(Float64)') AS fallback_share,
  CAST(if(empty(finish_reasons), NULL, has(finish_reasons, 'LENGTH')), 'Nullable(Float64)') AS length_share,
  CAST(if(empty(finish_reasons), NULL, has(finish_reasons, 'REFUSAL')), 'Nullable(Float64)') AS refusal_share,
  CAST(if(empty(finish_reasons), NULL, has(finish_reasons, 'CONTENT_FILTER')), 'Nullable(Float64)') AS content_filter_share,
  CAST(if(empty(finish_reasons), NULL, has(finish_reasons, 'TOOL_CALL')), 'Nullable(Float64)') AS tool_call_share
FROM calls_net
WHERE purpose = 'PRODUCT';

-- The scores of evaluators, people and users (score.NAME, score.human.NAME, score.user.NAME), a weight being 1 /
-- probability of inclusion. Only those of which it is known which end is good. One that is of a session and no trace belongs together with the others of its session.
CREATE OR REPLACE VIEW comparison_scores AS
SELECT
  tenant, toStartOfHour(coalesce(subject_end, scored_at)) AS hour, environment, feature, workspace, prompt_name, prompt_version,
  coalesce(s.model, 'unknown') AS model, coalesce(s.model, 'unknown') AS answered_by, experiment,
  coalesce(s.trace_id, s.session_id, subject_id) AS trace_id,
  concat('score.', if(source = 'EVALUATOR', '', concat(lower(source), '.')), name) AS dimension,
  if(direction = 'LOWER_IS_BETTER', 'LOWER', 'HIGHER') AS good,
  1 / coalesce(inclusion_probability, 1) AS weight, assumeNotNull(value) AS score
FROM scores_net AS s
WHERE status = 'SCORED' AND value IS NOT NULL AND source != 'BUSINESS' AND direction IN ('HIGHER_IS_BETTER', 'LOWER_IS_BETTER') AND coalesce(inclusion_probability, 1) > 0;

-- Sums of each dimension's values by what tells arms apart, workspace and hour. They add up to means; the squared ones are
-- of traces, as far as a trace lies in one row: ./tributary compare reads the two views above and takes whole ones.
CREATE OR REPLACE VIEW comparison_sums AS
SELECT
  tenant, hour, environment, feature, workspace, prompt_name, prompt_version, model, answered_by, experiment,
  dimension, kind, good,
  toInt64(sum(values)) AS n, sum(weight) AS w, sum(weight * weight) AS ww, sum(total) AS wy,
  sum(weight * total) AS wwy, sum(total * total) AS wwyy, toInt64(count()) AS traces
FROM (
  SELECT
    tenant, hour, environment, feature, workspace, prompt_name, prompt_version, model, answered_by, experiment, trace_id,
    stated.1 AS dimension, stated.2 AS kind, stated.3 AS good,
    count() AS values, toFloat64(values) AS weight, sum(assumeNotNull(stated.4)) AS total
  FROM comparison_calls
  ARRAY JOIN arrayFilter(s -> s.4 IS NOT NULL, [
    ('cost_per_call', 'AMOUNT', 'LOWER', cost_per_call),
    ('latency_ms', 'AMOUNT', 'LOWER', latency_ms),
    ('ttft_ms', 'AMOUNT', 'LOWER', ttft_ms),
    ('input_tokens', 'AMOUNT', 'NEITHER', input_tokens),
    ('output_tokens', 'AMOUNT', 'NEITHER', output_tokens),
    ('error_share', 'SHARE', 'LOWER', error_share),
    ('fallback_share', 'SHARE', 'LOWER', fallback_share),
    ('length_share', 'SHARE', 'LOWER', length_share),
    ('refusal_share', 'SHARE', 'LOWER', refusal_share),
    ('content_filter_share', 'SHARE', 'LOWER', content_filter_share),
    ('tool_call_share', 'SHARE', 'NEITHER', tool_call_share)
  ]) AS stated
  GROUP BY tenant, hour, environment, feature, workspace, prompt_name, prompt_version, model, answered_by, experiment, trace_id, dimension, kind, good
  UNION ALL
  SELECT
    tenant, hour, environment, feature, workspace, prompt_name, prompt_version, model, answered_by, experiment, trace_id,
    dimension, 'SCORE' AS kind, good,
    count() AS values, sum(c.weight) AS weight, sum(c.weight * score) AS total
  FROM comparison_scores AS c
  GROUP BY tenant, hour, environment, feature, workspace, prompt_name, prompt_version, model, answered_by, experiment, trace_id, dimension, kind, good)
GROUP BY tenant, hour, environment, feature, workspace, prompt_name, prompt_version, model, answered_by, experiment, dimension, kind, good;

-- The mean of each dimension by prompt version and day, with the 95 % interval of one look; ./tributary compare says
-- whether two differ, at the same mix of traffic.
CREATE OR REPLACE VIEW version_means AS
SELECT
  tenant, toDate(hour) AS day, environment, feature, prompt_name, prompt_version, dimension, good,
  sum(s.n) AS values, sum(s.wy) / sum(s.w) AS mean,
  if(sum(s.traces) < 2, NULL, sqrt(greatest(0, sum(s.wwyy) - 2 * mean * sum(s.wwy) + mean * mean * sum(s.ww)) / pow(sum(s.w), 2)
    * sum(s.traces) / (sum(s.traces) - 1))) AS standard_error,
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
  FROM scores_net
  WHERE source = 'EVALUATOR' AND status = 'SCORED' AND value IS NOT NULL AND coalesce(inclusion_probability, 1) > 0),
labels AS (
  SELECT tenant, subject_kind, subject_id, name, avg(assumeNotNull(value)) AS label,
    1 / max(coalesce(inclusion_probability, 1)) AS label_weight, toUInt8(1) AS is_labelled
  FROM scores_net
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
