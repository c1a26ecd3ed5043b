package dev.tributary.sink.clickhouse.core;

import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_AMOUNT;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_FLOAT64;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_TIME;
import static dev.tributary.sink.clickhouse.core.ColumnType.TEXT;
import static dev.tributary.sink.clickhouse.core.ColumnType.TIME;

import dev.tributary.schemas.Topics;

/** Layouts of what is said about calls: scores and events. */
final class ScoreLayouts {
  private ScoreLayouts() {}

  static TopicLayout scores() {
    LayoutBuilder builder = new LayoutBuilder(Topics.SCORES.name(), SinkLayouts.VERSION);
    LayoutBuilder.Rows rows = builder.rows();
    SinkLayouts.texts(rows, "tenant", "score_id", "subject_kind", "subject_id", "name");
    SinkLayouts.texts(rows, "direction", "source", "status");
    SinkLayouts.nullableTexts(rows, "trace_id", "session_id", "label", "explanation_ref");
    SinkLayouts.nullableTexts(rows, "status_reason", "evaluator", "evaluator_version");
    SinkLayouts.nullableTexts(rows, "judge_model", "span_kind", "model");
    rows.scalar("value", NULLABLE_FLOAT64, "value");
    rows.scalar("inclusion_probability", NULLABLE_FLOAT64, "inclusion_probability");
    rows.scalar("cost", NULLABLE_AMOUNT, "cost").scalar("amount", NULLABLE_AMOUNT, "amount");
    rows.scalar("scored_at", TIME, "scored_at_us");
    rows.scalar("subject_end", NULLABLE_TIME, "subject_end_us");
    for (String tag : SinkLayouts.TAGS) {
      rows.scalar(tag, TEXT, "attribution." + tag + ".value", SinkLayouts.UNATTRIBUTED);
    }
    rows.position().table("scores");
    return builder.build();
  }

  static TopicLayout events() {
    LayoutBuilder builder = new LayoutBuilder(Topics.EVENTS.name(), SinkLayouts.VERSION);
    LayoutBuilder.Rows rows = builder.rows();
    SinkLayouts.texts(rows, "tenant", "event_id", "kind", "subject");
    SinkLayouts.nullableTexts(rows, "environment");
    rows.map("dimensions", TEXT, "dimensions{}").map("detail", TEXT, "detail{}");
    rows.scalar("event_time", TIME, "event_time_us");
    rows.scalar("amount", NULLABLE_AMOUNT, "amount");
    rows.position().table("events");
    return builder.build();
  }
}
