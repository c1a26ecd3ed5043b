package dev.tributary.sink.clickhouse;

import dev.tributary.sink.clickhouse.core.Intent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Puts what cannot be loaded into the dead-letter topic and waits until it is there. A crash may
 * repeat it: a dead letter is identified by the position in its headers.
 */
final class Quarantine implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(200);

  private final Producer<byte[], byte[]> producer;
  private final Properties consumerProperties;
  private final RecordDecoder letters;

  Quarantine(Properties producerProperties, Properties consumerProperties, RecordDecoder letters) {
    this(producer(producerProperties), consumerProperties, letters);
  }

  Quarantine(
      Producer<byte[], byte[]> producer, Properties consumerProperties, RecordDecoder letters) {
    this.producer = producer;
    this.consumerProperties = consumerProperties;
    this.letters = letters;
  }

  private static Producer<byte[], byte[]> producer(Properties given) {
    Properties properties = new Properties();
    properties.putAll(given);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Sends the records of a block that could not become rows. */
  void send(OpenBlock block) {
    send(block.unsentDeadLetters());
    block.sentDeadLetters();
  }

  /** Sends all records of a block that ClickHouse refuses, read again from their topic. */
  void send(TopicPartition partition, Intent intent, BlockRefusedException refusal) {
    String reason = "REFUSED_BY_CLICKHOUSE_" + refusal.code();
    Properties properties = new Properties();
    properties.putAll(consumerProperties);
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    int sent = 0;
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, intent.first());
      while (sent < intent.records()) {
        if (System.nanoTime() - deadline > 0) {
          throw new WriteFailedException("cannot read the block again to quarantine it");
        }
        List<ProducerRecord<byte[], byte[]>> batch = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (record.offset() <= intent.last()) {
            batch.add(letters.letter(record, reason, refusal.getClass().getName()));
          }
        }
        send(batch);
        sent += batch.size();
      }
    }
  }

  private void send(List<ProducerRecord<byte[], byte[]>> records) {
    List<Future<RecordMetadata>> futures = new ArrayList<>();
    records.forEach(record -> futures.add(producer.send(record)));
    try {
      for (Future<RecordMetadata> future : futures) {
        future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WriteFailedException("interrupted while sending dead letters", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new WriteFailedException("the dead-letter topic does not take a record", e);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
