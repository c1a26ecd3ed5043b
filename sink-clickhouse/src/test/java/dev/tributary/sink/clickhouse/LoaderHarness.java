package dev.tributary.sink.clickhouse;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.TestClock;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.core.BlockData;
import dev.tributary.sink.clickhouse.core.Intent;
import dev.tributary.sink.clickhouse.core.SinkLayouts;
import dev.tributary.sink.clickhouse.core.TopicLayout;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A loader that owns partitions of the ledger, without broker, registry or ClickHouse. */
final class LoaderHarness {
  private static final byte[] ENTRY = entry();
  private static final int BLOCK_ROWS = 2;

  /** A schema's id while the registry cannot be asked for it. */
  static final int SCHEMA = 1;

  static final int OTHER_SCHEMA = 2;

  /** Refuses commits as often as it is told; keeps the others over changes of the assignment. */
  private static final class Group extends MockConsumer<byte[], byte[]> {
    private final Deque<KafkaException> refusals = new ArrayDeque<>();
    private final Map<TopicPartition, OffsetAndMetadata> kept = new HashMap<>();

    Group() {
      super("none");
    }

    @Override
    public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
      KafkaException refusal = refusals.poll();
      if (refusal != null) {
        throw refusal;
      }
      kept.putAll(offsets);
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
        Set<TopicPartition> partitions) {
      Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>(kept);
      found.keySet().retainAll(partitions);
      return found;
    }
  }

  /** Fails as often as it is told, then keeps tokens. */
  private static final class Tables implements BlockWriter {
    private final Deque<Throwable> failures = new ArrayDeque<>();
    private final List<String> tokens = new ArrayList<>();
    private final List<BlockRange> repeated = new ArrayList<>();
    private int attempts;
    private boolean isBlind;

    @Override
    public void write(BlockData block, String token) {
      attempts++;
      Throwable failure = failures.poll();
      if (failure instanceof Error error) {
        throw error;
      } else if (failure instanceof RuntimeException exception) {
        throw exception;
      }
      tokens.add(token.substring(token.indexOf("-llm") + 1) + " rows=" + block.rows());
    }

    @Override
    public void writeAgain(BlockData block, String token, BlockRange range, boolean mustKnow) {
      repeated.add(range);
      if (isBlind && mustKnow) {
        throw new LookFailedException("blind", new IllegalStateException());
      }
      write(block, token);
    }

    @Override
    public void close() {}
  }

  private final Group consumer = new Group();
  private final OneSchemaRegistry registry = new OneSchemaRegistry();
  private final HeldTasks tasks = new HeldTasks();
  private final Tables tables = new Tables();
  private final TestClock time = new TestClock(Instant.ofEpochMilli(1_000_000));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final SinkMetrics metrics = new SinkMetrics(meters);
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final Map<TopicPartition, Long> next = new HashMap<>();
  private final Assignment assignment;
  private final Loader loader;

  LoaderHarness(LostRange lostRange) {
    this(lostRange, Map.of());
  }

  /**
   * A loader with other settings than small blocks.
   *
   * @param other values by the names of their settings
   */
  LoaderHarness(LostRange lostRange, Map<String, String> other) {
    Map<String, String> values = new HashMap<>();
    values.put(SinkConfig.BLOCK_ROWS.key(), Integer.toString(BLOCK_ROWS));
    values.put(SinkConfig.BLOCK_AGE.key(), "1s");
    values.put(SinkConfig.RETRY_FIRST.key(), "200ms");
    values.put(SinkConfig.RETRY_MOST.key(), "1s");
    values.put(SinkConfig.QUARANTINE_AFTER.key(), "2");
    values.putAll(other);
    SinkConfig config = SinkConfig.from(Settings.of(values, SinkConfig.allSettings()));
    TopicLayout ledger = SinkLayouts.all().get(0);
    DeadLetters letters = new DeadLetters(Topics.DLQ.name(), SinkConfig.NAME, 1_000_000);
    RecordDecoder decoder = new RecordDecoder(registry, letters, metrics, time);
    assignment = new Assignment(consumer, Map.of(Topics.LEDGER.name(), ledger), metrics, lostRange);
    loader =
        new Loader(
            consumer,
            config,
            assignment,
            decoder,
            new Inserter(
                "cluster",
                tables,
                new Quarantine(producer, new Properties(), decoder),
                config.quarantineAfter(),
                tasks),
            metrics,
            FaultPoints.NONE,
            time);
  }

  private static byte[] entry() {
    LedgerEntry entry = new LedgerEntries(new Generator(1)).line().get(0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    try {
      new SpecificDatumWriter<>(LedgerEntry.class).write(entry, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static TopicPartition partition(int number) {
    return new TopicPartition(Topics.LEDGER.name(), number);
  }

  /** The group gives these partitions, which begin at 0. */
  void assign(Integer... numbers) {
    Collection<TopicPartition> partitions =
        List.of(numbers).stream().map(LoaderHarness::partition).toList();
    Map<TopicPartition, Long> beginnings = new HashMap<>();
    partitions.forEach(partition -> beginnings.put(partition, 0L));
    consumer.updateBeginningOffsets(beginnings);
    consumer.assign(partitions);
    assignment.onPartitionsAssigned(partitions);
  }

  void revoke(int number) {
    assignment.onPartitionsRevoked(List.of(partition(number)));
    List<TopicPartition> left = new ArrayList<>(consumer.assignment());
    left.remove(partition(number));
    consumer.assign(left);
  }

  /** Records of a schema, to be read at the next poll. */
  void arrive(int number, int schema, int records) {
    for (int i = 0; i < records; i++) {
      long offset = next.merge(partition(number), 1L, Long::sum) - 1;
      ByteBuffer value = ByteBuffer.allocate(5 + ENTRY.length);
      value.put((byte) 0).putInt(schema).put(ENTRY);
      consumer.addRecord(
          new ConsumerRecord<>(Topics.LEDGER.name(), number, offset, new byte[0], value.array()));
    }
  }

  /** A record that ends in the middle of its last arrays. */
  void arriveCutShort(int number, int schema) {
    long offset = next.merge(partition(number), 1L, Long::sum) - 1;
    ByteBuffer value = ByteBuffer.allocate(4 + ENTRY.length);
    value.put((byte) 0).putInt(schema).put(ENTRY, 0, ENTRY.length - 1);
    consumer.addRecord(
        new ConsumerRecord<>(Topics.LEDGER.name(), number, offset, new byte[0], value.array()));
  }

  /** Rounds, some milliseconds apart. */
  void rounds(int count, long apartMs) {
    for (int i = 0; i < count; i++) {
      time.advance(Duration.ofMillis(apartMs));
      loader.step();
    }
  }

  /** The loader is told to stop. */
  void finish() {
    loader.finish();
  }

  /** A record without a value. */
  void arriveTombstone(int number) {
    long offset = next.merge(partition(number), 1L, Long::sum) - 1;
    consumer.addRecord(
        new ConsumerRecord<>(Topics.LEDGER.name(), number, offset, new byte[0], null));
  }

  /** Offsets pass that hold no record, as those of transaction markers do. */
  void pass(int number, long position) {
    consumer.seek(partition(number), position);
  }

  /** The dead-letter topic takes nothing; null: it does again. */
  void deadLettersFail(@Nullable RuntimeException how) {
    producer.sendException = how;
  }

  /** How many dead letters were sent. */
  int deadLetters() {
    return producer.history().size();
  }

  void registryAwayFor(int schema) {
    registry.awayFor(schema);
  }

  int registryAsked() {
    return registry.asked();
  }

  /** The next insert ends so. */
  void insertFails(Throwable how) {
    tables.failures.add(how);
  }

  /** The next commit ends so. */
  void commitFails(KafkaException how) {
    consumer.refusals.add(how);
  }

  /** The next poll ends so; what the partition has begins at an offset. */
  void pollFails(KafkaException how, int number, long beginning) {
    consumer.updateBeginningOffsets(Map.of(partition(number), beginning));
    consumer.setPollException(how);
  }

  /** Somebody said before that so many records from offset 0 are a block. */
  void announce(int number, int records) {
    TopicLayout ledger = SinkLayouts.all().get(0);
    Intent block = new Intent(0, records - 1, records, ledger.version());
    consumer.kept.put(partition(number), new OffsetAndMetadata(0, block.metadata()));
  }

  /** What arrives next has this offset. */
  void nextOffset(int number, long offset) {
    next.put(partition(number), offset);
  }

  Consumer<byte[], byte[]> consumer() {
    return consumer;
  }

  MeterRegistry meters() {
    return meters;
  }

  /** Inserts begin, and end when they are let go. */
  void holdInserts() {
    tasks.hold();
  }

  void letInsertsGo() {
    tasks.letGo();
  }

  /** What was inserted as something that may be there. */
  List<BlockRange> repeated() {
    return List.copyOf(tables.repeated);
  }

  /** Nobody can say what is in the tables. */
  void looksFail() {
    tables.isBlind = true;
  }

  int attempts() {
    return tables.attempts;
  }

  /** Blocks in ClickHouse: topic, partition, offsets, version and rows. */
  List<String> blocks() {
    return List.copyOf(tables.tokens);
  }

  /** The committed offset with its metadata; null: none. */
  OffsetAndMetadata committed(int number) {
    return consumer.committed(Set.of(partition(number))).get(partition(number));
  }

  SinkMetrics metrics() {
    return metrics;
  }

  Assignment assignment() {
    return assignment;
  }
}
