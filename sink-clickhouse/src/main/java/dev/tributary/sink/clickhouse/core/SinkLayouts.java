package dev.tributary.sink.clickhouse.core;

import static dev.tributary.sink.clickhouse.core.ColumnType.AMOUNT;
import static dev.tributary.sink.clickhouse.core.ColumnType.BOOL;
import static dev.tributary.sink.clickhouse.core.ColumnType.FLOAT64;
import static dev.tributary.sink.clickhouse.core.ColumnType.INT32;
import static dev.tributary.sink.clickhouse.core.ColumnType.INT64;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_AMOUNT;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_FLOAT64;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_INT32;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_INT64;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_TEXT;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_TIME;
import static dev.tributary.sink.clickhouse.core.ColumnType.TEXT;
import static dev.tributary.sink.clickhouse.core.ColumnType.TIME;

import dev.tributary.schemas.Topics;
import java.util.List;

/**
 * Layouts of windows, spans and the rest; the ledger's is {@link LedgerLayout}, those of traces and
 * sessions are {@link TraceLayouts}, those of alerts {@link AlertLayouts}.
 */
public final class SinkLayouts {
  /** Raised when the rows of the same record change; part of every deduplication token. */
  static final int VERSION = 1;

  /** The same of windows and cells. */
  private static final int WINDOWS_VERSION = 2;

  /** What a tag column holds where nobody knows; the provenance says the same. */
  static final String UNATTRIBUTED = "unattributed";

  static final List<String> TAGS =
      List.of(
          "feature",
          "team",
          "workspace",
          "environment",
          "project",
          "cost_center",
          "user_tier",
          "experiment",
          "retrieval_version",
          "prompt_name",
          "prompt_version",
          "agent");

  static final List<String> TOKEN_BUCKETS =
      List.of(
          "input_uncached",
          "cache_read",
          "cache_write_5m",
          "cache_write_1h",
          "input_audio",
          "input_image",
          "output_text",
          "reasoning",
          "output_audio",
          "output_image");

  private static final List<String> MEASURES =
      List.of(
          "lines",
          "calls",
          "errors",
          "retries",
          "fallbacks",
          "refusals",
          "length_stops",
          "content_filters",
          "tool_calls",
          "tool_failures",
          "retrievals",
          "empty_retrievals",
          "retrieval_latency_us",
          "guardrail_blocks",
          "traces",
          "tool_loops",
          "handoffs",
          "priced_calls",
          "unpriced_calls",
          "unpriced_tokens",
          "attributed_calls",
          "estimated_calls",
          "latency_us",
          "untagged_calls",
          "calls_without_usage",
          "finished_calls",
          "guardrails",
          "guardrail_masks",
          "guardrail_flags",
          "counted_retrievals",
          "scored_retrievals",
          "low_score_retrievals");

  private static final List<TopicLayout> ALL =
      List.of(
          LedgerLayout.LAYOUT,
          spans(),
          spanContent(),
          TraceLayouts.traces(),
          TraceLayouts.sessions(),
          windows(),
          ScoreLayouts.scores(),
          ScoreLayouts.events(),
          AlertLayouts.anomalies(),
          AlertLayouts.alerts(),
          AlertLayouts.deliveries(),
          gauges(),
          rejected());

  private SinkLayouts() {}

  /** Layouts of every topic that has a table. */
  public static List<TopicLayout> all() {
    return ALL;
  }

  private static TopicLayout spans() {
    LayoutBuilder builder = new LayoutBuilder(Topics.SPANS.name(), VERSION);
    LayoutBuilder.Rows rows = builder.rows();
    texts(rows, "tenant", "trace_id", "span_id", "kind", "purpose", "status", "dialect");
    texts(rows, "usage_quality", "usage_convention");
    nullableTexts(rows, "parent_span_id", "session_id", "user_hash", "service_name");
    nullableTexts(rows, "service_namespace", "service_version", "scope_name", "scope_version");
    nullableTexts(rows, "operation", "provider", "surface", "model_requested", "model_returned");
    nullableTexts(rows, "response_id", "region", "service_tier", "gateway", "key_alias");
    nullableTexts(rows, "fallback_from", "usage_error", "reported_cost", "reported_cost_source");
    nullableTexts(rows, "error_type", "tool_name", "tool_call_id", "tool_args_hash", "mcp_server");
    nullableTexts(rows, "mcp_method", "agent_id", "workflow_name", "guardrail_name");
    nullableTexts(rows, "guardrail_outcome", "input_hash", "content_ref");
    rows.scalar("start_time", TIME, "start_time_us").scalar("end_time", TIME, "end_time_us");
    rows.scalar("has_end", BOOL, "has_end").scalar("stream", ColumnType.NULLABLE_BOOL, "stream");
    rows.scalar("attempt", NULLABLE_INT32, "attempt");
    rows.scalar("http_status", NULLABLE_INT32, "http_status");
    rows.scalar("ttft_us", NULLABLE_INT64, "ttft_us");
    rows.scalar("sampling_probability", NULLABLE_FLOAT64, "sampling_probability");
    usage(rows, "", "usage.");
    rows.scalar("usage_assumed_cache_ttl", ColumnType.NULLABLE_BOOL, "usage.assumed_cache_ttl");
    rows.map("raw_usage", INT64, "raw_usage{}");
    rows.array("links.trace_id", TEXT, "links[].trace_id");
    rows.array("links.span_id", TEXT, "links[].span_id");
    rows.array("finish_reasons", TEXT, "finish_reasons[]");
    rows.array("finish_reasons_raw", TEXT, "finish_reasons_raw[]");
    rows.array("unknown_attributes", TEXT, "unknown_attributes[]");
    retrieval(rows, "retrieval.");
    rows.fieldsAsMap("tags", "tags").fieldsAsMap("resource_tags", "resource_tags");
    rows.position().table("spans");
    return builder.build();
  }

  private static TopicLayout spanContent() {
    LayoutBuilder builder = new LayoutBuilder(Topics.SPAN_CONTENT.name(), VERSION);
    LayoutBuilder.Rows rows = builder.rows();
    texts(rows, "tenant", "trace_id", "span_id", "mode");
    rows.scalar("environment", TEXT, "environment", UNATTRIBUTED);
    rows.scalar("event_time", TIME, "event_time_us");
    nullableTexts(rows, "session_id", "user_hash", "workspace", "name", "status_message");
    nullableTexts(rows, "system_instructions", "input", "output", "tool_definitions");
    nullableTexts(rows, "tool_arguments", "tool_result", "documents");
    rows.map("attributes", TEXT, "attributes{}").map("redactions", INT64, "redactions{}");
    rows.array("events.name", TEXT, "events[].name");
    rows.array("events.time", TIME, "events[].time_us");
    rows.arrayOfMaps("events.attributes", TEXT, "events[].attributes{}");
    rows.scalar("truncated", BOOL, "truncated");
    rows.position().table("span_content");
    return builder.build();
  }

  private static TopicLayout windows() {
    LayoutBuilder builder = new LayoutBuilder(Topics.WINDOWS.name(), WINDOWS_VERSION);
    LayoutBuilder.Rows rows = builder.rowsOfBody("dev.tributary.schemas.Window");
    texts(rows, "tenant", "environment", "grouping_set", "series");
    rows.map("dimensions", TEXT, "dimensions{}");
    rows.scalar("start_time", TIME, "start_time_us");
    longs(rows, "length_us", "revision");
    rows.scalar("late", BOOL, "late");
    MEASURES.forEach(name -> rows.scalar(name, INT64, "measures." + name));
    for (String bucket : TOKEN_BUCKETS) {
      rows.scalar(bucket + "_tokens", INT64, "measures.tokens." + bucket);
      rows.scalar(bucket + "_tokens_estimated", INT64, "measures.tokens_estimated." + bucket);
    }
    for (String amount :
        List.of("cost", "cost_estimated", "cost_attributed", "cost_eval", "cost_untagged")) {
      rows.scalar(amount, AMOUNT, "measures." + amount);
    }
    rows.map("cost_by_bucket", AMOUNT, "measures.cost_by_bucket{}");
    String metric = "distributions[].metric";
    rows.keyedItems("distribution_zeros", metric, INT64, "distributions[].zero_count");
    rows.keyedHistograms(
        "distributions", metric, "distributions[].indexes[]", "distributions[].counts[]");
    rows.array("scores.name", TEXT, "scores[].name")
        .array("scores.source", TEXT, "scores[].source");
    for (String count : List.of("n", "failed", "unvalued", "not_sampled")) {
      rows.array("scores." + count, INT64, "scores[]." + count);
    }
    for (String sum :
        List.of(
            "weight",
            "weight_squared",
            "weighted_value",
            "weighted_value_squared",
            "weight_squared_value",
            "weight_squared_value_squared")) {
      rows.array("scores." + sum, FLOAT64, "scores[]." + sum);
    }
    rows.position().table("windows");
    cells(builder.rowsOfBody("dev.tributary.schemas.Cell"));
    return builder.build();
  }

  private static void cells(LayoutBuilder.Rows rows) {
    texts(rows, "tenant", "environment");
    rows.map("dimensions", TEXT, "dimensions{}");
    rows.scalar("start_time", TIME, "start_time_us");
    longs(rows, "length_us", "revision", "calls", "errors", "priced_calls");
    rows.scalar("cost", AMOUNT, "cost").scalar("late", BOOL, "late");
    for (String bucket : TOKEN_BUCKETS) {
      rows.scalar(bucket + "_tokens", INT64, "tokens." + bucket);
    }
    rows.map("cost_by_bucket", AMOUNT, "cost_by_bucket{}");
    rows.array("rate_cards", TEXT, "rate_cards[]");
    rows.position().table("cells");
  }

  private static TopicLayout gauges() {
    LayoutBuilder builder = new LayoutBuilder(Topics.GAUGES.name(), VERSION);
    LayoutBuilder.Rows rows = builder.rows();
    texts(rows, "tenant", "host", "name");
    nullableTexts(rows, "model");
    rows.scalar("value", FLOAT64, "value");
    rows.scalar("time", TIME, "time_us");
    rows.map("attributes", TEXT, "attributes{}");
    rows.position().table("gauges");
    return builder.build();
  }

  private static TopicLayout rejected() {
    LayoutBuilder builder = new LayoutBuilder(Topics.REJECTED.name(), VERSION);
    LayoutBuilder.Rows rows = builder.rows();
    texts(rows, "tenant", "module", "reason", "detail", "source_topic");
    rows.scalar("source_partition", INT32, "source_partition");
    rows.scalar("source_offset", INT64, "source_offset");
    rows.scalar("source_index", INT32, "source_index");
    nullableTexts(rows, "trace_id", "span_id", "service_name");
    rows.scalar("event_time", NULLABLE_TIME, "event_time_us");
    rows.scalar("would_be_cost", NULLABLE_AMOUNT, "would_be_cost");
    rows.scalar("rejected_at", TIME, "rejected_at_us");
    rows.position().table("rejected");
    return builder.build();
  }

  static void texts(LayoutBuilder.Rows rows, String... names) {
    for (String name : names) {
      rows.scalar(name, TEXT, name);
    }
  }

  static void nullableTexts(LayoutBuilder.Rows rows, String... names) {
    for (String name : names) {
      rows.scalar(name, NULLABLE_TEXT, name);
    }
  }

  static void longs(LayoutBuilder.Rows rows, String... names) {
    for (String name : names) {
      rows.scalar(name, INT64, name);
    }
  }

  static void usage(LayoutBuilder.Rows rows, String prefix, String path) {
    for (String bucket : TOKEN_BUCKETS) {
      rows.scalar(prefix + bucket + "_tokens", NULLABLE_INT64, path + bucket);
    }
  }

  static void attribution(LayoutBuilder.Rows rows, String path) {
    for (String tag : TAGS) {
      rows.scalar(tag, TEXT, path + tag + ".value", UNATTRIBUTED);
      rows.scalar(tag + "_provenance", TEXT, path + tag + ".provenance");
    }
    rows.map("custom", NULLABLE_TEXT, path + "custom{}.value");
    rows.map("custom_provenance", TEXT, path + "custom{}.provenance");
    rows.scalar("owner_conflict", BOOL, path + "owner_conflict");
  }

  static void retrieval(LayoutBuilder.Rows rows, String path) {
    rows.scalar("retrieval_source", NULLABLE_TEXT, path + "source");
    rows.scalar("retrieval_top_k", NULLABLE_INT32, path + "top_k");
    rows.scalar("retrieval_hits", NULLABLE_INT32, path + "hits");
    rows.scalar("retrieval_score_min", NULLABLE_FLOAT64, path + "score_min");
    rows.scalar("retrieval_score_max", NULLABLE_FLOAT64, path + "score_max");
    rows.scalar("retrieval_score_mean", NULLABLE_FLOAT64, path + "score_mean");
    rows.scalar("retrieval_document_age_us", NULLABLE_INT64, path + "document_age_us");
  }
}
