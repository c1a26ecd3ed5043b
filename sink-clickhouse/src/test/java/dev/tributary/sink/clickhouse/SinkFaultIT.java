package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.SinkStatus.State;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** ClickHouse dies, goes away, refuses; producers write rubbish. */
final class SinkFaultIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final long SEED = Seeds.one();

  private static SinkFixture fixture;
  private static LedgerFeed feed;

  @BeforeAll
  static void start() {
    fixture =
        SinkFixture.start(2)
            .with(SinkConfig.TOPICS.key(), "llm.ledger.v1")
            .with(SinkConfig.BLOCK_ROWS.key(), "200")
            .with(SinkConfig.BLOCK_AGE.key(), "50ms")
            .with(SinkConfig.QUARANTINE_AFTER.key(), "2")
            .with(SinkConfig.RETRY_FIRST.key(), "20ms")
            .with(SinkConfig.RETRY_MOST.key(), "500ms");
    feed = new LedgerFeed(fixture, new Generator(SEED));
  }

  @AfterAll
  static void stop() {
    if (fixture != null) {
      feed.close();
      fixture.close();
    }
  }

  @Test
  void load_clickHouseKilledAndAway_waitsAndLosesNothing() throws InterruptedException {
    // Given
    use("outage");
    feed.write(4_000);
    try (ClickHouseSink sink = fixture.startSink()) {
      await("some rows").atMost(TIMEOUT).until(() -> rows(sink) > 400);

      // When: a crash in the middle of loading
      ProcessHandle.of(fixture.clickHouse().pid()).ifPresent(ProcessHandle::destroyForcibly);
      feed.write(500);
      await("more rows").atMost(TIMEOUT).until(() -> rows(sink) > 1_500);
      // And: away for a while
      int port = fixture.clickHouse().httpUrl().getPort();
      fixture.stopClickHouse();
      feed.write(1_000);
      await("it notices").atMost(TIMEOUT).until(() -> sink.status().trouble() != null);
      assertThat(sink.status().state()).isEqualTo(State.RUNNING);
      fixture.startClickHouse(port);
      awaitLoaded(sink);
    }

    // Then
    SinkIT.assertLoaded(fixture, "outage", feed, SEED);
  }

  @Test
  void load_rubbishAndRefusedBlocks_deadLettersAndTheRestIsLoaded() {
    // Given
    use("refused");
    feed.write(100);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (ClickHouseSink sink = ClickHouseSink.start(fixture.settings(), RunOptions.of(meters))) {
      awaitLoaded(sink);
      fixture.execute(
          "ALTER TABLE refused.ledger ADD CONSTRAINT no_rubbish CHECK item != 'refuse-me'");
      long before = Long.parseLong(fixture.ask("select count() from refused.ledger"));

      // When
      writeRubbish();
      await("dead letters").atMost(TIMEOUT).until(() -> deadLetters().size() >= 2);
      feed.write(100);
      awaitLoaded(sink);

      // Then
      List<String> reasons = deadLetters();
      assertThat(reasons).contains("NOT_FRAMED", "REFUSED_BY_CLICKHOUSE_469");
      assertThat(Long.parseLong(fixture.ask("select count() from refused.ledger")))
          .isGreaterThan(before);
      new ConservationCheck(meters, SinkConfig.NAME).assertHolds();
    }
  }

  /** One value that is no record, and one record that the table does not take. */
  private static void writeRubbish() {
    try (KafkaProducer<byte[], byte[]> producer = fixture.transactionalProducer("rubbish");
        LedgerFeed refused = new LedgerFeed(fixture, new Generator(1), "refused")) {
      producer.beginTransaction();
      producer.send(
          new ProducerRecord<>(
              Topics.LEDGER.name(),
              0,
              "k".getBytes(StandardCharsets.UTF_8),
              "rubbish".getBytes(StandardCharsets.UTF_8)));
      producer.commitTransaction();
      refused.writeRefused();
    }
  }

  private static List<String> deadLetters() {
    Properties properties = fixture.properties();
    properties.setProperty("auto.offset.reset", "earliest");
    List<String> reasons = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(
          consumer.partitionsFor(Topics.DLQ.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList());
      consumer.seekToBeginning(consumer.assignment());
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(2))) {
        reasons.add(
            new String(
                record.headers().lastHeader(DeadLetters.REASON).value(), StandardCharsets.UTF_8));
      }
    }
    return reasons;
  }

  private static void use(String name) {
    fixture.with(SinkConfig.DATABASE.key(), name).with(SinkConfig.GROUP.key(), name);
  }

  private static long rows(ClickHouseSink sink) {
    return sink.status().rowsByTable().getOrDefault("ledger", 0L);
  }

  private static void awaitLoaded(ClickHouseSink sink) {
    await("everything loaded")
        .atMost(TIMEOUT)
        .pollDelay(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              assertThat(sink.status().state()).isEqualTo(State.RUNNING);
              assertThat(sink.status().trouble()).isNull();
              assertThat(sink.status().lagByTopic()).containsEntry("llm.ledger.v1", 0L);
            });
  }
}
