package dev.tributary.standalone.correct;

import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.standalone.platform.PlatformException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads a topic's committed records, partition by partition, up to where it ends now. */
final class TopicReader<V> implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  /**
   * How long the broker holds a fetch at the end of a partition. It answers a connection's requests
   * in order, so that whatever is asked next, of another partition or to close, waits for it too.
   */
  private static final int FETCH_WAIT_MS = 10;

  /** An open transaction ends within its timeout; who waits longer waits for a dead broker. */
  private static final Duration STALLED = Duration.ofMinutes(2);

  private final CorrectionClients clients;
  private final String topic;
  private final KafkaConsumer<String, V> consumer;
  private final Map<TopicPartition, Long> next = new HashMap<>();

  TopicReader(CorrectionClients clients, String topic, Deserializer<V> values) {
    this.clients = clients;
    this.topic = topic;
    Properties reading = ClientProperties.consumer(clients.settings());
    reading.remove(ConsumerConfig.GROUP_ID_CONFIG);
    reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    reading.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MS);
    this.consumer = new KafkaConsumer<>(reading, new StringDeserializer(), values);
  }

  String topic() {
    return topic;
  }

  List<TopicPartition> partitions() {
    return clients.partitions(topic);
  }

  /**
   * Reads records from the first one at or after a time; all, where no time is given.
   *
   * @param fromMs timestamp of the first record, milliseconds since the epoch; null: from the start
   */
  void read(
      TopicPartition partition, @Nullable Long fromMs, Consumer<ConsumerRecord<String, V>> reader) {
    long end = clients.ends(topic).getOrDefault(partition, 0L);
    consumer.assign(List.of(partition));
    if (fromMs == null) {
      consumer.seekToBeginning(List.of(partition));
    } else {
      OffsetAndTimestamp first = consumer.offsetsForTimes(Map.of(partition, fromMs)).get(partition);
      if (first == null && !hasOpenTransaction(partition, end)) {
        return;
      }
      if (first == null) {
        consumer.seek(
            partition, consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L));
      } else {
        consumer.seek(partition, first.offset());
      }
    }
    readUpTo(partition, end, reader);
  }

  /** Records that are not committed yet have no timestamp that a committed reader may ask for. */
  private boolean hasOpenTransaction(TopicPartition partition, long end) {
    return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L) < end;
  }

  /** Reads what has come since the last call, everything at the first. */
  void readNew(Consumer<ConsumerRecord<String, V>> reader) {
    Map<TopicPartition, Long> ends = clients.ends(topic);
    for (TopicPartition partition : partitions()) {
      consumer.assign(List.of(partition));
      Long at = next.get(partition);
      if (at == null) {
        consumer.seekToBeginning(List.of(partition));
      } else {
        consumer.seek(partition, at);
      }
      readUpTo(partition, ends.getOrDefault(partition, 0L), reader);
      next.put(partition, consumer.position(partition));
    }
  }

  private void readUpTo(
      TopicPartition partition, long end, Consumer<ConsumerRecord<String, V>> reader) {
    long deadline = System.nanoTime() + STALLED.toNanos();
    long position = consumer.position(partition);
    while (position < end) {
      consumer.poll(POLL).forEach(reader);
      long now = consumer.position(partition);
      if (now > position) {
        deadline = System.nanoTime() + STALLED.toNanos();
      } else if (System.nanoTime() > deadline) {
        throw new PlatformException(
            "%s cannot be read beyond offset %d of %d: a transaction has been open for %d s"
                .formatted(partition, position, end, STALLED.toSeconds()));
      }
      position = now;
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
