package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.serde.RandomRecords;
import dev.tributary.schemas.Distribution;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import dev.tributary.schemas.WindowRecord;
import dev.tributary.sink.clickhouse.core.BlockData;
import dev.tributary.sink.clickhouse.core.RowReader;
import dev.tributary.sink.clickhouse.core.SinkLayouts;
import dev.tributary.sink.clickhouse.core.TopicLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Migrations against the real engine, and the tables against what is sent to them. */
final class TablesIT {
  private static final Duration RETENTION = Duration.ofDays(14);

  private static EngineFixture engine;

  @BeforeAll
  static void start() throws SQLException {
    engine = EngineFixture.start();
    Migrations.apply(engine.options("tables"), RETENTION);
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void columns_everyTable_areThoseThatAreSent() {
    for (TopicLayout layout : SinkLayouts.all()) {
      for (String table : layout.tables()) {
        // When
        List<String> columns =
            engine
                .query(
                    "select name from system.columns where database = 'tables' and table = '"
                        + table
                        + "' and default_kind = ''")
                .stream()
                .map(row -> row.getString(1))
                .toList();

        // Then
        assertThat(new TreeSet<>(layout.columnsOf(table)))
            .as(table)
            .isEqualTo(new TreeSet<>(columns));
      }
    }
  }

  @Test
  void tables_all_haveADeduplicationWindowAndTheTenantFirst() {
    for (TopicLayout layout : SinkLayouts.all()) {
      for (String table : layout.tables()) {
        // When
        String ddl =
            engine.ask(
                "select create_table_query from system.tables where database = 'tables'"
                    + " and name = '"
                    + table
                    + "'");

        // Then
        assertThat(ddl)
            .as(table)
            .contains("non_replicated_deduplication_window = 10000")
            .containsPattern("ORDER BY \\(tenant, ");
      }
    }
  }

  @Test
  void write_randomRecordsOfEveryTopic_allRowsArrive() {
    RandomRecords random = new RandomRecords(RandomRecords.seed());
    try (ClickHouseBlockWriter writer = engine.writer("tables")) {
      for (TopicLayout layout : SinkLayouts.all()) {
        // Given
        Topic<?, ?> topic =
            Topics.all().stream().filter(t -> t.name().equals(layout.topic())).findFirst().get();
        BlockData block = new BlockData(layout);
        List<SpecificRecord> records = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          records.add(repaired(random.next(topic.value().asSubclass(SpecificRecord.class))));
        }
        RowReader reader = RowReader.compile(records.get(0).getSchema().toString(), layout);
        for (int i = 0; i < records.size(); i++) {
          byte[] bytes = encode(records.get(i));
          reader.read(bytes, 0, bytes.length, 1, i, block);
        }

        // When
        writer.write(block, "random-" + layout.topic());

        // Then
        for (String table : layout.tables()) {
          assertThat(
                  engine.ask("select count() from tables." + table + " where kafka_partition = 1"))
              .as("%s, seed %d", table, RandomRecords.seed())
              .isNotEqualTo("0");
          assertThat(block.rows(table)).as(table).isPositive();
        }
      }
    }
  }

  @Test
  void views_all_canBeRead() {
    // When
    List<String> views =
        engine
            .query("select name from system.tables where database = 'tables' and engine = 'View'")
            .stream()
            .map(row -> row.getString(1))
            .toList();

    // Then
    assertThat(views)
        .contains(
            "lines_net",
            "calls_net",
            "spend",
            "traffic",
            "tokens",
            "latency",
            "errors",
            "coverage",
            "instrumentation",
            "instrumentation_checks",
            "gauges_by_minute",
            "serving",
            "unpriced",
            "null_costs",
            "correction_runs",
            "traces_net",
            "sessions_net",
            "windows_net");
    for (String view : views) {
      assertThat(engine.query("select * from tables." + view + " limit 3")).isNotNull();
    }
  }

  @Test
  void apply_twoStartersAtOnce_eachScriptOnce() throws Exception {
    // Given
    ExecutorService threads = Executors.newFixedThreadPool(2);
    Callable<Void> starter =
        () -> {
          Migrations.apply(engine.options("raced"), RETENTION);
          return null;
        };

    // When
    for (Future<Void> future : threads.invokeAll(List.of(starter, starter))) {
      future.get();
    }
    Migrations.apply(engine.options("raced"), RETENTION);
    threads.shutdown();

    // Then
    assertThat(
            engine.ask(
                "select max(version) >= 1 and count() = uniqExact(version) from raced.schema_history"))
        .isEqualTo("1");
  }

  @Test
  void apply_changedScript_refused() throws SQLException {
    // Given
    Migration original =
        new Migration(1, "V001__a.sql", "CREATE TABLE IF NOT EXISTS a (x Int8) ENGINE = Memory;\n");
    Migration changed =
        new Migration(
            1, "V001__a.sql", "CREATE TABLE IF NOT EXISTS a (x Int16) ENGINE = Memory;\n");
    Migration views = new Migration(0, "R__", "CREATE OR REPLACE VIEW v AS SELECT * FROM a;\n");
    new Migrations(engine.options("changed"), List.of(original), views).apply(RETENTION);

    // When / Then
    assertThatThrownBy(
            () ->
                new Migrations(engine.options("changed"), List.of(changed), views).apply(RETENTION))
        .isInstanceOf(SinkException.class)
        .hasMessageContaining("V001__a.sql")
        .hasMessageContaining("changed");
  }

  /** What an older program has loaded is known to a newer one. */
  @Test
  void apply_databaseWithSpans_knowsTheirMediaCalls() throws SQLException {
    // Given
    List<Migration> older =
        Migration.versioned().stream().filter(script -> script.version() < 50).toList();
    Migration views = new Migration(0, "R__views.sql", "CREATE OR REPLACE VIEW v AS SELECT 1;\n");
    new Migrations(engine.options("older"), older, views).apply(RETENTION);
    String span =
        "INSERT INTO older.spans (tenant, trace_id, span_id, operation, start_time, end_time) VALUES"
            + " ('default', 't', '%s', '%s', now64(6), now64(6))";
    engine.execute(span.formatted("before", "image_generation"));
    engine.execute(span.formatted("text", "chat"));

    // When
    Migrations.apply(engine.options("older"), RETENTION);
    engine.execute(span.formatted("after", "speech"));

    // Then
    assertThat(engine.texts("SELECT span_id FROM older.media_calls FINAL ORDER BY span_id"))
        .containsExactly("after", "before");
  }

  @Test
  void apply_otherRetention_altersTheTable() throws SQLException {
    // When
    Migrations.apply(engine.options("tables"), Duration.ofDays(3));

    // Then
    assertThat(
            engine.ask(
                "select create_table_query from system.tables where database = 'tables'"
                    + " and name = 'span_content'"))
        .contains("toIntervalDay(3)");
  }

  /**
   * Random records keep the types, not the rules: parallel arrays are made equal, signs 1 or -1.
   */
  private static SpecificRecord repaired(SpecificRecord record) {
    if (record instanceof WindowRecord body && body.getBody() instanceof Window window) {
      for (Distribution distribution : window.getDistributions()) {
        int length = Math.min(distribution.getIndexes().size(), distribution.getCounts().size());
        distribution.setIndexes(distribution.getIndexes().subList(0, length));
        distribution.setCounts(distribution.getCounts().subList(0, length));
      }
    }
    if (record instanceof LedgerEntry entry) {
      entry.setSign(entry.getSign() % 2 == 0 ? 1 : -1);
    }
    return record;
  }

  private static byte[] encode(SpecificRecord record) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      new SpecificDatumWriter<SpecificRecord>(record.getSchema()).write(record, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
