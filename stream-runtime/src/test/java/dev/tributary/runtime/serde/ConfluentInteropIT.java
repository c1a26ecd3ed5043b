package dev.tributary.runtime.serde;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.embedded.registry.EmbeddedRegistry;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our serde against Confluent's real {@code kafka-avro-serializer} 7.9.2, both talking to the
 * embedded registry over HTTP: the same bytes, and each reads what the other wrote.
 */
final class ConfluentInteropIT {

  private static final int RECORDS = 1_024;

  private final long seed = RandomRecords.seed();

  @TempDir Path dir;
  private EmbeddedRegistry registry;

  static List<Topic<?, ? extends SpecificRecord>> topics() {
    return List.of(Topics.SPANS, Topics.LEDGER);
  }

  @BeforeEach
  void start() {
    registry = EmbeddedRegistry.start(new EmbeddedRegistry.Options(dir, 0));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @ParameterizedTest
  @MethodSource("topics")
  void serdes_randomRecords_areByteIdenticalAndReadEachOther(
      Topic<?, ? extends SpecificRecord> topic) throws Exception {
    ConfluentClasses.with(
        () -> {
          compare(topic, true);
          return null;
        });
  }

  @ParameterizedTest
  @MethodSource("topics")
  void serdes_confluentRegistersFirst_agreeOnTheId(Topic<?, ? extends SpecificRecord> topic)
      throws Exception {
    ConfluentClasses.with(
        () -> {
          compare(topic, false);
          return null;
        });
  }

  private <V extends SpecificRecord> void compare(Topic<?, V> topic, boolean isOursFirst) {
    SerdeOptions options = SerdeOptions.of(registry.url());
    try (TopicSerdes ours = TopicSerdes.create(options);
        TopicSerdes theirs =
            TopicSerdes.create(
                options.withValueClasses(
                    ConfluentClasses.SERIALIZER, ConfluentClasses.DESERIALIZER, Map.of()))) {
      Serde<V> thin = ours.value(topic);
      Serde<V> real = theirs.value(topic);
      assertThat(real.serializer().getClass().getName()).isEqualTo(ConfluentClasses.SERIALIZER);
      RandomRecords random = new RandomRecords(seed);
      Serde<V> first = isOursFirst ? thin : real;
      first.serializer().serialize(topic.name(), random.next(topic.value()));

      for (int i = 0; i < RECORDS; i++) {
        V record = random.next(topic.value());
        byte[] thinBytes = thin.serializer().serialize(topic.name(), record);
        byte[] realBytes = real.serializer().serialize(topic.name(), record);

        assertThat(thinBytes).as("seed %s, record %s", seed, i).isEqualTo(realBytes);
        assertThat(record)
            .as("seed %s, record %s", seed, i)
            .isEqualTo(thin.deserializer().deserialize(topic.name(), realBytes))
            .isEqualTo(real.deserializer().deserialize(topic.name(), thinBytes));
      }
    }
  }
}
