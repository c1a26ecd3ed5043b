-- What windows and cells tell beside: shares need what they are shares of, explanations the cost of each bucket.
ALTER TABLE windows
  ADD COLUMN IF NOT EXISTS untagged_calls Int64,
  ADD COLUMN IF NOT EXISTS calls_without_usage Int64,
  ADD COLUMN IF NOT EXISTS finished_calls Int64,
  ADD COLUMN IF NOT EXISTS guardrails Int64,
  ADD COLUMN IF NOT EXISTS guardrail_masks Int64,
  ADD COLUMN IF NOT EXISTS guardrail_flags Int64,
  ADD COLUMN IF NOT EXISTS counted_retrievals Int64,
  ADD COLUMN IF NOT EXISTS scored_retrievals Int64,
  ADD COLUMN IF NOT EXISTS low_score_retrievals Int64,
  ADD COLUMN IF NOT EXISTS cost_untagged Decimal(38, 18),
  ADD COLUMN IF NOT EXISTS cost_by_bucket Map(LowCardinality(String), Decimal(38, 18)),
  ADD COLUMN IF NOT EXISTS `scores.weight_squared_value` Array(Float64),
  ADD COLUMN IF NOT EXISTS `scores.weight_squared_value_squared` Array(Float64),
  ADD COLUMN IF NOT EXISTS `scores.unvalued` Array(Int64),
  ADD COLUMN IF NOT EXISTS `scores.not_sampled` Array(Int64);

ALTER TABLE cells
  ADD COLUMN IF NOT EXISTS priced_calls Int64,
  ADD COLUMN IF NOT EXISTS cost Decimal(38, 18),
  ADD COLUMN IF NOT EXISTS late Bool;

-- Scores, labels and outcomes; of records of one id the last counts. Time and environment are not in the key,
-- because a score that is given again may move both.
CREATE TABLE IF NOT EXISTS scores (
  tenant LowCardinality(String),
  score_id String,
  subject_kind LowCardinality(String),
  subject_id String,
  trace_id Nullable(String),
  session_id Nullable(String),
  name LowCardinality(String),
  value Nullable(Float64),
  label LowCardinality(Nullable(String)),
  explanation_ref Nullable(String),
  direction LowCardinality(String),
  source LowCardinality(String),
  status LowCardinality(String),
  status_reason LowCardinality(Nullable(String)),
  evaluator LowCardinality(Nullable(String)),
  evaluator_version LowCardinality(Nullable(String)),
  judge_model LowCardinality(Nullable(String)),
  cost Nullable(Decimal(38, 18)),
  inclusion_probability Nullable(Float64),
  amount Nullable(Decimal(38, 18)),
  scored_at DateTime64(6, 'UTC'),
  subject_end Nullable(DateTime64(6, 'UTC')),
  span_kind LowCardinality(Nullable(String)),
  model LowCardinality(Nullable(String)),
  feature LowCardinality(String),
  team LowCardinality(String),
  workspace LowCardinality(String),
  environment LowCardinality(String),
  project LowCardinality(String),
  cost_center LowCardinality(String),
  user_tier LowCardinality(String),
  experiment LowCardinality(String),
  retrieval_version LowCardinality(String),
  prompt_name LowCardinality(String),
  prompt_version LowCardinality(String),
  agent LowCardinality(String),
  kafka_partition Int32,
  kafka_offset Int64
)
ENGINE = ReplacingMergeTree(kafka_offset)
PARTITION BY tuple()
ORDER BY (tenant, score_id)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728,
  vertical_merge_algorithm_min_rows_to_activate = 1, vertical_merge_algorithm_min_columns_to_activate = 1;

-- Things noticed: changes, budgets crossed.
CREATE TABLE IF NOT EXISTS events (
  tenant LowCardinality(String),
  event_id String,
  kind LowCardinality(String),
  subject String,
  environment LowCardinality(Nullable(String)),
  dimensions Map(LowCardinality(String), String),
  event_time DateTime64(6, 'UTC'),
  amount Nullable(Decimal(38, 18)),
  detail Map(LowCardinality(String), String),
  kafka_partition Int32,
  kafka_offset Int64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(event_time)
ORDER BY (tenant, kind, event_time, subject, event_id)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728,
  vertical_merge_algorithm_min_rows_to_activate = 1, vertical_merge_algorithm_min_columns_to_activate = 1;
