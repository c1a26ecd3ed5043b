package dev.tributary.runtime.run;

import static org.apache.kafka.streams.StreamsConfig.consumerPrefix;
import static org.apache.kafka.streams.StreamsConfig.mainConsumerPrefix;
import static org.apache.kafka.streams.StreamsConfig.producerPrefix;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Guarantee;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.config.StoreType;
import dev.tributary.runtime.errors.DeserializationErrorRoute;
import dev.tributary.runtime.errors.ErrorRoutes;
import dev.tributary.runtime.errors.ProcessingErrorRoute;
import dev.tributary.runtime.errors.ProductionErrorRoute;
import dev.tributary.schemas.Topic;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;

/** Settings as properties of Kafka Streams. Numbers were measured on Kafka 4.3.1. */
public final class StreamsProperties {
  private static final int BATCH_BYTES = 128 << 10;
  private static final long PRODUCER_BUFFER_BYTES = 64L << 20;
  private static final int MAX_POLL_RECORDS = 2_000;
  private static final int BUFFERED_RECORDS = 5_000;
  private static final int FETCH_BYTES = 4 << 20;

  private StreamsProperties() {}

  /** The id that owns offsets, internal topics and state of an application. */
  public static String applicationId(String appName, Settings settings) {
    return settings.get(CommonSettings.APPLICATION_ID_PREFIX) + "-" + appName;
  }

  /**
   * The settings a topology is built under: pass them to {@code new TopologyConfig(new
   * StreamsConfig(...))} and to {@code StreamsBuilder.build}.
   */
  public static Properties of(String appName, Settings settings) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId(appName, settings));
    properties.put(
        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.get(CommonSettings.BOOTSTRAP_SERVERS));
    properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.get(CommonSettings.STATE_DIR));
    Guarantee guarantee = settings.get(CommonSettings.GUARANTEE);
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee.kafkaName());
    properties.put(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
        millis(settings.get(CommonSettings.COMMIT_INTERVAL)));
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.get(CommonSettings.THREADS));
    properties.put(
        StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.get(CommonSettings.STANDBY_REPLICAS));
    int replicationFactor = settings.get(CommonSettings.REPLICATION_FACTOR);
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, replicationFactor);
    Topic.inSyncConfig(replicationFactor)
        .forEach((key, text) -> properties.put(StreamsConfig.topicPrefix(key), text));
    properties.put(
        StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, settings.get(CommonSettings.CACHE_SIZE));
    properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
    properties.put(
        CommonSettings.ROCKSDB_MEMORY.key(), settings.get(CommonSettings.ROCKSDB_MEMORY));
    fixed(properties);
    if (settings.get(CommonSettings.STORE) == StoreType.MEMORY) {
      properties.put(
          StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG,
          BuiltInDslStoreSuppliers.InMemoryDslStoreSuppliers.class);
    }
    clients(properties, settings, guarantee);
    settings.get(CommonSettings.KAFKA).forEach(properties::put);
    requireTimeToCommit(properties, settings, guarantee);
    return properties;
  }

  /** Kafka refuses it too, but as if it were a fault of the program. */
  private static void requireTimeToCommit(
      Properties properties, Settings settings, Guarantee guarantee) {
    Object timeout = properties.get(producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG));
    Object interval = properties.get(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG);
    boolean isTransactional = guarantee == Guarantee.EXACTLY_ONCE_V2;
    // What is handed to Kafka as text is Kafka's to check.
    if (isTransactional
        && timeout instanceof Integer timeoutMs
        && interval instanceof Long intervalMs
        && timeoutMs <= intervalMs) {
      throw new ConfigException(
          settings.describe(CommonSettings.TRANSACTION_TIMEOUT)
              + " is not above "
              + settings.describe(CommonSettings.COMMIT_INTERVAL));
    }
  }

  /** Adds the error routes; only for running, not for building a topology. */
  public static void addErrorRoutes(Properties properties, ErrorRoutes routes) {
    properties.put(ErrorRoutes.CONFIG, routes);
    properties.put(
        StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
        DeserializationErrorRoute.class);
    properties.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, ProcessingErrorRoute.class);
    properties.put(
        StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, ProductionErrorRoute.class);
  }

  private static void fixed(Properties properties) {
    // The streams protocol (KIP-1071) refuses a changed topology under one application id.
    properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
    properties.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.OPTIMIZE);
    properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, BUFFERED_RECORDS);
    properties.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    properties.put(StreamsConfig.topicPrefix(Topic.MAX_AHEAD_CONFIG), Long.MAX_VALUE);
  }

  private static void clients(Properties properties, Settings settings, Guarantee guarantee) {
    properties.put(
        producerPrefix(ProducerConfig.LINGER_MS_CONFIG),
        millis(settings.get(CommonSettings.PRODUCER_LINGER)));
    properties.put(producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
    properties.put(producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), PRODUCER_BUFFER_BYTES);
    properties.put(producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    properties.put(
        producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        settings.get(CommonSettings.MAX_RECORD_SIZE).intValue());
    properties.put(producerPrefix(ProducerConfig.ACKS_CONFIG), "all");
    if (guarantee == Guarantee.EXACTLY_ONCE_V2) {
      properties.put(
          producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
          (int) millis(settings.get(CommonSettings.TRANSACTION_TIMEOUT)));
    }
    int session = (int) millis(settings.get(CommonSettings.SESSION_TIMEOUT));
    properties.put(mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), session);
    properties.put(mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), session / 3);
    properties.put(consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), MAX_POLL_RECORDS);
    properties.put(consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), FETCH_BYTES);
    properties.put(consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    // Upstream is transactional whatever our own guarantee is.
    properties.put(consumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
  }

  private static long millis(Duration duration) {
    return duration.toMillis();
  }
}
