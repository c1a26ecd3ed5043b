-- Measurements of accelerators and inference servers, as they came; a series is read by host and name over time.
-- A part is a week, to be dropped when it is no longer asked for.
CREATE TABLE IF NOT EXISTS gauges (
  tenant LowCardinality(String),
  host LowCardinality(String),
  model LowCardinality(Nullable(String)),
  name LowCardinality(String),
  value Float64 CODEC(Gorilla, ZSTD(1)),
  time DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  attributes Map(LowCardinality(String), String),
  kafka_partition Int32,
  kafka_offset Int64
)
ENGINE = MergeTree
PARTITION BY toMonday(time)
ORDER BY (tenant, host, name, time)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728,
  vertical_merge_algorithm_min_rows_to_activate = 1, vertical_merge_algorithm_min_columns_to_activate = 1;
