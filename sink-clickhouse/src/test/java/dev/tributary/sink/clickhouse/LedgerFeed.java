package dev.tributary.sink.clickhouse;

import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.Topics;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/** Writes ledger entries in transactions, some aborted, and keeps its own books of what counts. */
final class LedgerFeed implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;
  private final Serializer<LedgerEntry> serializer;
  private final LedgerEntries entries;
  private final Generator generator;
  private long committedEntries;
  private long lines;
  private long tokens;
  private BigDecimal cost = BigDecimal.ZERO;

  LedgerFeed(SinkFixture fixture, Generator generator) {
    this(fixture, generator, "feed");
  }

  LedgerFeed(SinkFixture fixture, Generator generator, String transactionalId) {
    this.producer = fixture.transactionalProducer(transactionalId);
    TopicSerdes serdes = SinkFixture.serdes();
    this.serializer = serdes.value(Topics.LEDGER).serializer();
    this.generator = generator;
    this.entries = new LedgerEntries(generator);
  }

  /** Writes so many lines; one transaction in eight is aborted and its lines do not count. */
  void write(int lineCount) {
    int left = lineCount;
    while (left > 0) {
      int size = Math.min(left, generator.between(1, 400));
      List<List<LedgerEntry>> batch = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        batch.add(entries.line());
      }
      boolean isAborted = generator.chance(12);
      producer.beginTransaction();
      batch.forEach(line -> line.forEach(this::send));
      if (isAborted) {
        producer.flush();
        producer.abortTransaction();
      } else {
        producer.commitTransaction();
        batch.forEach(this::book);
        left -= size;
      }
    }
  }

  /** Writes one entry that a constraint of the test refuses. */
  void writeRefused() {
    LedgerEntry entry = entries.line().get(0);
    entry.getLine().setItem("refuse-me");
    producer.beginTransaction();
    send(entry);
    producer.commitTransaction();
  }

  private void send(LedgerEntry entry) {
    String key = Keys.trace(entry.getLine().getTenant(), entry.getLine().getSource());
    producer.send(
        new ProducerRecord<>(
            Topics.LEDGER.name(),
            null,
            entry.getLine().getEventTimeUs() / 1000,
            key.getBytes(StandardCharsets.UTF_8),
            serializer.serialize(Topics.LEDGER.name(), entry)));
  }

  private void book(List<LedgerEntry> line) {
    lines++;
    committedEntries += line.size();
    for (LedgerEntry entry : line) {
      if (entry.getLine().getCost() != null) {
        cost = cost.add(entry.getLine().getCost().multiply(BigDecimal.valueOf(entry.getSign())));
      }
      tokens +=
          entry.getSign()
              * (entry.getLine().getUsage().getInputUncached()
                  + entry.getLine().getUsage().getOutputText());
    }
  }

  long committedEntries() {
    return committedEntries;
  }

  long lines() {
    return lines;
  }

  long tokens() {
    return tokens;
  }

  BigDecimal cost() {
    return cost;
  }

  @Override
  public void close() {
    producer.close();
  }
}
