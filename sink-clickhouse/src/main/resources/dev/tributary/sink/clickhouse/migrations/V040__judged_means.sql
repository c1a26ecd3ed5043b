-- What judges say, and what is left of it once the labels that people gave the same subjects under the same score name
-- took the judge's bias off: prediction-powered inference as class PredictionPowered of module quality has it. Polynomials
-- are 1, label, judgement, label squared, judgement squared, label x judgement, summed under the weight of a label
-- (plain), its square (squared) and its product with the judgement's weight (crossed). Null below 20 labels: a normal
-- interval would be a guess.
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
  greatest(0, corrected_mean - 1.959964 * corrected_standard_error) AS low,
  least(1, corrected_mean + 1.959964 * corrected_standard_error) AS high
FROM trusted;
