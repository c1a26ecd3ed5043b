package dev.tributary.sink.clickhouse.core;

import static dev.tributary.sink.clickhouse.core.ColumnType.FLOAT64;
import static dev.tributary.sink.clickhouse.core.ColumnType.INT32;
import static dev.tributary.sink.clickhouse.core.ColumnType.INT64;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_AMOUNT;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_FLOAT64;
import static dev.tributary.sink.clickhouse.core.ColumnType.NULLABLE_TEXT;
import static dev.tributary.sink.clickhouse.core.ColumnType.TEXT;
import static dev.tributary.sink.clickhouse.core.ColumnType.TIME;

import dev.tributary.schemas.Topics;

/** Layouts of episodes, of alerts about them, and of what became of those. */
final class AlertLayouts {
  private AlertLayouts() {}

  static TopicLayout anomalies() {
    LayoutBuilder builder = new LayoutBuilder(Topics.ANOMALIES.name(), SinkLayouts.VERSION);
    LayoutBuilder.Rows rows = builder.rows();
    SinkLayouts.texts(rows, "tenant");
    episode(rows, "");
    rows.position().table("anomalies");
    return builder.build();
  }

  static TopicLayout alerts() {
    LayoutBuilder builder = new LayoutBuilder(Topics.ALERTS.name(), SinkLayouts.VERSION);
    LayoutBuilder.Rows rows = builder.rows();
    SinkLayouts.texts(rows, "tenant", "alert_id", "team", "severity", "title");
    rows.array("routes", TEXT, "routes[]");
    rows.scalar("created_at", TIME, "created_at_us");
    episode(rows, "episode.");
    rows.position().table("alerts");
    return builder.build();
  }

  private static void episode(LayoutBuilder.Rows rows, String path) {
    for (String name :
        new String[] {"episode_id", "state", "environment", "series", "metric", "sentence"}) {
      rows.scalar(name, TEXT, path + name);
    }
    rows.scalar("revision", INT64, path + "revision");
    rows.map("dimensions", TEXT, path + "dimensions{}");
    rows.scalar("opened_at", TIME, path + "opened_at_us");
    rows.scalar("window_start", TIME, path + "window_start_us");
    rows.scalar("observed", NULLABLE_FLOAT64, path + "observed");
    rows.scalar("baseline", NULLABLE_FLOAT64, path + "baseline");
    rows.scalar("factor", NULLABLE_FLOAT64, path + "factor");
    rows.scalar("score", FLOAT64, path + "score");
    rows.scalar("money_so_far", NULLABLE_AMOUNT, path + "money_so_far");
    rows.scalar("money_per_hour", NULLABLE_AMOUNT, path + "money_per_hour");
    rows.scalar("group_id", NULLABLE_TEXT, path + "group_id");
    rows.array("causes.driver", TEXT, path + "causes[].driver");
    rows.arrayOfMaps("causes.slice", TEXT, path + "causes[].slice{}");
    rows.array("causes.amount", NULLABLE_AMOUNT, path + "causes[].amount");
    rows.array("causes.share", NULLABLE_FLOAT64, path + "causes[].share");
    rows.array("causes.evidence", TEXT, path + "causes[].evidence");
    rows.array("example_trace_ids", TEXT, path + "example_trace_ids[]");
  }

  static TopicLayout deliveries() {
    LayoutBuilder builder = new LayoutBuilder(Topics.ALERT_DELIVERIES.name(), SinkLayouts.VERSION);
    LayoutBuilder.Rows rows = builder.rows();
    SinkLayouts.texts(rows, "tenant", "alert_id", "episode_id", "team", "route", "state");
    SinkLayouts.texts(rows, "severity", "outcome", "notification_id");
    SinkLayouts.nullableTexts(rows, "reason");
    rows.scalar("notification_size", INT32, "notification_size");
    rows.scalar("attempts", INT32, "attempts");
    rows.scalar("created_at", TIME, "created_at_us").scalar("at", TIME, "at_us");
    rows.position().table("alert_deliveries");
    return builder.build();
  }
}
