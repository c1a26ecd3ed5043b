package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.serde.RandomRecords;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.SpanContent;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.core.BlockData;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Blocks that are inserted again, also where the server lost what it has the token of. */
final class RepeatedInsertIT extends RepeatedInserts {
  private static final Instant NOW = Instant.now();

  private static Score score(long number) {
    return Score.newBuilder(new RandomRecords(number).next(Score.class))
        .setScoreId("score-" + number)
        .build();
  }

  private static SpanContent content(int number, Duration age) {
    return SpanContent.newBuilder(new RandomRecords(number).next(SpanContent.class))
        .setEventTimeUs(TimeUnit.MILLISECONDS.toMicros(NOW.minus(age).toEpochMilli()))
        .build();
  }

  @Test
  void rowsThatTheServerLost_areInserted_once() throws IOException {
    // Given
    lose(Topics.LEDGER, "lost", entry(1, 1, line(1, 3)));
    LedgerLine corrected = line(2, 4);
    BlockData block =
        block(
            Topics.LEDGER,
            1,
            entry(1, 1, corrected),
            entry(-1, 1, corrected),
            entry(1, 2, corrected),
            entry(1, 1, line(3, 5)));

    // When, as negative control: without a look
    writer.write(block, "lost");
    writer.write(block, "lost");
    assertThat(rows("ledger", 1)).as("the fault").isEqualTo("0");

    // Then
    for (int attempt = 0; attempt < 3; attempt++) {
      again(1, block, "lost");
      assertThat(rows("ledger", 1)).isEqualTo("4");
      // A retraction in the same insert takes its line away at once.
      assertThat(rows("calls", 1)).isEqualTo("2");
      assertThat(net(1)).isEqualTo("2");
    }
    for (String table : List.of("ledger", "calls")) {
      assertThat(counted(table, "restored")).as(table).isEqualTo(1);
      assertThat(counted(table, "there")).as(table).isEqualTo(3);
    }
  }

  /** Of two months one is there: inserting all of it would book that twice. */
  @Test
  void rowsThatAreThereInPart_areCounted_andLeftAsTheyAre() throws IOException {
    lose(Topics.LEDGER, "part", entry(1, 1, line(30, 8)));
    BlockData block = block(Topics.LEDGER, 9, entry(1, 1, line(31, 8)), entry(1, 1, line(32, 40)));

    again(9, block, "part");
    again(9, block, "part");

    assertThat(rows("ledger", 9)).isEqualTo("1");
    assertThat(rows("calls", 9)).isEqualTo("1");
    assertThat(counted("ledger", "missing")).isEqualTo(2);
  }

  @Test
  void rowsThereTwice_areCounted() throws IOException {
    BlockData block = block(Topics.LEDGER, 12, entry(1, 1, line(35, 8)));
    writer.write(block, "twice");
    writer.write(block, "another");

    again(12, block, "twice");

    assertThat(rows("ledger", 12)).isEqualTo("2");
    assertThat(counted("ledger", "missing")).isEqualTo(1);
  }

  /**
   * A server that is killed again loses what was to restore it, too. Rows that are not seen must
   * neither hold up the partition nor be inserted over and over.
   */
  @Test
  void rowsThatTheServerLostAgain_areMissing() throws IOException {
    for (String suffix : List.of("", "#1")) {
      lose(Topics.LEDGER, "unlucky" + suffix, entry(1, 1, line(36, 9)));
    }
    BlockData block = block(Topics.LEDGER, 13, entry(1, 1, line(38, 9)));

    again(13, block, "unlucky");

    assertThat(rows("ledger", 13)).isEqualTo("0");
    assertThat(counted("ledger", "missing")).isEqualTo(1);
    assertThat(counted("ledger", "there") + counted("ledger", "unknown")).isZero();
  }

  /** Here the table keeps another Kafka partition than was sent. */
  @Test
  void rowsThatNoLookSees_areInserted_onceMoreAtMost() throws SQLException, IOException {
    Migrations.apply(engine.options("blind"), Duration.ofDays(14));
    engine.execute("ALTER TABLE blind.ledger MODIFY COLUMN kafka_partition UInt8");
    BlockData block = block(Topics.LEDGER, 256 + 21, entry(1, 1, line(39, 9)));
    try (ClickHouseBlockWriter blind = engine.writer("blind", new SinkMetrics(meters))) {
      blind.write(block, "blind");
      for (int attempt = 0; attempt < 3; attempt++) {
        blind.writeAgain(block, "blind", range(256 + 21, block), true);
      }
    }
    assertThat(engine.ask("SELECT toString(count()) FROM blind.ledger")).isEqualTo("2");
    assertThat(counted("ledger", "missing")).isEqualTo(3);
  }

  @Test
  void lastOfAKey_isInsertedAgain_andReadOnce() throws IOException {
    lose(Topics.SCORES, "scores", score(1));
    BlockData block = block(Topics.SCORES, 15, score(2), score(3), score(4));
    writer.write(block, "scores");
    assertThat(rows("scores", 15)).as("the fault").isEqualTo("0");
    engine.execute("SYSTEM STOP MERGES repeated.scores");

    for (int attempt = 0; attempt < 2; attempt++) {
      again(15, block, "scores");
      assertThat(rows("scores_net", 15)).isEqualTo("3");
    }
    assertThat(rows("scores", 15)).as("before merges").isEqualTo("6");
    engine.execute("SYSTEM START MERGES repeated.scores");
    engine.execute("OPTIMIZE TABLE repeated.scores FINAL");
    assertThat(rows("scores", 15)).isEqualTo("3");
  }

  /** A time to live of 14 days: rows that are not there may have had it. */
  @Test
  void rowsWithATimeToLive_areInserted_whereItCannotBeOver() throws IOException {
    Duration young = Duration.ofDays(13);
    Duration old = Duration.ofDays(14);
    lose(Topics.SPAN_CONTENT, "young", content(1, young));
    lose(Topics.SPAN_CONTENT, "old", content(2, young));
    BlockData kept = block(Topics.SPAN_CONTENT, 16, content(3, young), content(4, young));
    BlockData gone = block(Topics.SPAN_CONTENT, 17, content(5, young), content(6, old));

    again(16, kept, "young");
    again(17, gone, "old");

    assertThat(rows("span_content", 16)).isEqualTo("2");
    assertThat(counted("span_content", "restored")).isEqualTo(1);
    assertThat(rows("span_content", 17)).isIn("0", "1"); // a merge may have come
    assertThat(counted("span_content", "unknown")).isEqualTo(1);
  }

  /** Somebody's sums would count the rows twice. */
  @Test
  void rowsThatAMaterializedViewTook_areNotInserted() throws SQLException, IOException {
    Migrations.apply(engine.options("watched"), Duration.ofDays(14));
    engine.execute(
        "CREATE MATERIALIZED VIEW watched.sums ENGINE = SummingMergeTree ORDER BY tenant"
            + " AS SELECT tenant, toInt64(1) AS n FROM watched.ledger");
    engine.execute(
        "CREATE MATERIALIZED VIEW watched.scored ENGINE = SummingMergeTree ORDER BY tenant"
            + " AS SELECT tenant, toInt64(1) AS n FROM watched.scores");
    BlockData block = block(Topics.LEDGER, 18, entry(1, 1, line(41, 9)));
    BlockData scores = block(Topics.SCORES, 18, score(5));
    SinkMetrics metrics = new SinkMetrics(meters);
    try (ClickHouseBlockWriter watched = engine.writer("watched", metrics)) {
      watched.write(block, "seen");
      engine.execute("ALTER TABLE watched.ledger DELETE WHERE 1 SETTINGS mutations_sync = 1");

      watched.writeAgain(block, "seen", range(18, block), true);
      watched.write(scores, "scores");
      watched.writeAgain(scores, "scores", range(18, scores), true);
    }

    assertThat(engine.ask("SELECT toString(count()) FROM watched.ledger")).isEqualTo("0");
    // Once more for the repetition itself: ClickHouse drops it from the table and not from the
    // view.
    assertThat(engine.ask("SELECT toString(sum(n)) FROM watched.sums")).isEqualTo("2");
    assertThat(engine.ask("SELECT toString(sum(n)) FROM watched.scored")).isEqualTo("2");
    assertThat(counted("ledger", "unknown")).isEqualTo(1);
  }

  /** What cannot be looked for is said to be unknown, when whoever inserts it stops asking. */
  @Test
  void look_noAnswer_isAFault_andAtLastUnknown() throws SQLException, IOException {
    Migrations.apply(engine.options("mute"), Duration.ofDays(14));
    BlockData block = block(Topics.LEDGER, 19, entry(1, 1, line(42, 9)));
    try (ClickHouseBlockWriter mute = engine.writer("mute", new SinkMetrics(meters))) {
      mute.write(block, "mute");
      // The column is there for inserts, and any answer from it throws.
      engine.execute("ALTER TABLE mute.ledger DROP COLUMN kafka_offset");
      engine.execute("ALTER TABLE mute.ledger ADD COLUMN kafka_offset Int64 DEFAULT throwIf(1)");

      assertThatThrownBy(() -> mute.writeAgain(block, "mute", range(19, block), true))
          .isInstanceOf(LookFailedException.class)
          .hasMessageContaining("code 395");
      mute.writeAgain(block, "mute", range(19, block), false);
    }
    assertThat(counted("ledger", "unknown")).isEqualTo(1);
    assertThat(counted("ledger", "restored")).isZero();
  }

  /** As where a row policy hides them: nobody may take that for lost. */
  @Test
  void rowsThatTheUserDoesNotSee_areNotInserted() throws SQLException, IOException {
    Migrations.apply(engine.options("hidden"), Duration.ofDays(14));
    BlockData block = block(Topics.LEDGER, 21, entry(1, 1, line(44, 9)));
    try (ClickHouseBlockWriter hidden = engine.writer("hidden", new SinkMetrics(meters))) {
      hidden.write(block, "hidden");
      engine.execute("DELETE FROM hidden.ledger WHERE 1 SETTINGS lightweight_deletes_sync = 2");

      hidden.writeAgain(block, "hidden", range(21, block), true);
    }
    assertThat(engine.ask("SELECT toString(count()) FROM hidden.ledger")).isEqualTo("0");
    assertThat(counted("ledger", "unknown")).isEqualTo(1);
  }

  /**
   * Functions of time in keys overflow there, so that rows may be looked for in the wrong place.
   */
  @Test
  void rowsOfFarTimes_areNotInserted() throws IOException {
    lose(Topics.LEDGER, "far", entry(1, 1, line(45, 40_000)));
    lose(Topics.LEDGER, "far", entry(1, 1, line(46, -40_000)));
    BlockData future = block(Topics.LEDGER, 22, entry(1, 1, line(47, 40_000)));
    BlockData past = block(Topics.LEDGER, 23, entry(1, 1, line(48, -40_000)));

    again(22, future, "far");
    again(23, past, "far");

    assertThat(rows("ledger", 22) + rows("ledger", 23)).isEqualTo("00");
    assertThat(counted("ledger", "unknown")).isEqualTo(2);
  }

  /** Of a year of hours one is read, whatever the table holds. */
  @Test
  void look_readsTheHoursOfTheBlock() throws SQLException, IOException {
    Migrations.apply(engine.options("large"), Duration.ofDays(14));
    for (String table : List.of("ledger", "calls")) {
      engine.execute(
          "INSERT INTO large."
              + table
              + " (tenant, environment, event_time, item, sign, revision, kafka_partition, kafka_offset)"
              + " SELECT 'default', 'production', toDateTime64('2026-01-01 00:00:00', 6, 'UTC')"
              + " + toIntervalMinute(number * 2), toString(number), 1, 1, 20, number FROM numbers(240000)");
    }
    BlockData block = block(Topics.LEDGER, 20, entry(1, 1, line(43, 100)));
    for (String table : List.of("ledger", "calls")) {
      TableTraits traits =
          new TableTraits("", "toYYYYMM(event_time)", "", false, OptionalLong.empty());
      String where =
          LostRows.where(range(20, block), traits, block.times(table, "event_time").get());
      List<String> plan =
          engine.texts(
              "EXPLAIN indexes = 1 SELECT count() FROM large." + table + " WHERE " + where);

      // Months, then hours of the month; the whole of it has 32 granules in 11 parts.
      assertThat(plan.stream().map(String::strip))
          .as(table)
          .contains("Parts: 1/11", "Granules: 3/32", "Granules: 1/3");
    }
  }
}
