package dev.tributary.standalone.reference;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.runtime.run.SettingsSerdes;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * The topic {@code llm.ref}, read whole; what is being published is not seen before it is whole.
 */
final class ReferenceLog implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  /** What is asked after the last record waits for the fetch that is held at the end. */
  private static final int FETCH_WAIT_MS = 10;

  private final TopicSerdes serdes;
  private final TopicPartition partition;
  private final KafkaConsumer<String, Reference> consumer;

  private ReferenceLog(Settings settings, TopicSerdes serdes) {
    this.serdes = serdes;
    String topic = new TopicNames(settings.get(CommonSettings.TOPIC_PREFIX)).of(Topics.REF);
    this.partition = new TopicPartition(topic, 0);
    Properties reading = ClientProperties.consumer(settings);
    reading.remove(ConsumerConfig.GROUP_ID_CONFIG);
    reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    reading.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MS);
    this.consumer =
        new KafkaConsumer<>(
            reading, new StringDeserializer(), serdes.value(Topics.REF).deserializer());
  }

  static ReferenceLog open(Settings settings) {
    return new ReferenceLog(settings, SettingsSerdes.of(settings));
  }

  /** The latest record of every key of a tenant. */
  Map<String, Reference> read(String tenant) {
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    Map<String, Reference> latest = new HashMap<>();
    while (consumer.position(partition) < end) {
      for (ConsumerRecord<String, Reference> record : consumer.poll(POLL)) {
        if (!Keys.tenantOf(record.key()).equals(tenant)) {
          continue;
        }
        if (record.value() == null) {
          latest.remove(record.key());
        } else {
          latest.put(record.key(), record.value());
        }
      }
    }
    return latest;
  }

  /** Waits until readers see a committed offset; false: not within the time. */
  boolean isShown(long offset, Duration within) throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    while (consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L) <= offset) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(FETCH_WAIT_MS);
    }
    return true;
  }

  @Override
  public void close() {
    consumer.close();
    serdes.close();
  }
}
