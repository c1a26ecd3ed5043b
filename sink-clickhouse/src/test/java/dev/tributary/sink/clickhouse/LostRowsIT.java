package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.clickhouse.client.api.Client;
import dev.tributary.runtime.serde.RandomRecords;
import dev.tributary.schemas.SpanContent;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.LostRows.Found;
import dev.tributary.sink.clickhouse.core.BlockData;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Looks that see less than there is: none of them may take rows for lost. */
final class LostRowsIT extends RepeatedInserts {
  private static Found look(BlockData block, int partition, Map<String, String> settings) {
    try (Client client = engine.client("repeated", settings)) {
      return new LostRows(client, Optional.empty(), 60_000)
          .look(block, "ledger", range(partition, block))
          .found();
    }
  }

  private static Found lookForText(BlockData block, int partition, Optional<Duration> least) {
    try (Client client = engine.client("repeated", Map.of())) {
      return new LostRows(client, least, 60_000)
          .look(block, "span_content", range(partition, block))
          .found();
    }
  }

  /** A policy may have deleted some of a block before its insert was made again. */
  @Test
  void rowsOfText_thatAWorkspaceMayNotKeepAnyMore_areNotLost() throws IOException {
    SpanContent text =
        SpanContent.newBuilder(new RandomRecords(46).next(SpanContent.class))
            .setEventTimeUs(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) - 2 * DAY_US)
            .build();
    BlockData block = block(Topics.SPAN_CONTENT, 46, text);

    assertThat(lookForText(block, 46, Optional.empty())).isEqualTo(Found.NONE);
    assertThat(lookForText(block, 46, Optional.of(Duration.ofDays(3)))).isEqualTo(Found.NONE);
    assertThat(lookForText(block, 46, Optional.of(Duration.ofDays(2)))).isEqualTo(Found.UNKNOWN);
    writer.write(block, "text");
    assertThat(lookForText(block, 46, Optional.of(Duration.ofDays(2)))).isEqualTo(Found.ALL);
  }

  /** As with a row policy under which the user sees another tenant. */
  @Test
  void rowsThatTheUserDoesNotSee_besideOthers_areNotLost() throws IOException {
    BlockData block = block(Topics.LEDGER, 41, entry(1, 1, line(61, 11)));
    BlockData none = block(Topics.LEDGER, 42, entry(1, 1, line(62, 11)));
    writer.write(block, "hidden");
    writer.write(block(Topics.LEDGER, 43, entry(1, 1, line(63, 11))), "other tenant");

    assertThat(look(block, 41, Map.of())).isEqualTo(Found.ALL);
    assertThat(look(none, 42, Map.of())).isEqualTo(Found.NONE);
    String filter = "{'repeated.ledger': 'kafka_partition != 41'}";
    assertThat(look(block, 41, Map.of("additional_table_filters", filter)))
        .isEqualTo(Found.UNKNOWN);
  }

  /** A limit of the user's own may end a read early, and silently. */
  @Test
  void look_thatALimitEnds_fails() throws IOException {
    BlockData block = block(Topics.LEDGER, 44, entry(1, 1, line(64, 12)));
    writer.write(block, "cut");
    engine.execute(
        "INSERT INTO repeated.ledger (tenant, environment, event_time, kind, source, item, sign,"
            + " revision, kafka_partition, kafka_offset)"
            + " SELECT tenant, environment, event_time, kind, source, item, sign, revision, 98, n"
            + " FROM repeated.ledger ARRAY JOIN range(20000) AS n WHERE kafka_partition = 44");

    assertThatThrownBy(
            () ->
                look(
                    block,
                    44,
                    Map.of("max_rows_to_read_leaf", "10000", "read_overflow_mode_leaf", "break")))
        .isInstanceOf(LookFailedException.class)
        .hasMessageContaining("code 158");
  }

  /** Tables that somebody made before us keep times less exactly: rows lie before their time. */
  @Test
  void rowsOfTablesWithCoarserTimes_areFound() throws SQLException, IOException {
    BlockData block = block(Topics.LEDGER, 45, entry(1, 1, at(line(65, 12), 999_999)));
    for (String type : List.of("DateTime64(3, \\'UTC\\')", "DateTime(\\'UTC\\')")) {
      String database = type.startsWith("DateTime64") ? "millis" : "seconds";
      Migrations.apply(engine.options(database), Duration.ofDays(14));
      for (String table : List.of("ledger", "calls")) {
        String made =
            engine.ask(
                "SELECT replace(create_table_query, '`event_time` DateTime64(6, \\'UTC\\')',"
                    + " '`event_time` %s') FROM system.tables WHERE database = '%s' AND name = '%s'"
                        .formatted(type, database, table));
        engine.execute("DROP TABLE %s.%s".formatted(database, table));
        engine.execute(made);
      }
      try (ClickHouseBlockWriter coarse = engine.writer(database, new SinkMetrics(meters))) {
        coarse.write(block, "coarse");
        coarse.writeAgain(block, "coarse", range(45, block), true);
      }
      for (String table : List.of("ledger", "calls")) {
        assertThat(engine.ask("SELECT toString(count()) FROM " + database + "." + table))
            .as(type + " of " + table)
            .isEqualTo("1");
        assertThat(engine.ask("SELECT toTypeName(event_time) FROM " + database + "." + table))
            .isEqualTo(type.replace("\\", ""));
      }
    }
    assertThat(counted("ledger", "there")).isEqualTo(2);
    assertThat(counted("calls", "there")).isEqualTo(2);
  }
}
