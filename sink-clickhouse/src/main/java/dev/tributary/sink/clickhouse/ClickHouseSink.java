package dev.tributary.sink.clickhouse;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.runtime.health.Health;
import dev.tributary.runtime.health.HealthServer;
import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.run.RunningClient;
import dev.tributary.runtime.run.SettingsSerdes;
import dev.tributary.runtime.serde.SchemaRegistryClient;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.SinkStatus.State;
import java.util.Properties;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** A running sink. Safe for use by several threads; closing twice does nothing more. */
public final class ClickHouseSink implements RunningClient {
  private final SinkThread thread;
  private final @Nullable HealthServer health;

  private ClickHouseSink(SinkThread thread, @Nullable HealthServer health) {
    this.thread = thread;
    this.health = health;
  }

  /**
   * Starts loading and returns at once; waits in the background for ClickHouse, brings the tables
   * up to date, then joins the group.
   *
   * @throws dev.tributary.runtime.config.ConfigException when the settings cannot be used
   */
  public static ClickHouseSink start(Settings settings, RunOptions options) {
    return start(
        settings,
        options,
        FaultPoints.NONE,
        properties ->
            new KafkaConsumer<>(
                properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
  }

  /** Makes the group's consumer from its properties. */
  @FunctionalInterface
  interface ConsumerFactory {
    Consumer<byte[], byte[]> create(Properties properties);
  }

  static ClickHouseSink start(
      Settings settings, RunOptions options, FaultPoints faults, ConsumerFactory consumers) {
    SinkConfig config = SinkConfig.from(settings);
    TopicNames names = new TopicNames(settings.get(CommonSettings.TOPIC_PREFIX));
    long largest = settings.get(CommonSettings.MAX_RECORD_SIZE) - CommonSettings.RECORD_OVERHEAD;
    DeadLetters letters = new DeadLetters(names.of(Topics.DLQ), SinkConfig.NAME, largest);
    // The loading thread asks, and asks again by itself: while it waits, nothing is committed.
    SchemaRegistryClient registry =
        TopicSerdes.registry(SettingsSerdes.options(settings).withoutRetries());
    SinkMetrics metrics = new SinkMetrics(options.meters());
    SinkThread thread =
        new SinkThread(
            config,
            names,
            metrics,
            new RecordDecoder(registry, letters, metrics, options.clock()),
            registry,
            ClientProperties.producer(settings),
            ConsumerProperties.of(settings, config),
            consumers,
            faults,
            options.clock());
    ClickHouseSink sink = new ClickHouseSink(thread, options.health());
    HealthServer health = options.health();
    if (health != null) {
      health.register(SinkConfig.NAME, sink::health);
    }
    thread.start();
    return sink;
  }

  /** What it is doing now. */
  public SinkStatus status() {
    return thread.status();
  }

  /** What the health endpoints say of it. */
  Health health() {
    SinkStatus status = status();
    String detail = "state " + status.state() + ", lag " + status.lagByTopic();
    String trouble = status.trouble();
    if (trouble != null) {
      detail += ", " + trouble;
    }
    if (status.state() == State.FAILED) {
      return Health.dead(detail);
    }
    return status.state() == State.RUNNING && trouble == null
        ? Health.up(detail)
        : Health.starting(detail);
  }

  @Override
  public boolean awaitEnd() throws InterruptedException {
    thread.awaitEnd();
    return status().state() == State.STOPPED;
  }

  /**
   * Stops loading. Blocks that ClickHouse has acknowledged are committed; announced ones come again
   * under the same token at the next start.
   */
  @Override
  public void close() {
    thread.close();
    if (health != null) {
      health.unregister(SinkConfig.NAME);
    }
  }
}
