package dev.tributary.sink.clickhouse;

import dev.tributary.runtime.run.ClientThread;
import dev.tributary.runtime.serde.SchemaRegistryClient;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.SinkStatus.State;
import dev.tributary.sink.clickhouse.core.BlockChangedException;
import dev.tributary.sink.clickhouse.core.TopicLayout;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a sink: tables first, then one membership in the group after the other. A fault of
 * Kafka ends a membership and begins another; what was announced survives it. A fault that time
 * does not heal ends the sink.
 */
final class SinkThread {
  private static final Logger LOGGER = LoggerFactory.getLogger(SinkThread.class);

  private final SinkConfig config;
  private final TopicNames names;
  private final SinkMetrics metrics;
  private final RecordDecoder decoder;
  private final SchemaRegistryClient registry;
  private final Properties producerProperties;
  private final Properties consumerProperties;
  private final ClickHouseSink.ConsumerFactory consumers;
  private final FaultPoints faults;
  private final Clock clock;
  private final ClientThread thread = new ClientThread("sink-load");
  private volatile State state = State.STARTING;
  private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();

  SinkThread(
      SinkConfig config,
      TopicNames names,
      SinkMetrics metrics,
      RecordDecoder decoder,
      SchemaRegistryClient registry,
      Properties producerProperties,
      Properties consumerProperties,
      ClickHouseSink.ConsumerFactory consumers,
      FaultPoints faults,
      Clock clock) {
    this.config = config;
    this.names = names;
    this.metrics = metrics;
    this.decoder = decoder;
    this.registry = registry;
    this.producerProperties = producerProperties;
    this.consumerProperties = consumerProperties;
    this.consumers = consumers;
    this.faults = faults;
    this.clock = clock;
  }

  void start() {
    thread.start(this::run);
  }

  SinkStatus status() {
    String waiting = trouble.get();
    return new SinkStatus(
        state,
        metrics.lagByTopic(),
        metrics.rowsByTable(),
        waiting != null ? waiting : metrics.trouble());
  }

  void awaitEnd() throws InterruptedException {
    thread.awaitEnd();
  }

  void close() {
    thread.close();
  }

  private void run() {
    try {
      awaitTables();
      ContentRounds rounds = startContentRounds();
      try {
        while (!thread.isClosing()) {
          member();
        }
      } finally {
        if (rounds != null) {
          rounds.close();
        }
      }
      state = State.STOPPED;
    } catch (RuntimeException e) { // the thread's last resort: it must say why it ends
      trouble.set(e.getClass().getSimpleName() + ": " + e.getMessage());
      state = State.FAILED;
      LOGGER.atError().setCause(e).log("the sink has failed and stops");
    } finally {
      registry.close();
    }
  }

  /** Null: every workspace keeps text as long as the table does. */
  private @Nullable ContentRounds startContentRounds() {
    return config.contentPolicies().isEmpty() || thread.isClosing()
        ? null
        : ContentRounds.start(config, metrics, clock);
  }

  private void awaitTables() {
    int attempts = 0;
    while (!thread.isClosing()) {
      try {
        Migrations.apply(config.clickHouse(), config.contentRetention());
        trouble.set(null);
        return;
      } catch (SQLException e) {
        trouble.set("ClickHouse is not ready: " + e.getMessage());
        metrics.error("migrate", e);
        pause(++attempts);
      }
    }
  }

  private void pause(int attempts) {
    long ms =
        Math.min(
            config.retryMost().toMillis(),
            config.retryFirst().toMillis() << Math.min(attempts - 1, 20));
    try {
      thread.pause(Duration.ofMillis(ms));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      thread.close();
    }
  }

  /** One membership in the group, until closing or a fault of Kafka. */
  private void member() {
    try (BlockWriter writer =
            new ClickHouseBlockWriter(
                config.clickHouse(),
                config.contentPolicies().shortest(),
                new NativeFormat(),
                metrics,
                faults);
        Quarantine quarantine = new Quarantine(producerProperties, consumerProperties, decoder);
        Inserter inserter =
            new Inserter(
                KafkaCluster.id(consumerProperties),
                writer,
                quarantine,
                config.quarantineAfter(),
                Inserter.threads(config.inserters()));
        Consumer<byte[], byte[]> consumer = consumers.create(consumerProperties)) {
      load(consumer, inserter);
    } catch (AuthorizationException | AuthenticationException e) {
      throw new SinkException("Kafka refuses the sink: " + e.getMessage(), e);
    } catch (KafkaException e) {
      rethrowFinal(e);
      metrics.error("kafka", e);
      trouble.set("Kafka: " + e.getMessage());
      state = State.STARTING;
      pause(3);
    }
  }

  /** Kafka wraps what a rebalance listener throws. */
  private static void rethrowFinal(KafkaException e) {
    if (e.getCause() instanceof BlockChangedException
        || e.getCause() instanceof SinkException
        || e.getCause() instanceof IllegalArgumentException
        || e.getCause() instanceof IllegalStateException) {
      throw e;
    }
  }

  private void load(Consumer<byte[], byte[]> consumer, Inserter inserter) {
    Map<String, TopicLayout> layouts = layoutsByTopicName();
    Assignment assignment = new Assignment(consumer, layouts, metrics, config.lostRange());
    Loader loader =
        new Loader(consumer, config, assignment, decoder, inserter, metrics, faults, clock);
    consumer.subscribe(layouts.keySet(), assignment);
    try {
      while (!thread.isClosing()) {
        loader.step();
        trouble.set(null);
        if (!assignment.all().isEmpty()) {
          state = State.RUNNING;
        }
      }
      loader.finish();
    } finally {
      assignment.onPartitionsLost(consumer.assignment());
    }
  }

  private Map<String, TopicLayout> layoutsByTopicName() {
    Map<String, TopicLayout> byName = new HashMap<>();
    for (Topic<?, ?> topic : Topics.all()) {
      config.layouts().stream()
          .filter(layout -> layout.topic().equals(topic.name()))
          .forEach(layout -> byName.put(names.of(topic), layout));
    }
    return byName;
  }
}
