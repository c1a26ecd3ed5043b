package dev.tributary.bench;

import dev.tributary.runtime.run.GroupLag;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Waits for what a stage takes and sends; gives up when nothing moves. */
final class TopicReader {
  private static final Duration STUCK = Duration.ofMinutes(3);
  private static final Duration POLL = Duration.ofMillis(500);

  private TopicReader() {}

  /** Waits until a topic has so many records that are committed. */
  static void awaitRecords(String bootstrap, String topic, long wanted, ChildJvm stage) {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(partitions(topic));
      long found = 0;
      long lastChange = System.nanoTime();
      while (found < wanted) {
        stage.checkAlive();
        int count = consumer.poll(POLL).count();
        found += count;
        lastChange = count > 0 ? System.nanoTime() : lastChange;
        checkMoving(lastChange, found + " of " + wanted + " records of " + topic);
      }
    }
  }

  /** Waits until a group has taken all records of a topic, which are so many. */
  static void awaitTaken(String bootstrap, String group, String topic, long records, ChildJvm stage)
      throws InterruptedException {
    awaitRecords(bootstrap, topic, records, stage);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      long lastChange = System.nanoTime();
      long last = Long.MAX_VALUE;
      while (last > 0) {
        stage.checkAlive();
        List<Long> lags =
            GroupLag.of(admin, group).entrySet().stream()
                .filter(entry -> entry.getKey().topic().equals(topic))
                .map(Map.Entry::getValue)
                .toList();
        long lag =
            lags.size() < Lab.PARTITIONS
                ? Long.MAX_VALUE - 1
                : lags.stream().mapToLong(Long::longValue).sum();
        lastChange = lag != last ? System.nanoTime() : lastChange;
        last = lag;
        checkMoving(lastChange, group + " is " + lag + " behind on " + topic);
        TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
      }
    }
  }

  private static List<TopicPartition> partitions(String topic) {
    return IntStream.range(0, Lab.PARTITIONS)
        .mapToObj(partition -> new TopicPartition(topic, partition))
        .toList();
  }

  private static void checkMoving(long lastChange, String where) {
    if (System.nanoTime() - lastChange > STUCK.toNanos()) {
      throw new BenchException("nothing moved for " + STUCK + ": " + where);
    }
  }
}
