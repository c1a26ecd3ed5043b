package dev.tributary.sink.clickhouse.core;

import static dev.tributary.sink.clickhouse.core.ColumnType.BOOL;
import static dev.tributary.sink.clickhouse.core.ColumnType.INT32;
import static dev.tributary.sink.clickhouse.core.ColumnType.INT64;
import static dev.tributary.sink.clickhouse.core.ColumnType.INT8;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_AMOUNT;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_BOOL;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_FLOAT64;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_INT32;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_INT64;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_TEXT;
import static dev.tributary.sink.clickhouse.core.ColumnType.TEXT;
import static dev.tributary.sink.clickhouse.core.ColumnType.TIME;

import dev.tributary.schemas.Topics;
import java.util.ArrayList;
import java.util.List;

/** Layout of the ledger: every field to {@code ledger}, what queries need also to {@code calls}. */
final class LedgerLayout {
  private static final String LINE = "line.";

  private static final List<String> TRACE_MEASURES =
      List.of(
          "wall_time_us",
          "spans",
          "tool_loops",
          "retries",
          "fallbacks",
          "handoffs",
          "orphans",
          "double_reported");

  static final TopicLayout LAYOUT = layout();

  private LedgerLayout() {}

  private static TopicLayout layout() {
    LayoutBuilder builder = new LayoutBuilder(Topics.LEDGER.name(), SinkLayouts.VERSION);
    LayoutBuilder.Rows rows = builder.rows();
    rows.scalar("sign", INT8, "sign").scalar("revision", INT64, "revision");
    rows.scalar("cause", TEXT, "cause").scalar("run_id", NULLABLE_TEXT, "run_id");
    rows.scalar("booked_at", TIME, "booked_at_us");
    rows.scalar("event_time", TIME, LINE + "event_time_us");
    rows.scalar("start_time", TIME, LINE + "start_time_us");
    line(rows, TEXT, "tenant", "kind", "source", "item", "span_kind", "purpose", "usage_scope");
    line(rows, TEXT, "usage_quality", "usage_convention", "price_status");
    line(rows, NULLABLE_TEXT, "service_name", "provider", "surface", "model_requested");
    line(rows, NULLABLE_TEXT, "model_returned", "model_canonical", "model_step", "region");
    line(rows, NULLABLE_TEXT, "service_tier", "gateway", "key_alias", "response_id");
    line(rows, NULLABLE_TEXT, "price_reason", "rate_card_id", "catalogue_version");
    line(rows, NULLABLE_TEXT, "reported_cost", "error_type", "fallback_from", "tool_name");
    line(rows, NULLABLE_TEXT, "mcp_server", "guardrail_outcome", "input_hash", "tool_args_hash");
    SinkLayouts.attribution(rows, LINE + "attribution.");
    SinkLayouts.usage(rows, "", LINE + "usage.");
    rows.scalar("usage_assumed_cache_ttl", NULLABLE_BOOL, LINE + "usage.assumed_cache_ttl");
    line(rows, NULLABLE_AMOUNT, "cost");
    rows.array("cost_lines.bucket", TEXT, LINE + "cost_lines[].bucket");
    rows.array("cost_lines.quantity", INT64, LINE + "cost_lines[].quantity");
    rows.array("cost_lines.rate_amount", NULLABLE_AMOUNT, LINE + "cost_lines[].rate_amount");
    rows.array("cost_lines.rate_per", INT64, LINE + "cost_lines[].rate_per");
    rows.array("cost_lines.cost", NULLABLE_AMOUNT, LINE + "cost_lines[].cost");
    line(rows, INT64, "unpriced_tokens", "reference_version", "latency_us");
    line(rows, INT32, "calls");
    line(rows, BOOL, "error");
    line(rows, NULLABLE_INT32, "http_status", "attempt");
    line(rows, NULLABLE_BOOL, "stream");
    line(rows, NULLABLE_INT64, "ttft_us");
    line(rows, NULLABLE_FLOAT64, "sampling_probability");
    rows.array("finish_reasons", TEXT, LINE + "finish_reasons[]");
    SinkLayouts.retrieval(rows, LINE + "retrieval.");
    for (String measure : TRACE_MEASURES) {
      rows.scalar("trace_" + measure, NULLABLE_INT64, LINE + "trace." + measure);
    }
    rows.position().table("ledger").table("calls", callsColumns());
    return builder.build();
  }

  private static void line(LayoutBuilder.Rows rows, ColumnType type, String... names) {
    for (String name : names) {
      rows.scalar(name, type, LINE + name);
    }
  }

  /** What the shared views read, and no more: {@code calls} is rewritten in merges. */
  private static List<String> callsColumns() {
    List<String> names = new ArrayList<>();
    names.addAll(List.of("tenant", "kind", "source", "item", "sign", "revision"));
    names.addAll(List.of("event_time", "start_time", "span_kind", "purpose", "service_name"));
    names.addAll(SinkLayouts.TAGS);
    names.addAll(List.of("feature_provenance", "team_provenance", "owner_conflict"));
    names.addAll(List.of("provider", "surface", "model_requested", "model_returned"));
    names.addAll(List.of("model_canonical", "region", "service_tier", "usage_scope"));
    SinkLayouts.TOKEN_BUCKETS.forEach(bucket -> names.add(bucket + "_tokens"));
    names.addAll(List.of("usage_assumed_cache_ttl", "usage_quality", "price_status"));
    names.addAll(List.of("price_reason", "cost", "unpriced_tokens", "rate_card_id", "calls"));
    names.addAll(List.of("error", "error_type", "http_status", "attempt", "fallback_from"));
    names.addAll(List.of("stream", "latency_us", "ttft_us", "finish_reasons", "tool_name"));
    names.addAll(List.of("mcp_server", "retrieval_source", "retrieval_top_k", "retrieval_hits"));
    names.add("guardrail_outcome");
    TRACE_MEASURES.forEach(measure -> names.add("trace_" + measure));
    names.addAll(List.of("kafka_partition", "kafka_offset"));
    return List.copyOf(names);
  }
}
