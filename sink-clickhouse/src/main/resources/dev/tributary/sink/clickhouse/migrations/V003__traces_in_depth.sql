-- Why a trace cost what it cost, and how a session went. Rows loaded before have empty lists and no figures.
ALTER TABLE traces
  ADD COLUMN IF NOT EXISTS attempts Int64,
  ADD COLUMN IF NOT EXISTS largest_context Nullable(Int64),
  ADD COLUMN IF NOT EXISTS tool_loop_cost Nullable(Decimal(38, 18)),
  ADD COLUMN IF NOT EXISTS fallback_cost Nullable(Decimal(38, 18)),
  ADD COLUMN IF NOT EXISTS tool_loop_list Nested(tool_name String, tool_args_hash String, calls Int64, start_time DateTime64(6, 'UTC'), end_time DateTime64(6, 'UTC'), cost Nullable(Decimal(38, 18))),
  ADD COLUMN IF NOT EXISTS handoff_list Nested(via String, from_agent Nullable(String), to_agent Nullable(String), from_service Nullable(String), to_service Nullable(String), from_trace_id Nullable(String), start_time DateTime64(6, 'UTC'), gap_us Nullable(Int64)),
  ADD COLUMN IF NOT EXISTS fallback_list Nested(from_model String, to_model Nullable(String), attempts Int64, cost Nullable(Decimal(38, 18)), start_time DateTime64(6, 'UTC')),
  ADD COLUMN IF NOT EXISTS quality Nested(service Nullable(String), spans Int64, calls Int64, score Float64, reasons Map(String, Int64));

ALTER TABLE sessions
  ADD COLUMN IF NOT EXISTS turn_list.number Array(Int64),
  ADD COLUMN IF NOT EXISTS turn_list.wall_time_us Array(Int64),
  ADD COLUMN IF NOT EXISTS turn_list.gap_us Array(Nullable(Int64)),
  ADD COLUMN IF NOT EXISTS turn_list.context_tokens Array(Nullable(Int64)),
  ADD COLUMN IF NOT EXISTS ended Bool,
  ADD COLUMN IF NOT EXISTS end_reason LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS gap_us_mean Nullable(Int64),
  ADD COLUMN IF NOT EXISTS gap_us_max Nullable(Int64),
  ADD COLUMN IF NOT EXISTS wall_time_growth Nullable(Float64),
  ADD COLUMN IF NOT EXISTS cost_growth Nullable(Float64),
  ADD COLUMN IF NOT EXISTS context_growth Nullable(Float64),
  ADD COLUMN IF NOT EXISTS early_error_share Nullable(Float64),
  ADD COLUMN IF NOT EXISTS late_error_share Nullable(Float64);
