package dev.tributary.runtime.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Settings;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsPropertiesTest {
  /** Kafka says so too, but by an exception that looks like a fault of ours. */
  @Test
  void commitInterval_aboveTheTransactionTimeout_isAConfigurationThatCannotBeUsed() {
    assertThatThrownBy(() -> streams(Map.of("tributary.streams.commit-interval", "30s")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.streams.transaction-timeout = 10s")
        .hasMessageContaining("tributary.streams.commit-interval = 30s");
  }

  @Test
  void commitInterval_withoutTransactions_mayBeLong() {
    StreamsConfig config =
        streams(
            Map.of(
                "tributary.streams.commit-interval", "30s",
                "tributary.streams.processing-guarantee", "at_least_once"));
    assertThat(config.getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG)).isEqualTo(30_000);
  }

  @Test
  void kafkaSettings_winOverOurs() {
    StreamsConfig config =
        streams(
            Map.of(
                "tributary.kafka.num.stream.threads", "3",
                "tributary.kafka.producer.linger.ms", "7"));
    assertThat(config.getInt(StreamsConfig.NUM_STREAM_THREADS_CONFIG)).isEqualTo(3);
    assertThat(config.getProducerConfigs("c")).containsEntry("linger.ms", "7");
  }

  /** What Streams makes for itself outlives a broker and its disk as our own topics do. */
  @Test
  void internalTopics_ofThreeReplicas_areAcknowledgedByTwo() {
    String key = StreamsConfig.topicPrefix("min.insync.replicas");
    Map<String, String> three = Map.of("tributary.topics.replication-factor", "3");

    assertThat(streams(three).originals()).containsEntry(key, "2");
    assertThat(streams(three).getInt(StreamsConfig.REPLICATION_FACTOR_CONFIG)).isEqualTo(3);
    assertThat(streams(Map.of()).originals()).doesNotContainKey(key);
  }

  private static StreamsConfig streams(Map<String, String> settings) {
    return new StreamsConfig(StreamsProperties.of("app", Settings.of(settings)));
  }
}
