package dev.tributary.standalone.correct;

import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.schemas.Correction;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Topics;
import dev.tributary.standalone.platform.PlatformException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The commands' topic: written, read back, and what the owner refused of it. */
final class RunTopic implements AutoCloseable {
  private final CorrectionClients clients;
  private final TopicReader<Correction> reader;
  private final KafkaProducer<String, Correction> producer;
  private final Runs runs = new Runs();
  private final Map<TopicPartition, Long> written = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  RunTopic(CorrectionClients clients) {
    this.clients = clients;
    this.reader = clients.reader(Topics.CORRECTIONS);
    Properties writing = ClientProperties.producer(clients.settings());
    writing.put(ProducerConfig.ACKS_CONFIG, "all");
    writing.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    writing.put(ProducerConfig.LINGER_MS_CONFIG, 10);
    writing.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    this.producer =
        new KafkaProducer<>(
            writing,
            new StringSerializer(),
            clients.serdes().value(Topics.CORRECTIONS).serializer());
  }

  /** All runs as the topic tells them now. */
  Runs runs() {
    reader.readNew(record -> runs.add(record.partition(), record.offset(), record.value()));
    return runs;
  }

  List<Integer> partitions() {
    return reader.partitions().stream().map(TopicPartition::partition).toList();
  }

  /** Sends a command on a line to the line's owner. */
  void send(String key, Correction command) {
    send(new ProducerRecord<>(reader.topic(), null, millis(command), key, command));
  }

  /** Sends the start or the end of a run to one partition. */
  void send(int partition, Correction command) {
    send(
        new ProducerRecord<>(
            reader.topic(), partition, millis(command), command.getTenant() + "|", command));
  }

  private static long millis(Correction command) {
    return TimeUnit.MICROSECONDS.toMillis(command.getIssuedAtUs());
  }

  private void send(ProducerRecord<String, Correction> record) {
    throwFailure();
    Future<?> unused =
        producer.send(
            record,
            (metadata, problem) -> {
              if (problem == null) {
                written.merge(
                    new TopicPartition(metadata.topic(), metadata.partition()),
                    metadata.offset() + 1,
                    Math::max);
              } else {
                failure.compareAndSet(null, problem);
              }
            });
  }

  private void throwFailure() {
    Exception problem = failure.get();
    if (problem != null) {
      throw new PlatformException("commands were not written: " + problem.getMessage(), problem);
    }
  }

  /** Waits until all that was sent is written. */
  void flush() {
    producer.flush();
    throwFailure();
  }

  /** Waits until the owner has applied what was sent and what the topic held before. */
  void awaitOwner() {
    flush();
    Map<TopicPartition, Long> targets = new HashMap<>(clients.ends(reader.topic()));
    written.forEach((partition, end) -> targets.merge(partition, end, Math::max));
    clients.awaitOwner(targets);
  }

  /**
   * What the owner refused of a run's commands on lines, by reason. Complete once it has applied
   * all of them.
   */
  Map<String, Long> refused(Run run) {
    return refused(List.of(run)).getOrDefault(run.id(), Map.of());
  }

  /** The same for several runs of a tenant, by their ids. */
  Map<String, Map<String, Long>> refused(Collection<Run> of) {
    long firstUs = of.stream().mapToLong(Run::openedUs).min().orElse(0);
    Map<String, Map<String, Long>> reasons = new TreeMap<>();
    try (TopicReader<Rejected> rejected = clients.reader(Topics.REJECTED)) {
      for (TopicPartition partition : rejected.partitions()) {
        rejected.read(
            partition,
            TimeUnit.MICROSECONDS.toMillis(firstUs),
            record -> count(record.value(), of, reasons));
      }
    }
    return reasons;
  }

  private void count(
      Rejected rejected, Collection<Run> of, Map<String, Map<String, Long>> reasons) {
    if (!rejected.getSourceTopic().equals(reader.topic())) {
      return;
    }
    for (Run run : of) {
      if (run.isCommand(rejected.getSourcePartition(), rejected.getSourceOffset())) {
        reasons
            .computeIfAbsent(run.id(), unused -> new TreeMap<>())
            .merge(rejected.getReason(), 1L, Long::sum);
      }
    }
  }

  /** Records that the owner has not taken yet. */
  long waiting() {
    return clients.notApplied(clients.ends(reader.topic()));
  }

  @Override
  public void close() {
    reader.close();
    producer.close();
  }
}
