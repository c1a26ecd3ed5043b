package dev.tributary.runtime.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.ReplicatedKafka;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a broker has acknowledged is on another one as well: two are stopped one after the other,
 * and the third, which was alone, is lost with its disk.
 */
final class BrokerDiskLostIT {
  private static final String TOPIC = Topics.OTLP_SPANS.name();
  private static final int RECORDS = 300;

  /** Long enough for those that are left to find a leader among them. */
  private static final int REFUSED_AFTER_MS = 15_000;

  /** For brokers that have just come back. */
  private static final int PATIENCE_MS = 120_000;

  @TempDir Path folder;

  private final Set<String> acknowledged = new ConcurrentSkipListSet<>();

  @Test
  void acknowledged_lastBrokerGoesWithItsDisk_isThere() throws Exception {
    assertThat(lostWith(Map.of())).isEmpty();
  }

  /** The control: Kafka's own default lets one broker acknowledge alone. */
  @Test
  void acknowledged_oneInSyncIsEnough_isLost() throws Exception {
    assertThat(lostWith(Map.of("min.insync.replicas", "1"))).isNotEmpty();
  }

  private Set<String> lostWith(Map<String, String> overrides) throws Exception {
    try (ReplicatedKafka kafka = ReplicatedKafka.start(folder.resolve("kafka"));
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      new TopicAdmin(admin, TopicNames.PLAIN, ReplicatedKafka.BROKERS, 1)
          .create(List.of(Topics.OTLP_SPANS), overrides);
      send(kafka, "all there", PATIENCE_MS);
      kafka.stop(0);
      send(kafka, "one away", PATIENCE_MS);
      kafka.stop(1);
      send(kafka, "two away", REFUSED_AFTER_MS);
      kafka.killWithItsDisk(2);
      kafka.restart(List.of(0, 1, 2));
      send(kafka, "back", PATIENCE_MS);
      assertThat(acknowledged).as("acknowledged when all are back").contains("back 0");
      Set<String> lost = new TreeSet<>(acknowledged);
      lost.removeAll(read(kafka));
      System.out.println(acknowledged.size() + " acknowledged, lost " + lost.size());
      return lost;
    }
  }

  private void send(ReplicatedKafka kafka, String when, int timeoutMs) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            kafka.bootstrapServers(),
            "acks",
            "all",
            "delivery.timeout.ms",
            timeoutMs,
            "request.timeout.ms",
            "5000");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        String record = when + " " + i;
        producer.send(
            new ProducerRecord<>(TOPIC, record.getBytes(StandardCharsets.UTF_8)),
            (metadata, refused) -> {
              if (refused == null) {
                acknowledged.add(record);
              }
            });
      }
      producer.flush();
    }
    System.out.println(when + ": " + acknowledged.size() + " acknowledged so far");
  }

  private static Set<String> read(ReplicatedKafka kafka) {
    Set<String> found = new HashSet<>();
    Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> all =
          IntStream.range(0, consumer.partitionsFor(TOPIC).size())
              .mapToObj(partition -> new TopicPartition(TOPIC, partition))
              .collect(Collectors.toList());
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      while (all.stream().anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
        consumer
            .poll(Duration.ofSeconds(1))
            .forEach(record -> found.add(new String(record.value(), StandardCharsets.UTF_8)));
      }
    }
    return found;
  }
}
