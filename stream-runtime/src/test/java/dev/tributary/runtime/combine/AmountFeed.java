package dev.tributary.runtime.combine;

import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.KafkaTestCluster;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends amounts, about 20 000 a second, until it is closed, and keeps their sums. */
final class AmountFeed implements AutoCloseable {
  private static final int KEYS = 60;
  private static final int BATCH = 200;
  private static final long PAUSE_MS = 10;
  private static final int MOST_RECORDS = 20_000_000;

  private final KafkaProducer<String, Long> producer;
  private final String topic;
  private final Generator generator;
  private final Map<String, Long> sums = new TreeMap<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;
  private long count;

  private AmountFeed(KafkaProducer<String, Long> producer, String topic, long seed) {
    this.producer = producer;
    this.topic = topic;
    this.generator = new Generator(seed);
    this.thread = new Thread(this::feed, "amounts");
    this.thread.setDaemon(true);
  }

  static AmountFeed start(KafkaTestCluster cluster, String topic, long seed) {
    AmountFeed feed =
        new AmountFeed(cluster.producer(new StringSerializer(), new LongSerializer()), topic, seed);
    feed.thread.start();
    return feed;
  }

  private void feed() {
    try {
      while (count < MOST_RECORDS && !stop.await(PAUSE_MS, TimeUnit.MILLISECONDS)) {
        for (int i = 0; i < BATCH; i++) {
          String key = "k" + generator.between(1, KEYS);
          long amount = generator.between(1, 1_000);
          sums.merge(key, amount, Long::sum);
          count++;
          producer.send(new ProducerRecord<>(topic, key, amount));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What was sent, by key; after {@link #close}. */
  Map<String, Long> sums() {
    return sums;
  }

  /** How many records were sent; after {@link #close}. */
  long count() {
    return count;
  }

  /** Stops sending; all that was sent is acknowledged then. */
  @Override
  public void close() throws InterruptedException {
    stop.countDown();
    thread.join(TimeUnit.SECONDS.toMillis(30));
    if (thread.isAlive()) {
      throw new IllegalStateException("the feed does not stop");
    }
    producer.flush();
    producer.close();
  }
}
