package dev.tributary.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.attribution.core.TestSpans;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.run.RunningApp;
import dev.tributary.runtime.run.StreamsRunner;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.KafkaTestCluster;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What stops no application, seen through a real broker with its own defaults. */
class HardInputIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Spans far ahead are for whoever normalises them to refuse; what comes is booked. */
  @Test
  void spanHoursAhead_isBooked() throws InterruptedException {
    try (KafkaTestCluster cluster = KafkaTestCluster.start()) {
      Map<String, String> given = settings(cluster);
      long aheadUs = (System.currentTimeMillis() + Duration.ofHours(3).toMillis()) * 1_000;
      try (RunningApp running = start(given, new SimpleMeterRegistry())) {
        running.awaitRunning(PATIENCE);
        send(
            cluster,
            TestSpans.llm(3, 2)
                .setTags(TestSpans.complete("search"))
                .setStartTimeUs(aheadUs - 5_000)
                .setEndTimeUs(aheadUs)
                .build());
        await().atMost(PATIENCE).until(() -> ledger(cluster).size() == 1);
        assertThat(ledger(cluster).get(0).timestamp()).isEqualTo(aheadUs / 1_000);
        assertThat(running.failure()).isNull();
      }
    }
  }

  @Test
  void referenceThatCannotBeRead_isLeftOutBeforeTheStartAndAfter() throws InterruptedException {
    try (KafkaTestCluster cluster = KafkaTestCluster.start()) {
      Map<String, String> given = settings(cluster);
      cluster.create(1, List.of(Topics.REF));
      poison(cluster, "acme|RATE_CARD|old");
      publish(cluster, TestReference.first());
      SimpleMeterRegistry meters = new SimpleMeterRegistry();
      try (RunningApp running = start(given, meters)) {
        running.awaitRunning(PATIENCE);
        poison(cluster, "acme|RATE_CARD|new");
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(meters.find(MetricNames.DROPPED).counter().count()).isEqualTo(2.0));
        send(cluster, TestSpans.llm(3, 2).setTags(TestSpans.complete("search")).build());
        await().atMost(PATIENCE).until(() -> ledger(cluster).size() == 1);

        assertThat(ledger(cluster).get(0).value().getLine().getRateCardId()).isEqualTo("card-1");
        assertThat(running.failure()).isNull();
        new ConservationCheck(meters, AttributionTopology.MODULE).assertHolds();
      }
    }
  }

  private static Map<String, String> settings(KafkaTestCluster cluster) {
    Map<String, String> given = new HashMap<>(cluster.settings("one"));
    given.put("tributary.topics.create", "true");
    given.put("tributary.topics.partitions", "1");
    return given;
  }

  private static RunningApp start(Map<String, String> given, SimpleMeterRegistry meters) {
    return StreamsRunner.start(
        AttributionMain.APP,
        Settings.of(given, AttributionMain.APP.allSettings()),
        RunOptions.of(meters));
  }

  private static void poison(KafkaTestCluster cluster, String key) {
    try (KafkaProducer<byte[], byte[]> producer =
        cluster.producer(new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(
          new ProducerRecord<>(
              Topics.REF.name(), key.getBytes(StandardCharsets.UTF_8), new byte[] {1, 2, 3}));
    }
  }

  private static void publish(KafkaTestCluster cluster, TestReference reference) {
    try (KafkaProducer<String, Reference> producer = cluster.producer(Topics.REF)) {
      reference
          .all()
          .forEach(
              (key, value) -> producer.send(new ProducerRecord<>(Topics.REF.name(), key, value)));
    }
  }

  private static void send(KafkaTestCluster cluster, Span span) {
    try (KafkaProducer<String, Span> producer = cluster.producer(Topics.SPANS)) {
      producer.send(
          new ProducerRecord<>(
              Topics.SPANS.name(),
              null,
              span.getEndTimeUs() / 1_000,
              Keys.trace(span.getTenant(), span.getTraceId()),
              span));
    }
  }

  private static List<ConsumerRecord<String, LedgerEntry>> ledger(KafkaTestCluster cluster) {
    return cluster.read(
        Topics.LEDGER.name(),
        cluster.serdes().key(Topics.LEDGER).deserializer(),
        cluster.serdes().value(Topics.LEDGER).deserializer(),
        "read_committed");
  }
}
