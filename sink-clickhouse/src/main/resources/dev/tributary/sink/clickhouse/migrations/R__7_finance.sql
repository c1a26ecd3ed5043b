-- Unit costs, chargeback, outcomes, and the ledger as FOCUS rows.

-- What a unit costs, by quarter of an hour, so that the day of any time zone is a sum of rows. An amount is a lower
-- bound wherever unpriced_calls is not 0, or a call was priced in part. The known cost has parts: shares of pools
-- (allocated), and what invoices billed more or less than was estimated (reconciled), in the last quarter of their day.
CREATE OR REPLACE VIEW unit_costs AS
SELECT
  tenant, toStartOfFifteenMinutes(event_time) AS quarter, environment, cost_center, team, feature, workspace, prompt_name, prompt_version,
  sum(sign * l.calls) AS calls,
  sumIf(sign, item = 'trace' AND kind = 'USAGE') AS traces,
  if(sumIf(sign, l.cost IS NOT NULL) = 0, NULL, sum(sign * l.cost)) AS known_cost,
  if(sumIf(sign, l.cost IS NOT NULL AND kind = 'ALLOCATION') = 0, NULL, sumIf(sign * l.cost, kind = 'ALLOCATION')) AS allocated_cost,
  if(sumIf(sign, l.cost IS NOT NULL AND kind = 'TRUE_UP') = 0, NULL, sumIf(sign * l.cost, kind = 'TRUE_UP')) AS reconciled_cost,
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
  sum(u.calls) AS calls, sum(u.known_cost) AS known_cost, sum(u.allocated_cost) AS allocated_cost,
  sum(u.reconciled_cost) AS reconciled_cost, sum(u.unpriced_calls) AS unpriced_calls
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
-- are differences. Costs are at the rate of the card; what an invoice bills more or less stands beside them in rows of
-- its own, with its id, so that all rows of a provider add up to what it billed.
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
  multiIf(kind != 'TRUE_UP', 'Usage', reason = 'tax', 'Tax', reason = 'credit', 'Credit', 'Adjustment') AS ChargeCategory,
  if(cause IN ('REPRICE', 'REATTRIBUTE', 'REPLAY', 'ADMITTED', 'TRUE_UP'), 'Correction', NULL) AS ChargeClass,
  concat(sku_model, ', ', multiIf(bucket != '', bucket, reason != '', reason, lower(kind))) AS ChargeDescription,
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
  invoice AS InvoiceId,
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
    if(kind = 'TRUE_UP', source, NULL) AS invoice, if(kind = 'TRUE_UP', coalesce(price_reason, ''), '') AS reason,
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
  tenant, ChargePeriodStart, kind, invoice, reason, ChargeClass, provider, surface, sku_model, region, service_tier, rate_card_id, bucket, unit, rate_amount, rate_per,
  team, feature, workspace, environment, project, cost_center, prompt_name, prompt_version, purpose, usage_quality
HAVING sum(sign) != 0 OR BilledCost != 0;
