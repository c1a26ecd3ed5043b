package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Topics to tables through a real broker and the real engine. */
final class SinkIT {
  @Test
  void load_ledger_everyEntryOnceAndSumsEqual() {
    long seed = Seeds.one();
    try (SinkFixture fixture = SinkFixture.start(3);
        LedgerFeed feed = new LedgerFeed(fixture, new Generator(seed))) {
      // Given
      feed.write(5_000);

      // When
      try (ClickHouseSink sink = fixture.startSink()) {
        await("all entries")
            .atMost(Duration.ofSeconds(60))
            .ignoreExceptions()
            .until(
                () ->
                    fixture
                        .ask("select count() from {db}.ledger")
                        .equals(Long.toString(feed.committedEntries())));
      }

      // Then
      assertLoaded(fixture, SinkFixture.DATABASE, feed, seed);
    }
  }

  /** The first round is at the start; loading has nothing to do with it. */
  @Test
  void start_deletesTextThatItsWorkspaceKeepsNoLonger() throws SQLException {
    try (SinkFixture fixture = SinkFixture.start(1)) {
      // Given
      fixture.with(SinkConfig.CONTENT_POLICIES.key(), "default/short=3d");
      SinkConfig config = SinkConfig.from(fixture.settings());
      Migrations.apply(config.clickHouse(), config.contentRetention());
      for (String workspace : List.of("short", "long")) {
        fixture.execute(
            ("insert into {db}.span_content (tenant, trace_id, span_id, event_time, environment)"
                    + " select 'default', 't', '%1$s', now() - toIntervalDay(5), 'prod'")
                .formatted(workspace));
        fixture.execute(
            ("insert into {db}.calls (tenant, kind, source, item, sign, revision, event_time,"
                    + " environment, workspace) select 'default', 'USAGE', 't', '%1$s', 1, 1,"
                    + " now() - toIntervalDay(5), 'prod', '%1$s'")
                .formatted(workspace));
      }
      String texts = "select arrayStringConcat(arraySort(groupArray(span_id))) from {db}.";
      assertThat(fixture.ask(texts + "span_content")).isEqualTo("longshort");

      // When
      try (ClickHouseSink sink = fixture.startSink()) {
        await("the text")
            .atMost(Duration.ofSeconds(60))
            .ignoreExceptions()
            .until(() -> fixture.ask(texts + "span_content").equals("long"));
        assertThat(sink.status().state()).isNotEqualTo(SinkStatus.State.FAILED);
      }

      // Then
      assertThat(fixture.ask("select toString(sum(sign)) from {db}.calls")).isEqualTo("2");
    }
  }

  /** What is in ClickHouse is what was committed, in the audit and in the lines alike. */
  static void assertLoaded(SinkFixture fixture, String database, LedgerFeed feed, long seed) {
    String from = " from " + database + ".";
    assertThat(fixture.ask("select count()" + from + "ledger"))
        .as("entries, seed %d", seed)
        .isEqualTo(Long.toString(feed.committedEntries()));
    assertThat(fixture.ask("select uniqExact(kafka_partition, kafka_offset)" + from + "ledger"))
        .as("positions, seed %d", seed)
        .isEqualTo(Long.toString(feed.committedEntries()));
    for (String table : List.of("ledger", "calls")) {
      assertThat(fixture.ask("select sum(sign)" + from + table))
          .as("lines in %s, seed %d", table, seed)
          .isEqualTo(Long.toString(feed.lines()));
      assertThat(new BigDecimal(fixture.ask("select toString(sum(sign * cost))" + from + table)))
          .as("cost in %s, seed %d", table, seed)
          .isEqualByComparingTo(feed.cost());
      String tokens = "input_uncached_tokens + output_text_tokens";
      assertThat(fixture.ask("select sum(sign * (" + tokens + "))" + from + table))
          .as("tokens in %s, seed %d", table, seed)
          .isEqualTo(Long.toString(feed.tokens()));
    }
    assertThat(fixture.ask("select count()" + from + "lines_net"))
        .as("net lines, seed %d", seed)
        .isEqualTo(Long.toString(feed.lines()));
    String spend = "select toString(sum(cost) + sum(cost_estimated))" + from + "spend";
    assertThat(new BigDecimal(fixture.ask(spend)))
        .as("spend, seed %d", seed)
        .isEqualByComparingTo(feed.cost());
  }
}
