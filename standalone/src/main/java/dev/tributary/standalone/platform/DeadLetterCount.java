package dev.tributary.standalone.platform;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.runtime.run.ClientProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How many records lie on the dead-letter topic, by the module that gave up on them. They are read:
 * the offsets of a topic count what ended each transaction too, and what was taken back.
 *
 * @param byModule records by module, none with 0
 * @param isWhole false where only the last offsets were read, or time was up: there are at least so
 *     many
 */
record DeadLetterCount(SortedMap<String, Long> byModule, boolean isWhole) {
  /** Offsets that are read at most, the last ones of the topic. */
  static final long MOST_OFFSETS = 100_000;

  /** How long they are read at most. */
  static final Duration MOST_TIME = Duration.ofSeconds(10);

  /** Stands for the module of a record that does not say. */
  static final String UNKNOWN = "unknown";

  private static final Duration POLL = Duration.ofMillis(200);

  DeadLetterCount {
    byModule = new TreeMap<>(byModule);
  }

  /**
   * Counts the committed records of a topic as far as it goes now; none where there is no topic.
   */
  static DeadLetterCount of(Settings settings, String topic) {
    Properties reading = ClientProperties.consumer(settings);
    reading.remove(ConsumerConfig.GROUP_ID_CONFIG);
    reading.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    reading.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    reading.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      Map<TopicPartition, Long> starts = starts(begins, ends, MOST_OFFSETS);
      starts.forEach(consumer::seek);
      return read(consumer, ends, starts.equals(begins));
    }
  }

  private static DeadLetterCount read(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, boolean isFromStart) {
    SortedMap<String, Long> byModule = new TreeMap<>();
    long deadline = System.nanoTime() + MOST_TIME.toNanos();
    boolean isMore = isBehind(consumer, ends);
    while (isMore && System.nanoTime() < deadline) {
      consumer
          .poll(POLL)
          .forEach(record -> byModule.merge(moduleOf(record.headers()), 1L, Long::sum));
      isMore = isBehind(consumer, ends);
    }
    return new DeadLetterCount(byModule, isFromStart && !isMore);
  }

  private static boolean isBehind(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
  }

  /**
   * From which offsets to read, so that no more than so many lie before the ends: every partition
   * has an equal share, and what a short one leaves goes to the longer ones.
   */
  static Map<TopicPartition, Long> starts(
      Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends, long most) {
    List<Map.Entry<TopicPartition, Long>> shortestFirst = new ArrayList<>();
    ends.forEach(
        (partition, end) ->
            shortestFirst.add(
                Map.entry(partition, Math.max(0, end - begins.getOrDefault(partition, 0L)))));
    shortestFirst.sort(Map.Entry.comparingByValue(Comparator.naturalOrder()));
    Map<TopicPartition, Long> starts = new TreeMap<>(BY_NUMBER);
    long left = most;
    int others = shortestFirst.size();
    for (Map.Entry<TopicPartition, Long> partition : shortestFirst) {
      long share = Math.min(partition.getValue(), left / others);
      long end = ends.getOrDefault(partition.getKey(), 0L);
      starts.put(partition.getKey(), end - share);
      left -= share;
      others--;
    }
    return starts;
  }

  private static final Comparator<TopicPartition> BY_NUMBER =
      Comparator.comparingInt(TopicPartition::partition);

  /** The last header counts: those of the record itself come first, and may have the same name. */
  static String moduleOf(Headers headers) {
    Header module = headers.lastHeader(DeadLetters.MODULE);
    return module == null || module.value() == null
        ? UNKNOWN
        : new String(module.value(), StandardCharsets.UTF_8);
  }

  long records() {
    return byModule.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * For a person: {@code none}, {@code 1 record}, {@code 3 records} or {@code at least 3 records}.
   */
  String text() {
    if (isWhole && records() == 0) {
      return "none";
    }
    long records = records();
    return "%s%,d record%s".formatted(isWhole ? "" : "at least ", records, records == 1 ? "" : "s");
  }
}
