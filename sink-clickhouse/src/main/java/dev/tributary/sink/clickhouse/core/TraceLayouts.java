package dev.tributary.sink.clickhouse.core;

import static dev.tributary.sink.clickhouse.core.ColumnType.BOOL;
import static dev.tributary.sink.clickhouse.core.ColumnType.FLOAT64;
import static dev.tributary.sink.clickhouse.core.ColumnType.INT64;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_AMOUNT;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_FLOAT64;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_INT64;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_TEXT;
import static dev.tributary.sink.clickhouse.core.ColumnType.TEXT;
import static dev.tributary.sink.clickhouse.core.ColumnType.TIME;
import static dev.tributary.sink.clickhouse.core.SinkLayouts.UNATTRIBUTED;
import static dev.tributary.sink.clickhouse.core.SinkLayouts.attribution;
import static dev.tributary.sink.clickhouse.core.SinkLayouts.longs;
import static dev.tributary.sink.clickhouse.core.SinkLayouts.nullableTexts;
import static dev.tributary.sink.clickhouse.core.SinkLayouts.texts;
import static dev.tributary.sink.clickhouse.core.SinkLayouts.usage;

import dev.tributary.schemas.Topics;
import java.util.List;

/** Layouts of traces and sessions. */
final class TraceLayouts {
  /** Raised when the rows of the same record change; part of every deduplication token. */
  private static final int VERSION = 2;

  private TraceLayouts() {}

  static TopicLayout traces() {
    LayoutBuilder builder = new LayoutBuilder(Topics.TRACES.name(), VERSION);
    LayoutBuilder.Rows rows = builder.rows();
    texts(rows, "tenant", "trace_id", "close_reason");
    longs(rows, "revision", "spans", "calls", "tools", "retrievals", "errors", "retries");
    longs(rows, "fallbacks", "orphans", "duplicates", "double_reported", "unpriced_calls");
    longs(rows, "unpriced_tokens", "wall_time_us", "handoffs", "handoff_gap_us", "tool_loops");
    longs(rows, "tool_loop_calls", "reference_version");
    rows.scalar("start_time", TIME, "start_time_us").scalar("end_time", TIME, "end_time_us");
    rows.scalar("closed_at", TIME, "closed_at_us");
    nullableTexts(rows, "root_span_id", "root_service", "session_id", "user_hash");
    nullableTexts(rows, "residual_quality");
    rows.array("services", TEXT, "services[]").array("models", TEXT, "models[]");
    attribution(rows, "attribution.");
    usage(rows, "", "usage.");
    usage(rows, "residual_", "residual.");
    rows.scalar("cost", NULLABLE_AMOUNT, "cost");
    rows.map("critical_path_us", INT64, "critical_path_us{}");
    rows.map("finish_reasons", INT64, "finish_reasons{}").map("guardrails", INT64, "guardrails{}");
    rows.scalar("context_growth", NULLABLE_FLOAT64, "context_growth");
    rows.scalar("sampling_probability", NULLABLE_FLOAT64, "sampling_probability");
    rows.scalar("attempts", INT64, "attempts");
    rows.scalar("largest_context", NULLABLE_INT64, "largest_context");
    rows.scalar("tool_loop_cost", NULLABLE_AMOUNT, "tool_loop_cost");
    rows.scalar("fallback_cost", NULLABLE_AMOUNT, "fallback_cost");
    toolLoops(rows);
    handoffs(rows);
    fallbacks(rows);
    quality(rows);
    rows.position().table("traces");
    return builder.build();
  }

  static TopicLayout sessions() {
    LayoutBuilder builder = new LayoutBuilder(Topics.SESSIONS.name(), VERSION);
    LayoutBuilder.Rows rows = builder.rows();
    texts(rows, "tenant", "session_id");
    longs(rows, "revision", "turns", "calls", "errors", "tools", "unpriced_calls");
    rows.scalar("start_time", TIME, "start_time_us").scalar("end_time", TIME, "end_time_us");
    usage(rows, "", "usage.");
    rows.scalar("cost", NULLABLE_AMOUNT, "cost");
    nullableTexts(rows, "user_hash", "outcome");
    for (String tag : List.of("feature", "team", "environment", "workspace")) {
      rows.scalar(tag, TEXT, tag, UNATTRIBUTED);
    }
    rows.array("turn_list.trace_id", TEXT, "turn_list[].trace_id");
    rows.array("turn_list.start_time", TIME, "turn_list[].start_time_us");
    rows.array("turn_list.end_time", TIME, "turn_list[].end_time_us");
    rows.array("turn_list.cost", NULLABLE_AMOUNT, "turn_list[].cost");
    rows.array("turn_list.input_tokens", NULLABLE_INT64, "turn_list[].input_tokens");
    rows.array("turn_list.calls", INT64, "turn_list[].calls");
    rows.array("turn_list.errors", INT64, "turn_list[].errors");
    rows.array("turn_list.number", INT64, "turn_list[].number");
    rows.array("turn_list.wall_time_us", INT64, "turn_list[].wall_time_us");
    rows.array("turn_list.gap_us", NULLABLE_INT64, "turn_list[].gap_us");
    rows.array("turn_list.context_tokens", NULLABLE_INT64, "turn_list[].context_tokens");
    rows.scalar("turn_list_truncated", BOOL, "turn_list_truncated");
    rows.scalar("ended", BOOL, "ended").scalar("end_reason", NULLABLE_TEXT, "end_reason");
    rows.scalar("gap_us_mean", NULLABLE_INT64, "gap_us_mean");
    rows.scalar("gap_us_max", NULLABLE_INT64, "gap_us_max");
    for (String change :
        List.of(
            "wall_time_growth",
            "cost_growth",
            "context_growth",
            "early_error_share",
            "late_error_share")) {
      rows.scalar(change, NULLABLE_FLOAT64, change);
    }
    rows.position().table("sessions");
    return builder.build();
  }

  private static void toolLoops(LayoutBuilder.Rows rows) {
    rows.array("tool_loop_list.tool_name", TEXT, "tool_loop_list[].tool_name");
    rows.array("tool_loop_list.tool_args_hash", TEXT, "tool_loop_list[].tool_args_hash");
    rows.array("tool_loop_list.calls", INT64, "tool_loop_list[].calls");
    rows.array("tool_loop_list.start_time", TIME, "tool_loop_list[].start_time_us");
    rows.array("tool_loop_list.end_time", TIME, "tool_loop_list[].end_time_us");
    rows.array("tool_loop_list.cost", NULLABLE_AMOUNT, "tool_loop_list[].cost");
  }

  private static void handoffs(LayoutBuilder.Rows rows) {
    rows.array("handoff_list.via", TEXT, "handoff_list[].via");
    for (String field :
        List.of("from_agent", "to_agent", "from_service", "to_service", "from_trace_id")) {
      rows.array("handoff_list." + field, NULLABLE_TEXT, "handoff_list[]." + field);
    }
    rows.array("handoff_list.start_time", TIME, "handoff_list[].start_time_us");
    rows.array("handoff_list.gap_us", NULLABLE_INT64, "handoff_list[].gap_us");
  }

  private static void fallbacks(LayoutBuilder.Rows rows) {
    rows.array("fallback_list.from_model", TEXT, "fallback_list[].from_model");
    rows.array("fallback_list.to_model", NULLABLE_TEXT, "fallback_list[].to_model");
    rows.array("fallback_list.attempts", INT64, "fallback_list[].attempts");
    rows.array("fallback_list.cost", NULLABLE_AMOUNT, "fallback_list[].cost");
    rows.array("fallback_list.start_time", TIME, "fallback_list[].start_time_us");
  }

  private static void quality(LayoutBuilder.Rows rows) {
    rows.array("quality.service", NULLABLE_TEXT, "quality[].service");
    rows.array("quality.spans", INT64, "quality[].spans");
    rows.array("quality.calls", INT64, "quality[].calls");
    rows.array("quality.score", FLOAT64, "quality[].score");
    rows.arrayOfMaps("quality.reasons", INT64, "quality[].reasons{}");
  }
}
