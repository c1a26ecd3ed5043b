package dev.tributary.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The floor that everything else is measured against: consumes a topic and produces the same bytes
 * to another one in transactions of a second, without Streams. Client settings are those of the
 * runtime's throughput profile.
 *
 * <p>Arguments: bootstrap servers, largest record in bytes, name of the copier. Input: lines {@code
 * copy FROM TO RECORDS}; each is answered by {@code DONE} and the nanoseconds it took.
 */
public final class CopyMain {
  static final String DONE = "DONE";

  private static final String GROUP = "bench-raw-copy-";
  private static final long COMMIT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Duration POLL = Duration.ofMillis(100);

  private CopyMain() {}

  /** Runs until standard input ends. */
  public static void main(String[] args) throws IOException {
    try (KafkaProducer<byte[], byte[]> producer = producer(args)) {
      producer.initTransactions();
      System.out.println(ChildJvm.READY);
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ", -1);
        long start = System.nanoTime();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(args)) {
          copy(consumer, producer, words[1], words[2], Long.parseLong(words[3]));
        }
        System.out.println(DONE + ' ' + (System.nanoTime() - start));
      }
    }
  }

  private static void copy(
      KafkaConsumer<byte[], byte[]> consumer,
      KafkaProducer<byte[], byte[]> producer,
      String from,
      String to,
      long records) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(from).stream()
            .map(info -> new TopicPartition(from, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    long copied = 0;
    while (copied < records) {
      Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
      producer.beginTransaction();
      long deadline = System.nanoTime() + COMMIT_NANOS;
      do {
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> record : polled) {
          // A failed send fails the commit.
          Future<RecordMetadata> unused =
              producer.send(
                  new ProducerRecord<>(
                      to, record.partition(), record.timestamp(), record.key(), record.value()));
        }
        positions.putAll(polled.nextOffsets());
        copied += polled.count();
      } while (copied < records && System.nanoTime() < deadline);
      producer.sendOffsetsToTransaction(positions, consumer.groupMetadata());
      producer.commitTransaction();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(String[] args) {
    Properties properties = new Properties();
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, GROUP + args[2]);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 50);
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10);
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L << 20);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.parseInt(args[1]));
    properties.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String[] args) {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP + args[2]);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 << 20);
    properties.put(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
