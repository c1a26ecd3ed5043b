package dev.tributary.sink.clickhouse;

import dev.tributary.runtime.testing.Generator;
import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Topic;
import dev.tributary.sink.clickhouse.core.BlockData;
import dev.tributary.sink.clickhouse.core.RowReader;
import dev.tributary.sink.clickhouse.core.SinkLayouts;
import dev.tributary.sink.clickhouse.core.TopicLayout;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/**
 * What tests of repeated inserts need. That a table knows a token and not the rows, as after a kill
 * of the server between the two, is brought about by other rows under the same token.
 */
abstract class RepeatedInserts {
  static final long DAY_US = 86_400_000_000L;

  /** Kafka partition of the rows that stand in for a lost part. */
  static final int OTHERS = 99;

  static EngineFixture engine;

  final LedgerEntries entries = new LedgerEntries(new Generator(7));
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final ClickHouseBlockWriter writer = engine.writer("repeated", new SinkMetrics(meters));

  @BeforeAll
  static void start() throws SQLException {
    engine = EngineFixture.start();
    Migrations.apply(engine.options("repeated"), Duration.ofDays(14));
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  @AfterEach
  void closeWriter() {
    writer.close();
  }

  /** A line of a day of January 2026 or after it. */
  LedgerLine line(int number, int day) {
    return LedgerLine.newBuilder(entries.line(number))
        .setEventTimeUs(LedgerEntries.BASE_US + day * DAY_US)
        .build();
  }

  static LedgerEntry entry(int sign, long revision, LedgerLine line) {
    return LedgerEntries.entry(sign, revision, EntryCause.INITIAL, line);
  }

  static BlockData block(Topic<?, ?> topic, int partition, SpecificRecord... of)
      throws IOException {
    TopicLayout layout =
        SinkLayouts.all().stream().filter(l -> l.topic().equals(topic.name())).findFirst().get();
    BlockData block = new BlockData(layout);
    RowReader reader = RowReader.compile(of[0].getSchema().toString(), layout);
    for (int i = 0; i < of.length; i++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      new SpecificDatumWriter<SpecificRecord>(of[i].getSchema()).write(of[i], encoder);
      encoder.flush();
      reader.read(out.toByteArray(), 0, out.size(), partition, i, block);
    }
    return block;
  }

  static BlockRange range(int partition, BlockData block) {
    return new BlockRange(partition, 0, block.rows() - 1);
  }

  void again(int partition, BlockData block, String token) {
    writer.writeAgain(block, token, range(partition, block), true);
  }

  /** The table notes the token of a block whose rows it does not have. */
  void lose(Topic<?, ?> topic, String token, SpecificRecord other) throws IOException {
    writer.write(block(topic, OTHERS, other), token);
  }

  static String ask(String sql, int partition) {
    return engine.ask(sql.formatted("repeated", partition));
  }

  static String rows(String table, int partition) {
    return ask(
        "SELECT toString(count()) FROM %s." + table + " WHERE kafka_partition = %d", partition);
  }

  /** The sum of signs of the lines that the audit has of a partition. */
  static String net(int partition) {
    return ask(
        "SELECT toString(sum(sign)) FROM %1$s.calls WHERE item IN"
            + " (SELECT item FROM %1$s.ledger WHERE kafka_partition = %2$d)",
        partition);
  }

  double counted(String table, String rows) {
    Counter counter =
        meters.find(SinkMetrics.REPEATS).tag("table", table).tag("rows", rows).counter();
    return counter == null ? 0 : counter.count();
  }

  static LedgerLine at(LedgerLine line, long laterUs) {
    return LedgerLine.newBuilder(line).setEventTimeUs(line.getEventTimeUs() + laterUs).build();
  }
}
