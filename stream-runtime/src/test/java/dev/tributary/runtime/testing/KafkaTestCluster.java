package dev.tributary.runtime.testing;

import dev.tributary.embedded.kafka.EmbeddedBroker;
import dev.tributary.runtime.run.GroupLag;
import dev.tributary.runtime.run.TopicAdmin;
import dev.tributary.runtime.serde.SerdeOptions;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.TopicNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.awaitility.Awaitility;

/**
 * A real broker in this process with topics of the catalogue, and typed ways in and out. The schema
 * registry lives in this process's memory, so child processes that use Avro need one of their own.
 */
public final class KafkaTestCluster implements AutoCloseable {
  private final EmbeddedBroker broker;
  private final Path folder;
  private final String registryUrl;
  private final TopicSerdes serdes;
  private final Admin admin;
  private final TopicNames names = TopicNames.PLAIN;

  private KafkaTestCluster(EmbeddedBroker broker, Path folder) {
    this.broker = broker;
    this.folder = folder;
    this.registryUrl = "mock://" + UUID.randomUUID();
    this.serdes = TopicSerdes.create(SerdeOptions.of(registryUrl));
    this.admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  /** A broker on a free port with an empty folder; both are gone after {@link #close}. */
  public static KafkaTestCluster start() {
    return start(Map.of());
  }

  /** The same with some of the broker's properties given. */
  public static KafkaTestCluster start(Map<String, String> brokerProperties) {
    try {
      Path folder = Files.createTempDirectory("tributary-cluster");
      EmbeddedBroker broker =
          EmbeddedBroker.start(
              new EmbeddedBroker.Options(folder.resolve("broker"), 0, brokerProperties));
      return new KafkaTestCluster(broker, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** Serdes of this cluster's registry, the same that applications with {@link #settings} use. */
  public TopicSerdes serdes() {
    return serdes;
  }

  public Admin admin() {
    return admin;
  }

  /** A folder that is removed with the cluster. */
  public Path folder(String name) {
    return folder.resolve(name);
  }

  /**
   * Settings for an application on this cluster: short intervals, so that a killed instance is
   * missed within a second or two, and any health port.
   *
   * @param instance names the state folder; one per running instance
   */
  public Map<String, String> settings(String instance) {
    Map<String, String> settings = new HashMap<>();
    settings.put("tributary.broker.bootstrap-servers", bootstrapServers());
    settings.put("tributary.registry.url", registryUrl);
    settings.put("tributary.topics.replication-factor", "1");
    settings.put("tributary.streams.state-dir", folder.resolve(instance).toString());
    settings.put("tributary.streams.commit-interval", "100ms");
    settings.put("tributary.streams.transaction-timeout", "2s");
    settings.put("tributary.streams.session-timeout", "2s");
    settings.put("tributary.streams.producer-linger", "5ms");
    settings.put("tributary.health.host", "127.0.0.1");
    settings.put("tributary.health.port", "0");
    return settings;
  }

  /**
   * Creates topics of the catalogue, kept for ever whatever their records' times are.
   *
   * @param partitions of those whose count may be scaled; the same number belongs into {@code
   *     tributary.topics.partitions}
   */
  public void create(int partitions, List<? extends Topic<?, ?>> topics) {
    List<Topic<?, ?>> deleted = new ArrayList<>();
    List<Topic<?, ?>> compacted = new ArrayList<>();
    for (Topic<?, ?> topic : topics) {
      (topic.cleanup() == Topic.Cleanup.DELETE ? deleted : compacted).add(topic);
    }
    // Not closed: that would close the admin client, which is ours.
    TopicAdmin creator = new TopicAdmin(admin, names, 1, partitions);
    creator.create(deleted, Map.of("retention.ms", "-1"));
    // Markers have the time of the clock: behind old records each begins a segment, which leaves
    // those before it to the cleaner.
    creator.create(compacted, Map.of("min.compaction.lag.ms", Long.toString(Long.MAX_VALUE)));
  }

  /** Creates a topic outside the catalogue, kept for ever. */
  public void create(String topic, int partitions) throws InterruptedException {
    try {
      NewTopic wanted =
          new NewTopic(topic, partitions, (short) 1).configs(Map.of("retention.ms", "-1"));
      admin.createTopics(List.of(wanted)).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot create " + topic, e);
    }
  }

  /** A producer of a topic's records, idempotent, not transactional; the caller closes it. */
  public <K, V> KafkaProducer<K, V> producer(Topic<K, V> topic) {
    return producer(serdes.key(topic).serializer(), serdes.value(topic).serializer());
  }

  /** A producer with any serializers; the caller closes it. */
  public <K, V> KafkaProducer<K, V> producer(Serializer<K> key, Serializer<V> value) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrapServers());
    properties.put("acks", "all");
    properties.put("linger.ms", "5");
    return new KafkaProducer<>(properties, key, value);
  }

  /** All committed records of a topic up to its end as it is now, by partition and offset. */
  public <K, V> List<ConsumerRecord<K, V>> read(Topic<K, V> topic) {
    return read(
        names.of(topic),
        serdes.key(topic).deserializer(),
        serdes.value(topic).deserializer(),
        "read_committed");
  }

  /**
   * All records of a topic up to its end as it is now, by partition and offset.
   *
   * @param isolation {@code read_committed} or {@code read_uncommitted}
   */
  public <K, V> List<ConsumerRecord<K, V>> read(
      String topic, Deserializer<K> key, Deserializer<V> value, String isolation) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrapServers());
    properties.put("isolation.level", isolation);
    properties.put("enable.auto.commit", "false");
    List<ConsumerRecord<K, V>> records = new ArrayList<>();
    try (KafkaConsumer<K, V> consumer = new KafkaConsumer<>(properties, key, value)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    records.sort(
        Comparator.<ConsumerRecord<K, V>>comparingInt(ConsumerRecord::partition)
            .thenComparingLong(ConsumerRecord::offset));
    return records;
  }

  /** Waits until a topic holds at least so many committed records, and answers all of them. */
  public <K, V> List<ConsumerRecord<K, V>> awaitRecords(
      Topic<K, V> topic, int atLeast, Duration timeout) {
    return Awaitility.await(atLeast + " records in " + names.of(topic))
        .atMost(timeout)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> read(topic), records -> records.size() >= atLeast);
  }

  /**
   * Waits until an application has committed all of its input as it is then, and until what it made
   * of it can be read: a transaction's offsets may be known before its other partitions have their
   * markers, and that of an instance that was killed hides what comes after it until it is aborted.
   */
  public void awaitDrained(String applicationId, Duration timeout) {
    Awaitility.await("input of " + applicationId + " committed")
        .atMost(timeout)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> isCommitted(applicationId));
    Awaitility.await("transactions of " + applicationId + " ended")
        .atMost(timeout)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> openTransactions(applicationId).isEmpty());
  }

  /** Of each topic, since a task commits alone: one may have while another has not begun. */
  private boolean isCommitted(String applicationId) throws Exception {
    Map<TopicPartition, Long> lag = GroupLag.of(admin, applicationId);
    return !lag.isEmpty()
        && lag.values().stream().allMatch(behind -> behind == 0)
        && untouched(lag.keySet()).isEmpty();
  }

  /** Partitions with records, of the topics of some partitions, that are not among these. */
  private Set<TopicPartition> untouched(Set<TopicPartition> committed) throws Exception {
    Set<String> topics = new HashSet<>();
    committed.forEach(partition -> topics.add(partition.topic()));
    Map<TopicPartition, OffsetSpec> others = new HashMap<>();
    admin
        .describeTopics(topics)
        .allTopicNames()
        .get()
        .forEach(
            (topic, description) ->
                description.partitions().stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .filter(partition -> !committed.contains(partition))
                    .forEach(partition -> others.put(partition, OffsetSpec.latest())));
    Set<TopicPartition> untouched = new HashSet<>();
    admin
        .listOffsets(others)
        .all()
        .get()
        .forEach(
            (partition, end) -> {
              if (end.offset() > 0) {
                untouched.add(partition);
              }
            });
    return untouched;
  }

  /** Those that are under way, or not yet marked as ended in every partition they wrote to. */
  private List<TransactionListing> openTransactions(String applicationId) throws Exception {
    ListTransactionsOptions open =
        new ListTransactionsOptions()
            .filterStates(
                Set.of(
                    TransactionState.ONGOING,
                    TransactionState.PREPARE_COMMIT,
                    TransactionState.PREPARE_ABORT));
    return admin.listTransactions(open).all().get().stream()
        .filter(transaction -> transaction.transactionalId().startsWith(applicationId + "-"))
        .toList();
  }

  @Override
  public void close() {
    serdes.close();
    admin.close();
    broker.close();
    TopologyFixture.delete(folder);
  }
}
