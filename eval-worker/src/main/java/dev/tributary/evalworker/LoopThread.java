package dev.tributary.evalworker;

import dev.tributary.runtime.health.Health;
import dev.tributary.runtime.run.RunningClient;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a loop on a thread of its own, and begins anew with fresh clients after a fault of Kafka or
 * a lost partition: what was not committed is read again.
 */
final class LoopThread {
  private static final Logger LOGGER = LoggerFactory.getLogger(LoopThread.class);
  private static final long PAUSE_MS = 500;

  /** How long a batch that is under way is waited for. */
  private static final Duration BATCH_WAIT = Duration.ofSeconds(25);

  /** How long the clients may take to close after it. */
  private static final Duration END_WAIT = RunningClient.LONGEST_CLOSE.minus(BATCH_WAIT);

  private final String route;
  private final LoopSetup setup;
  private final Properties consumer;
  private final Properties producer;
  private final int threads;
  private final CountDownLatch anyEnded;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final Thread thread;
  private volatile boolean isRunning;
  private volatile @Nullable String trouble;
  private volatile boolean hasFailed;

  /**
   * @param anyEnded told when this loop has ended, for whatever reason
   */
  LoopThread(
      String route,
      LoopSetup setup,
      Properties consumer,
      Properties producer,
      int threads,
      CountDownLatch anyEnded) {
    this.route = route;
    this.setup = setup;
    this.consumer = consumer;
    this.producer = producer;
    this.threads = threads;
    this.anyEnded = anyEnded;
    this.thread = new Thread(this::work, "eval-worker-" + route);
  }

  void start() {
    thread.start();
  }

  private void work() {
    try {
      while (!stopping.get()) {
        try {
          runOnce();
        } catch (InterruptException e) {
          return; // asked to stop while waiting for Kafka
        } catch (KafkaException e) {
          trouble = e.getClass().getSimpleName();
          setup.metrics().restarted(route);
          LOGGER
              .atWarn()
              .addKeyValue("route", route)
              .addKeyValue("fault", e.toString())
              .log("the loop begins anew");
          TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // asked to stop: nothing is committed that is not done
    } catch (RuntimeException e) {
      hasFailed = true;
      trouble = e.toString();
      LOGGER.atError().addKeyValue("route", route).setCause(e).log("the loop ends");
    } finally {
      isRunning = false;
      hasFailed |= !stopping.get();
      anyEnded.countDown();
    }
  }

  private void runOnce() throws InterruptedException {
    Properties transactional = new Properties();
    transactional.putAll(producer);
    transactional.put(
        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
        consumer.get(ConsumerConfig.GROUP_ID_CONFIG) + "-" + route + "-" + UUID.randomUUID());
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (KafkaConsumer<byte[], byte[]> jobs =
            new KafkaConsumer<>(
                consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        KafkaProducer<byte[], byte[]> answers =
            new KafkaProducer<>(
                transactional, new ByteArraySerializer(), new ByteArraySerializer())) {
      isRunning = true;
      new JobLoop(setup, jobs, answers, pool).run(stopping::get);
    } finally {
      pool.shutdownNow();
    }
  }

  Health health() {
    if (hasFailed) {
      return Health.dead(route + " ended: " + trouble);
    }
    return isRunning ? Health.up(route + " runs") : Health.starting(route + " starts");
  }

  boolean hasFailed() {
    return hasFailed;
  }

  /**
   * Ends loops after the batches under way, or in the middle of those that take longer. All are
   * told before any is waited for, so that several take no longer than one: whoever stops the
   * process waits for so long and kills it then.
   */
  static void close(List<LoopThread> loops) {
    loops.forEach(loop -> loop.stopping.set(true));
    try {
      await(loops, BATCH_WAIT);
      loops.forEach(loop -> loop.thread.interrupt());
      await(loops, END_WAIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(List<LoopThread> loops, Duration most) throws InterruptedException {
    long endNs = System.nanoTime() + most.toNanos();
    for (LoopThread loop : loops) {
      // No time at all would be for ever.
      loop.thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime())));
    }
  }
}
