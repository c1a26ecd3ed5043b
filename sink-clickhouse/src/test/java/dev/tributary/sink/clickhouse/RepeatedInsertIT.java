package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.serde.RandomRecords;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.core.BlockData;
import dev.tributary.sink.clickhouse.core.RowReader;
import dev.tributary.sink.clickhouse.core.SinkLayouts;
import dev.tributary.sink.clickhouse.core.TopicLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Blocks that are inserted again, also where the table knows the token and not the rows, as after a
 * kill of the server between the two; it is brought about by other rows under the same token.
 */
final class RepeatedInsertIT {
  private static final long DAY_US = 86_400_000_000L;
  private static final int OTHERS = 99;

  private static EngineFixture engine;
  private static ClickHouseBlockWriter writer;

  private final LedgerEntries entries = new LedgerEntries(new Generator(7));

  @BeforeAll
  static void start() throws SQLException {
    engine = EngineFixture.start();
    Migrations.apply(engine.options("repeated"), Duration.ofDays(14));
    writer = engine.writer("repeated");
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      writer.close();
      engine.close();
    }
  }

  /** A line of a day of January 2026 or after it. */
  private LedgerLine line(int number, int day) {
    return LedgerLine.newBuilder(entries.line(number))
        .setEventTimeUs(LedgerEntries.BASE_US + day * DAY_US)
        .build();
  }

  private static LedgerEntry entry(int sign, long revision, LedgerLine line) {
    return LedgerEntries.entry(sign, revision, EntryCause.INITIAL, line);
  }

  private static BlockData block(
      Topic<?, ?> topic, int partition, List<? extends SpecificRecord> of) throws IOException {
    TopicLayout layout =
        SinkLayouts.all().stream().filter(l -> l.topic().equals(topic.name())).findFirst().get();
    BlockData block = new BlockData(layout);
    RowReader reader = RowReader.compile(of.get(0).getSchema().toString(), layout);
    for (int i = 0; i < of.size(); i++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      new SpecificDatumWriter<SpecificRecord>(of.get(i).getSchema()).write(of.get(i), encoder);
      encoder.flush();
      reader.read(out.toByteArray(), 0, out.size(), partition, i, block);
    }
    return block;
  }

  private static BlockRange range(int partition, BlockData block) {
    return new BlockRange(partition, 0, block.rows() - 1);
  }

  private static String ask(String sql, int partition) {
    return engine.ask(sql.formatted("repeated", partition));
  }

  private static String audit(int partition) {
    return ask("SELECT count() FROM %s.ledger WHERE kafka_partition = %d", partition);
  }

  private static String net(int partition) {
    return ask(
        "SELECT sum(sign) FROM %1$s.calls WHERE item IN"
            + " (SELECT item FROM %1$s.ledger WHERE kafka_partition = %2$d)",
        partition);
  }

  @Test
  void rowsThatTheServerLost_areInserted_once() throws IOException {
    writer.write(block(Topics.LEDGER, OTHERS, List.of(entry(1, 1, line(1, 3)))), "lost");
    LedgerLine corrected = line(2, 4);
    BlockData block =
        block(
            Topics.LEDGER,
            1,
            List.of(
                entry(1, 1, corrected),
                entry(-1, 1, corrected),
                entry(1, 2, corrected),
                entry(1, 1, line(3, 5))));
    writer.write(block, "lost");
    assertThat(audit(1)).as("the fault").isEqualTo("0");

    for (int attempt = 0; attempt < 3; attempt++) {
      writer.writeAgain(block, "lost", range(1, block));
      assertThat(audit(1)).isEqualTo("4");
      assertThat(net(1)).isEqualTo("2");
    }
  }

  @Test
  void rowsThatAreThere_areNotInsertedAgain_alsoWhereTheyHaveCollapsed() throws IOException {
    LedgerLine line = line(10, 6);
    BlockData booked =
        block(Topics.LEDGER, 2, List.of(entry(1, 1, line), entry(1, 1, line(11, 6))));
    BlockData retracted = block(Topics.LEDGER, 3, List.of(entry(-1, 1, line)));
    writer.write(booked, "booked");
    writer.write(retracted, "retracted");
    engine.execute("OPTIMIZE TABLE repeated.calls FINAL");

    for (int attempt = 0; attempt < 2; attempt++) {
      writer.writeAgain(retracted, "retracted", range(3, retracted));
      writer.writeAgain(booked, "booked", range(2, booked));
      assertThat(audit(2)).isEqualTo("2");
      assertThat(audit(3)).isEqualTo("1");
      assertThat(net(2)).isEqualTo("1");
    }
  }

  /** The audit has it and the calls do not: each table is asked by itself. */
  @Test
  void rowsThatOneTableLost_areInsertedThere() throws IOException {
    BlockData block = block(Topics.LEDGER, 4, List.of(entry(1, 1, line(20, 7))));
    writer.write(block, "one");
    engine.execute(
        "ALTER TABLE repeated.calls DELETE WHERE kafka_partition = 4 SETTINGS mutations_sync = 1");
    assertThat(net(4)).isEqualTo("0");

    writer.writeAgain(block, "one", range(4, block));

    assertThat(audit(4)).isEqualTo("1");
    assertThat(net(4)).isEqualTo("1");
  }

  /** Of two months one is there: inserting all of it would book that twice. */
  @Test
  void rowsThatAreThereInPart_areSaidToBe() throws IOException {
    writer.write(block(Topics.LEDGER, OTHERS, List.of(entry(1, 1, line(30, 8)))), "part");
    BlockData block =
        block(Topics.LEDGER, 5, List.of(entry(1, 1, line(31, 8)), entry(1, 1, line(32, 40))));

    for (String table : List.of("ledger", "calls")) {
      assertThatThrownBy(() -> writer.writeAgain(block, "part", range(5, block)))
          .isInstanceOf(WriteFailedException.class)
          .hasMessageContaining("kafka_partition = 5 AND kafka_offset BETWEEN 0 AND 1")
          .hasMessageContaining(table);
      // As the runbook says.
      engine.execute(
          "ALTER TABLE repeated."
              + table
              + " DELETE WHERE kafka_partition = 5 AND kafka_offset BETWEEN 0 AND 1"
              + " SETTINGS mutations_sync = 1");
    }
    writer.writeAgain(block, "part", range(5, block));
    assertThat(audit(5)).isEqualTo("2");
    assertThat(net(5)).isEqualTo("2");
  }

  @Test
  void lastOfAKey_lostRowsAreInserted_othersStay() throws IOException {
    RandomRecords random = new RandomRecords(RandomRecords.seed());
    List<SpecificRecord> scores = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      scores.add(random.next(Topics.SCORES.value().asSubclass(SpecificRecord.class)));
    }
    writer.write(block(Topics.SCORES, OTHERS, scores.subList(0, 1)), "scores");
    BlockData block = block(Topics.SCORES, 6, scores.subList(1, 4));
    writer.write(block, "scores");
    String count = "SELECT uniqExact(score_id) FROM %s.scores WHERE kafka_partition = %d";
    assertThat(ask(count, 6)).as("the fault").isEqualTo("0");

    for (int attempt = 0; attempt < 2; attempt++) {
      writer.writeAgain(block, "scores", range(6, block));
      assertThat(ask(count, 6)).as("seed %d", RandomRecords.seed()).isEqualTo("3");
    }
  }
}
