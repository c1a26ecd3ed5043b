-- Every state of every episode, as it was written; a replay of the windows writes the same rows again.
CREATE TABLE IF NOT EXISTS anomalies (
  tenant LowCardinality(String),
  episode_id String,
  state LowCardinality(String),
  environment LowCardinality(String),
  series String,
  metric LowCardinality(String),
  sentence String,
  revision Int64,
  dimensions Map(LowCardinality(String), String),
  opened_at DateTime64(6, 'UTC'),
  window_start DateTime64(6, 'UTC'),
  observed Nullable(Float64),
  baseline Nullable(Float64),
  factor Nullable(Float64),
  score Float64,
  money_so_far Nullable(Decimal(38, 18)),
  money_per_hour Nullable(Decimal(38, 18)),
  group_id Nullable(String),
  `causes.driver` Array(LowCardinality(String)),
  `causes.slice` Array(Map(LowCardinality(String), String)),
  `causes.amount` Array(Nullable(Decimal(38, 18))),
  `causes.share` Array(Nullable(Float64)),
  `causes.evidence` Array(String),
  example_trace_ids Array(String),
  kafka_partition Int32,
  kafka_offset Int64
)
ENGINE = ReplacingMergeTree(kafka_offset)
PARTITION BY toYYYYMM(opened_at)
ORDER BY (tenant, environment, opened_at, episode_id, revision)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728,
  vertical_merge_algorithm_min_rows_to_activate = 1, vertical_merge_algorithm_min_columns_to_activate = 1;

-- Notifications for owning teams; one that is raised again replaces itself.
CREATE TABLE IF NOT EXISTS alerts (
  tenant LowCardinality(String),
  alert_id String,
  team LowCardinality(String),
  severity LowCardinality(String),
  title String,
  routes Array(String),
  created_at DateTime64(6, 'UTC'),
  episode_id String,
  state LowCardinality(String),
  environment LowCardinality(String),
  series String,
  metric LowCardinality(String),
  sentence String,
  revision Int64,
  dimensions Map(LowCardinality(String), String),
  opened_at DateTime64(6, 'UTC'),
  window_start DateTime64(6, 'UTC'),
  observed Nullable(Float64),
  baseline Nullable(Float64),
  factor Nullable(Float64),
  score Float64,
  money_so_far Nullable(Decimal(38, 18)),
  money_per_hour Nullable(Decimal(38, 18)),
  group_id Nullable(String),
  `causes.driver` Array(LowCardinality(String)),
  `causes.slice` Array(Map(LowCardinality(String), String)),
  `causes.amount` Array(Nullable(Decimal(38, 18))),
  `causes.share` Array(Nullable(Float64)),
  `causes.evidence` Array(String),
  example_trace_ids Array(String),
  kafka_partition Int32,
  kafka_offset Int64
)
ENGINE = ReplacingMergeTree(kafka_offset)
PARTITION BY toYYYYMM(created_at)
ORDER BY (tenant, team, created_at, alert_id)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728,
  vertical_merge_algorithm_min_rows_to_activate = 1, vertical_merge_algorithm_min_columns_to_activate = 1;

-- What became of each alert on each route.
CREATE TABLE IF NOT EXISTS alert_deliveries (
  tenant LowCardinality(String),
  alert_id String,
  episode_id String,
  team LowCardinality(String),
  route LowCardinality(String),
  state LowCardinality(String),
  severity LowCardinality(String),
  outcome LowCardinality(String),
  notification_id String,
  reason LowCardinality(Nullable(String)),
  notification_size Int32,
  attempts Int32,
  created_at DateTime64(6, 'UTC'),
  at DateTime64(6, 'UTC'),
  kafka_partition Int32,
  kafka_offset Int64
)
ENGINE = ReplacingMergeTree(kafka_offset)
PARTITION BY toYYYYMM(created_at)
ORDER BY (tenant, team, created_at, alert_id, route, outcome)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728,
  vertical_merge_algorithm_min_rows_to_activate = 1, vertical_merge_algorithm_min_columns_to_activate = 1;
