package dev.tributary.runtime.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The settings that every application has. */
public final class CommonSettings {
  public static final Setting<String> BOOTSTRAP_SERVERS =
      Setting.text(
              "tributary.broker.bootstrap-servers",
              "localhost:9092",
              "Kafka brokers as host:port, comma-separated")
          .check(text -> !text.isBlank(), "at least one host:port");

  /** Bytes of a record beside its value: key, headers, framing. */
  public static final long RECORD_OVERHEAD = 16 << 10;

  public static final Setting<Long> MAX_RECORD_SIZE =
      Setting.bytes(
              "tributary.broker.max-record-size",
              "1000KiB",
              "Largest record we produce, with 16KiB of it kept for key and headers; at most the"
                  + " broker's `message.max.bytes`")
          .atLeast(64L << 10)
          .atMost(256L << 20);

  public static final Setting<Map<String, String>> KAFKA =
      Setting.prefix(
          "tributary.kafka.",
          "Handed to every Kafka client with the prefix cut off, after all settings here: TLS, SASL"
              + " and tuning; `producer.`, `consumer.` and `admin.` before the name reach one kind"
              + " only");

  public static final Setting<List<String>> REGISTRY_URL =
      Setting.list(
          "tributary.registry.url",
          "http://localhost:8081",
          "Schema registry with Confluent's API; several are tried in order");

  public static final Setting<Optional<String>> REGISTRY_USER =
      Setting.optionalText("tributary.registry.user", "User name for basic authentication");

  public static final Setting<Optional<String>> REGISTRY_PASSWORD =
      Setting.secret("tributary.registry.password", "Password for basic authentication");

  public static final Setting<Optional<String>> REGISTRY_TRUST_STORE =
      Setting.optionalText(
          "tributary.registry.trust-store",
          "PKCS12 or JKS file with the authorities the registry's certificate is checked against;"
              + " empty: the JVM's");

  public static final Setting<Optional<String>> REGISTRY_TRUST_STORE_PASSWORD =
      Setting.secret("tributary.registry.trust-store-password", "Password of the trust store");

  public static final Setting<Optional<String>> REGISTRY_KEY_STORE =
      Setting.optionalText(
          "tributary.registry.key-store", "PKCS12 or JKS file with our client certificate");

  public static final Setting<Optional<String>> REGISTRY_KEY_STORE_PASSWORD =
      Setting.secret("tributary.registry.key-store-password", "Password of the key store");

  public static final Setting<Boolean> REGISTRY_AUTO_REGISTER =
      Setting.flag(
          "tributary.registry.auto-register",
          true,
          "Register our schemas on first use; false: only look them up");

  public static final Setting<Optional<String>> SERIALIZER =
      Setting.optionalText(
          "tributary.serde.value-serializer",
          "Class that encodes Avro values instead of ours, as"
              + " `io.confluent.kafka.serializers.KafkaAvroSerializer`");

  public static final Setting<Optional<String>> DESERIALIZER =
      Setting.optionalText(
          "tributary.serde.value-deserializer", "Its counterpart; both or none of the two");

  public static final Setting<Map<String, String>> SERDE_CONFIG =
      Setting.prefix(
          "tributary.serde.config.",
          "Handed to those two classes with the prefix cut off, beside the registry's settings");

  public static final Setting<String> TOPIC_PREFIX =
      Setting.text("tributary.topics.prefix", "", "Put before every topic name, as `staging.`")
          .check(text -> text.matches("[a-zA-Z0-9._-]{0,100}"), "letters, digits, `.`, `_`, `-`");

  public static final Setting<Integer> REPLICATION_FACTOR =
      Setting.integer(
              "tributary.topics.replication-factor",
              -1,
              "Copies of every topic we create, internal ones too, of which a majority acknowledges"
                  + " from three on; -1: the broker's default")
          .check(factor -> factor == -1 || factor >= 1, "-1 or at least 1");

  public static final Setting<Integer> PARTITIONS =
      Setting.integer(
              "tributary.topics.partitions",
              0,
              "Partitions of every topic whose count may be scaled, all alike; 0: the catalogue's"
                  + " count")
          .atLeast(0);

  public static final Setting<Boolean> CREATE_TOPICS =
      Setting.flag(
          "tributary.topics.create",
          false,
          "Create missing topics of the catalogue at start; false: their absence is an error");

  public static final Setting<String> APPLICATION_ID_PREFIX =
      Setting.text(
              "tributary.streams.application-id-prefix",
              "tributary",
              "An application's id is this, a dash and its name; it owns offsets and state")
          .check(text -> text.matches("[a-zA-Z0-9._-]{1,100}"), "letters, digits, `.`, `_`, `-`");

  public static final Setting<String> STATE_DIR =
      Setting.text(
              "tributary.streams.state-dir", ".tributary/state", "Folder for the stores on disk")
          .check(text -> !text.isBlank(), "a path");

  public static final Setting<StoreType> STORE =
      Setting.choice(
          "tributary.streams.store",
          StoreType.class,
          StoreType.ROCKSDB,
          "Where state lives: on disk or on the heap");

  public static final Setting<Guarantee> GUARANTEE =
      Setting.choice(
          "tributary.streams.processing-guarantee",
          Guarantee.class,
          Guarantee.EXACTLY_ONCE_V2,
          "Only exactly_once_v2 keeps the ledger exact");

  public static final Setting<Duration> COMMIT_INTERVAL =
      Setting.duration(
              "tributary.streams.commit-interval",
              "1s",
              "How often a transaction ends; each hop adds up to one interval of delay, and 100ms"
                  + " costs 1.3 to 1.5 times the CPU of 1s")
          .atLeast(Duration.ofMillis(10));

  public static final Setting<Duration> TRANSACTION_TIMEOUT =
      Setting.duration(
              "tributary.streams.transaction-timeout",
              "10s",
              "A dead instance's open transaction holds its readers up so long; above the commit"
                  + " interval")
          .atLeast(Duration.ofSeconds(1));

  public static final Setting<Duration> SESSION_TIMEOUT =
      Setting.duration(
              "tributary.streams.session-timeout",
              "10s",
              "An instance silent so long loses its partitions; within the broker's bounds")
          .atLeast(Duration.ofSeconds(1));

  public static final Setting<Integer> THREADS =
      Setting.integer("tributary.streams.threads", 1, "Stream threads; one per core given to it")
          .atLeast(1)
          .atMost(256);

  public static final Setting<Integer> STANDBY_REPLICAS =
      Setting.integer(
              "tributary.streams.standby-replicas",
              0,
              "Copies of the state on other instances; at least 1 in production, because an unclean"
                  + " death restores the whole changelog")
          .atLeast(0);

  public static final Setting<Long> CACHE_SIZE =
      Setting.bytes(
              "tributary.streams.cache-size",
              "64MiB",
              "Record cache of all stores together; switched off, a stateful stage costs twice")
          .atLeast(0L);

  public static final Setting<Long> ROCKSDB_MEMORY =
      Setting.bytes(
              "tributary.streams.rocksdb-memory",
              "256MiB",
              "Block cache and write buffers of all RocksDB stores of the process together, outside"
                  + " the heap")
          .atLeast(16L << 20);

  public static final Setting<Duration> PRODUCER_LINGER =
      Setting.duration(
              "tributary.streams.producer-linger",
              "50ms",
              "How long a producer waits for a fuller batch; 10ms to 20ms on the alert path")
          .atLeast(Duration.ZERO);

  public static final Setting<String> HEALTH_HOST =
      Setting.text(
          "tributary.health.host", "0.0.0.0", "Address that `/live /ready /metrics` listen on");

  public static final Setting<Integer> HEALTH_PORT =
      Setting.integer(
              "tributary.health.port", 8090, "Port of `/live /ready /metrics`; 0: any free port")
          .atLeast(0)
          .atMost(65_535);

  /** What a process needs that reads or writes topics but runs no topology, as a sink. */
  public static final List<Setting<?>> CLIENTS =
      List.of(
          BOOTSTRAP_SERVERS,
          MAX_RECORD_SIZE,
          REGISTRY_URL,
          REGISTRY_USER,
          REGISTRY_PASSWORD,
          REGISTRY_TRUST_STORE,
          REGISTRY_TRUST_STORE_PASSWORD,
          REGISTRY_KEY_STORE,
          REGISTRY_KEY_STORE_PASSWORD,
          REGISTRY_AUTO_REGISTER,
          SERIALIZER,
          DESERIALIZER,
          SERDE_CONFIG,
          TOPIC_PREFIX,
          REPLICATION_FACTOR,
          PARTITIONS,
          CREATE_TOPICS,
          HEALTH_HOST,
          HEALTH_PORT,
          KAFKA);

  /** What a topology needs on top of {@link #CLIENTS}. */
  public static final List<Setting<?>> STREAMS =
      List.of(
          APPLICATION_ID_PREFIX,
          STATE_DIR,
          STORE,
          GUARANTEE,
          COMMIT_INTERVAL,
          TRANSACTION_TIMEOUT,
          SESSION_TIMEOUT,
          THREADS,
          STANDBY_REPLICAS,
          CACHE_SIZE,
          ROCKSDB_MEMORY,
          PRODUCER_LINGER);

  private CommonSettings() {}

  /** All settings of a process of a plain client: {@link #CLIENTS}, then its own. */
  public static List<Setting<?>> ofClient(List<Setting<?>> own) {
    return Stream.concat(CLIENTS.stream(), own.stream()).toList();
  }
}
