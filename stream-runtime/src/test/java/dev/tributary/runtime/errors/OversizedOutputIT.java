package dev.tributary.runtime.errors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.AppContext;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.run.RunningApp;
import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.runtime.run.StreamsRunner;
import dev.tributary.runtime.testing.KafkaTestCluster;
import dev.tributary.runtime.testing.TestClock;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An output that is too large, on a real broker: in a transaction Kafka 4.3.1 ends the application
 * when the producer refuses a record (KAFKA-15259), and at-least-once once lost what was sent
 * beside it (KAFKA-19479). Refused by the serializer, everything else goes on.
 */
class OversizedOutputIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String COPIES = "copies";
  private static final int GOOD = 20;
  private static final StreamsApp APP =
      new StreamsApp("oversize", List.of(), OversizedOutputIT::topology);

  private enum Reason {
    TOO_OLD
  }

  @ParameterizedTest
  @ValueSource(strings = {"exactly_once_v2", "at_least_once"})
  void outputTooLarge_goesToDeadLettersAndNothingElseIsLost(String guarantee) throws Exception {
    try (KafkaTestCluster cluster = KafkaTestCluster.start()) {
      cluster.create(1, List.of(Topics.REJECTED, Topics.DLQ));
      cluster.create(COPIES, 1);
      Map<String, String> given = new TreeMap<>(cluster.settings("oversize"));
      given.put("tributary.topics.partitions", "1");
      given.put("tributary.broker.max-record-size", "64KiB");
      given.put("tributary.streams.processing-guarantee", guarantee);
      try (KafkaProducer<String, Rejected> producer = cluster.producer(Topics.REJECTED)) {
        for (int i = 0; i < GOOD; i++) {
          send(producer, "good", "fine");
          if (i == GOOD / 2) {
            send(producer, "big", "x".repeat(100_000));
          }
        }
      }

      try (RunningApp running =
          StreamsRunner.start(
              APP,
              Settings.of(given, APP.allSettings()),
              RunOptions.of(new SimpleMeterRegistry()))) {
        running.awaitRunning(LONG);
        cluster.awaitDrained("tributary-oversize", LONG);
        assertThat(running.failure()).isNull();
      }

      List<ConsumerRecord<byte[], byte[]>> letters = cluster.read(Topics.DLQ);
      assertThat(letters).hasSize(1);
      assertThat(header(letters.get(0), DeadLetters.REASON))
          .isEqualTo(ProductionErrorRoute.TOO_LARGE);
      // It would not fit into the dead-letter topic either: its size and position are kept.
      assertThat(Integer.parseInt(header(letters.get(0), DeadLetters.OMITTED_BYTES)))
          .isGreaterThan(100_000);
      assertThat(header(letters.get(0), DeadLetters.OFFSET)).isEqualTo("11");
      assertThat(
              cluster.read(
                  COPIES, new StringDeserializer(), new StringDeserializer(), "read_committed"))
          .hasSize(GOOD);
    }
  }

  private static void send(KafkaProducer<String, Rejected> producer, String key, String detail) {
    Rejected value =
        new Rejections("oversize", new TestClock(TopologyFixture.START))
            .of("default", Reason.TOO_OLD, detail, new Rejections.Position("in", 0, 7, 0));
    producer.send(new ProducerRecord<>(Topics.REJECTED.name(), key, value));
  }

  private static Topology topology(AppContext context) {
    Topology topology = new Topology();
    topology.addSource(
        "consume-rejected",
        Serdes.String().deserializer(),
        context.serdes().value(Topics.REJECTED).deserializer(),
        context.topics().of(Topics.REJECTED));
    topology.addSink(
        "produce-copies",
        COPIES,
        Serdes.String().serializer(),
        context.serdes().value(Topics.REJECTED).serializer(),
        "consume-rejected");
    return topology;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
