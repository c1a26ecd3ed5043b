package dev.tributary.bench;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.runtime.run.SettingsSerdes;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads what was committed to {@code llm.anomalies} from its beginning to its end. */
final class EpisodeReader {
  private static final Duration POLL = Duration.ofMillis(200);

  private EpisodeReader() {}

  /** Series of each episode that opened, with the metric at their end. */
  static List<String> opened(Settings settings) {
    List<String> opened = new ArrayList<>();
    String topic = new TopicNames(settings.get(CommonSettings.TOPIC_PREFIX)).of(Topics.ANOMALIES);
    try (TopicSerdes serdes = SettingsSerdes.of(settings);
        KafkaConsumer<String, Anomaly> consumer =
            new KafkaConsumer<>(
                ClientProperties.consumer(settings),
                serdes.key(Topics.ANOMALIES).deserializer(),
                serdes.value(Topics.ANOMALIES).deserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        for (ConsumerRecord<String, Anomaly> each : consumer.poll(POLL)) {
          if (each.value().getState().equals("OPENED")) {
            opened.add(each.value().getSeries());
          }
        }
      }
    }
    return opened;
  }
}
