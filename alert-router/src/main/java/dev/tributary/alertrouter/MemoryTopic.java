package dev.tributary.alertrouter;

import dev.tributary.alertrouter.core.DeliveryEntry;
import dev.tributary.alertrouter.core.DeliveryMemory;
import dev.tributary.schemas.AlertDelivery;
import dev.tributary.schemas.Keys;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The router's memory on its topic: partition for partition beside the alerts, so that whoever gets
 * a partition of alerts reads what was delivered of it. A record's time is the wall clock of its
 * outcome, never an event time: by that the topic's retention forgets it.
 */
final class MemoryTopic {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long TIMEOUT_S = 60;

  private final String topic;
  private final Producer<byte[], byte[]> producer;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Serializer<AlertDelivery> encoder;
  private final Deserializer<AlertDelivery> decoder;
  private final Serializer<String> keyEncoder;
  private final AlertRouterMetrics metrics;
  private final Clock clock;

  MemoryTopic(
      String topic,
      Producer<byte[], byte[]> producer,
      Supplier<Consumer<byte[], byte[]>> consumers,
      Serializer<AlertDelivery> encoder,
      Deserializer<AlertDelivery> decoder,
      Serializer<String> keyEncoder,
      AlertRouterMetrics metrics,
      Clock clock) {
    this.topic = topic;
    this.producer = producer;
    this.consumers = consumers;
    this.encoder = encoder;
    this.decoder = decoder;
    this.keyEncoder = keyEncoder;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** What was delivered of some partitions of alerts, up to now. */
  DeliveryMemory load(Collection<Integer> partitions) {
    DeliveryMemory memory = new DeliveryMemory();
    if (partitions.isEmpty()) {
      return memory;
    }
    List<TopicPartition> wanted =
        partitions.stream().map(partition -> new TopicPartition(topic, partition)).toList();
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      consumer.assign(wanted);
      seekToRemembered(consumer, wanted);
      Map<TopicPartition, Long> ends = consumer.endOffsets(wanted);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          add(record, memory);
        }
      }
    }
    memory.forget(clock.instant());
    return memory;
  }

  private void seekToRemembered(Consumer<byte[], byte[]> consumer, List<TopicPartition> wanted) {
    long since = clock.instant().minus(DeliveryMemory.KEPT).toEpochMilli();
    Map<TopicPartition, Long> times = new HashMap<>();
    wanted.forEach(partition -> times.put(partition, since));
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
    for (TopicPartition partition : wanted) {
      OffsetAndTimestamp first = found.get(partition);
      if (first == null) {
        consumer.seekToEnd(List.of(partition));
      } else {
        consumer.seek(partition, first.offset());
      }
    }
  }

  private void add(ConsumerRecord<byte[], byte[]> record, DeliveryMemory memory) {
    if (record.value() == null) {
      return;
    }
    try {
      memory.add(AlertMapper.entry(decoder.deserialize(topic, record.value())));
    } catch (SerializationException | IllegalArgumentException e) {
      metrics.error("memory", e);
    }
  }

  /**
   * Writes entries down and waits until they are.
   *
   * @throws KafkaException when they are not
   */
  void write(List<DeliveryEntry> entries, ToIntFunction<String> partitionOfKey) {
    List<Future<RecordMetadata>> futures = new ArrayList<>();
    for (DeliveryEntry entry : entries) {
      AlertDelivery value = AlertMapper.delivery(entry);
      String key = Keys.team(entry.tenant(), entry.team());
      futures.add(
          producer.send(
              new ProducerRecord<>(
                  topic,
                  partitionOfKey.applyAsInt(key),
                  entry.at().toEpochMilli(),
                  keyEncoder.serialize(topic, key),
                  encoder.serialize(topic, value))));
    }
    await(futures);
  }

  /** Waits for records that were sent. */
  static void await(List<Future<RecordMetadata>> futures) {
    try {
      for (Future<RecordMetadata> future : futures) {
        future.get(TIMEOUT_S, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while writing", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("a record is not taken", e);
    }
  }
}
