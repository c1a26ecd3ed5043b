package dev.tributary.standalone.platform;

import dev.tributary.embedded.kafka.EmbeddedBroker;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.runtime.run.TopicAdmin;
import dev.tributary.schemas.Topics;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The broker of an instance, its topics, and the receiver's producer. */
final class KafkaPart {
  /** Largest record: a span over 1 MiB must get through. */
  static final int MAX_RECORD_BYTES = 8 << 20;

  private static final long MAX_PARTITION_BYTES = 4L << 30;

  private KafkaPart() {}

  static EmbeddedBroker broker(DataFolder data, int port) {
    return EmbeddedBroker.start(
        new EmbeddedBroker.Options(
            data.kafka(),
            port,
            Map.of(
                "message.max.bytes", Integer.toString(MAX_RECORD_BYTES + (64 << 10)),
                "replica.fetch.max.bytes", Integer.toString(MAX_RECORD_BYTES + (64 << 10)),
                // At the demo's speed an idle clock is hours ahead of the wall after half a minute;
                // internal topics refuse what is more than an hour ahead unless this allows it.
                "log.message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE))));
  }

  /**
   * Creates the topics. Kafka deletes by record time, and records carry event time: replaying last
   * year's trace into topics that keep a week would delete it within minutes, so nothing is deleted
   * by age here, only by size.
   */
  static void createTopics(Settings settings) {
    try (TopicAdmin admin = TopicAdmin.of(settings)) {
      admin.create(
          Topics.all().stream().filter(topic -> topic.retention() != null).toList(),
          Map.of("retention.ms", "-1", "retention.bytes", Long.toString(MAX_PARTITION_BYTES)));
      admin.create(Topics.all().stream().filter(topic -> topic.retention() == null).toList());
    }
  }

  /** A producer of raw bodies that waits for every replica. */
  static KafkaProducer<byte[], byte[]> producer(Settings settings) {
    Properties properties = ClientProperties.producer(settings);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_RECORD_BYTES + (64 << 10));
    // The receiver bounds what is in flight itself and must not block its threads here.
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 15_000);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
