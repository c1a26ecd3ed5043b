package dev.tributary.sink.clickhouse;

import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.core.BlockData;
import dev.tributary.sink.clickhouse.core.RowReader;
import dev.tributary.sink.clickhouse.core.SinkLayouts;
import dev.tributary.sink.clickhouse.core.TopicLayout;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * CPU per ledger record from wire format to acknowledged rows in {@code ledger} and {@code calls},
 * without Kafka. Prints figures, asserts nothing. Arguments: records per block, blocks.
 */
final class LedgerLoadBench {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int WIRE_HEADER = 5;

  private LedgerLoadBench() {}

  public static void main(String[] args) throws Exception {
    int rows = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
    int blocks = args.length > 1 ? Integer.parseInt(args[1]) : 20;
    TopicLayout layout = SinkLayouts.all().get(0);
    List<byte[]> records = records(rows);
    long bytes = records.stream().mapToLong(record -> record.length).sum();
    RowReader reader = RowReader.compile(LedgerEntry.getClassSchema().toString(), layout);
    try (EngineFixture engine = EngineFixture.start()) {
      Migrations.apply(engine.options("bench"), Duration.ofDays(1));
      try (ClickHouseBlockWriter writer = engine.writer("bench")) {
        // Warm-up: JIT, connections, the engine's first parts.
        for (int i = 0; i < blocks / 2; i++) {
          writer.write(decode(reader, layout, records, 1_000_000L * i), "warm-" + i);
        }
        measure(engine, writer, reader, layout, records, blocks, bytes);
      }
    }
  }

  private static void measure(
      EngineFixture engine,
      ClickHouseBlockWriter writer,
      RowReader reader,
      TopicLayout layout,
      List<byte[]> records,
      int blocks,
      long bytes)
      throws IOException {
    long decodeNs = 0;
    long encodeNs = 0;
    long sendNs = 0;
    long sent = 0;
    long engineTicks = engine.cpuTicks();
    long wallNs = System.nanoTime();
    for (int i = 0; i < blocks; i++) {
      long start = THREADS.getCurrentThreadCpuTime();
      BlockData block = decode(reader, layout, records, 1_000_000_000L + 1_000_000L * i);
      long decoded = THREADS.getCurrentThreadCpuTime();
      CountingStream counter = new CountingStream();
      for (String table : layout.tables()) {
        new NativeFormat().write(block, table, counter);
      }
      long encoded = THREADS.getCurrentThreadCpuTime();
      writer.write(block, "run-" + i);
      sendNs += THREADS.getCurrentThreadCpuTime() - encoded;
      encodeNs += encoded - decoded;
      decodeNs += decoded - start;
      sent += counter.count;
    }
    wallNs = System.nanoTime() - wallNs;
    double n = (double) blocks * records.size();
    double engineUs = (engine.cpuTicks() - engineTicks) * 10_000 / n;
    System.out.printf(
        Locale.ROOT,
        "records %d x %d, %.0f B each in Kafka, %.0f B sent per record (both tables)%n"
            + "decode %.2f us, Native copy %.2f us, send %.2f us, sink CPU %.2f us per record%n"
            + "engine CPU %.2f us per record (parse, sort, write, merge of both tables)%n"
            + "wall %.0f records/s, one inserter%n",
        blocks,
        records.size(),
        bytes / (double) records.size(),
        sent / n,
        decodeNs / n / 1000,
        encodeNs / n / 1000,
        sendNs / n / 1000,
        (decodeNs + sendNs) / n / 1000,
        engineUs,
        n / (wallNs / 1e9));
  }

  private static BlockData decode(
      RowReader reader, TopicLayout layout, List<byte[]> records, long offset) {
    BlockData block = new BlockData(layout);
    long next = offset;
    for (byte[] record : records) {
      reader.read(record, WIRE_HEADER, record.length, 0, next++, block);
    }
    return block;
  }

  private static List<byte[]> records(int count) {
    LedgerEntries entries = new LedgerEntries(new Generator(1));
    List<byte[]> records = new ArrayList<>();
    try (TopicSerdes serdes = TopicSerdes.inMemory()) {
      while (records.size() < count) {
        for (LedgerEntry entry : entries.line()) {
          records.add(
              serdes.value(Topics.LEDGER).serializer().serialize(Topics.LEDGER.name(), entry));
        }
      }
    }
    return records.subList(0, count);
  }

  private static final class CountingStream extends OutputStream {
    private long count;

    @Override
    public void write(int b) {
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      count += length;
    }
  }
}
