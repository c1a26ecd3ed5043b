package dev.tributary.bench;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.runtime.run.SettingsSerdes;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads alerts as a router does, committed ones only. Not for several threads. */
final class AlertReader implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(5);

  private final TopicSerdes serdes;
  private final KafkaConsumer<String, Alert> consumer;

  /** Reads what comes from now on. */
  AlertReader(Settings settings) {
    this.serdes = SettingsSerdes.of(settings);
    this.consumer =
        new KafkaConsumer<>(
            ClientProperties.consumer(settings),
            serdes.key(Topics.ALERTS).deserializer(),
            serdes.value(Topics.ALERTS).deserializer());
    String topic = new TopicNames(settings.get(CommonSettings.TOPIC_PREFIX)).of(Topics.ALERTS);
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
  }

  /**
   * Waits for the alert of a feature's episode.
   *
   * @param openedAtUs start of the window that opens it, microseconds since the epoch
   * @throws BenchException where none comes
   */
  void awaitOpened(String feature, long openedAtUs) {
    long until = System.nanoTime() + TIMEOUT.toNanos();
    while (System.nanoTime() < until) {
      for (ConsumerRecord<String, Alert> record : consumer.poll(POLL)) {
        Alert alert = record.value();
        if (alert.getEpisode().getOpenedAtUs() == openedAtUs
            && feature.equals(alert.getEpisode().getDimensions().get("feature"))) {
          return;
        }
      }
    }
    throw new BenchException("no alert for " + feature + " after " + TIMEOUT);
  }

  @Override
  public void close() {
    consumer.close();
    serdes.close();
  }
}
