package dev.tributary.evaldispatch;

import dev.tributary.embedded.registry.EmbeddedRegistry;
import dev.tributary.runtime.run.TopicException;
import dev.tributary.runtime.serde.SerdeOptions;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.runtime.testing.KafkaTestCluster;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalRate;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.TraceSummary;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** A broker of its own with dispatch in a process that can be killed, a feed and a judge. */
final class DispatchRun implements AutoCloseable {
  static final int PARTITIONS = 2;
  static final Duration TIMEOUT = Duration.ofSeconds(120);
  private static final String APPLICATION = "tributary";

  private final KafkaTestCluster cluster = KafkaTestCluster.start();
  private final EmbeddedRegistry registry =
      EmbeddedRegistry.start(new EmbeddedRegistry.Options(cluster.folder("registry"), 0));
  private final TopicSerdes serdes = TopicSerdes.create(SerdeOptions.of(registry.url()));
  private final Duration ahead = untilFivePast(Instant.now());
  private final Clock clock = Clock.offset(Clock.systemUTC(), ahead);

  DispatchRun(String policy) {
    cluster.create(
        PARTITIONS,
        List.of(
            Topics.TRACES,
            Topics.EVAL_RESULTS,
            Topics.EVAL_JOBS_FAST,
            Topics.EVAL_JOBS_JUDGE,
            Topics.EVAL_JOBS_HUMAN,
            Topics.ANOMALIES,
            Topics.SCORES,
            Topics.EVENTS,
            Topics.SIGNALS,
            Topics.REJECTED,
            Topics.DLQ));
    cluster.create(1, List.of(Topics.REF, Topics.EVAL_RATES));
    publish(policy);
  }

  /**
   * So that no run crosses the hour in which money is counted. Mostly behind: a broker takes no
   * record that is an hour ahead.
   */
  private static Duration untilFivePast(Instant now) {
    int minute = now.atOffset(ZoneOffset.UTC).getMinute();
    return Duration.ofMinutes(5L - minute);
  }

  private void publish(String policy) {
    try (KafkaProducer<String, Reference> producer = producer(Topics.REF)) {
      for (Reference each : PolicyInForce.of(policy)) {
        producer.send(
            new ProducerRecord<>(
                Topics.REF.name(),
                Keys.reference(each.getTenant(), each.getKind(), each.getId()),
                each));
      }
    }
  }

  /** Microseconds of the clock that all of this run has. */
  long nowUs() {
    return TraceProcessor.micros(clock.instant());
  }

  <K, V> KafkaProducer<K, V> producer(Topic<K, V> topic) {
    return cluster.producer(serdes.key(topic).serializer(), serdes.value(topic).serializer());
  }

  String bootstrapServers() {
    return cluster.bootstrapServers();
  }

  TopicSerdes serdes() {
    return serdes;
  }

  /** Committed values of a topic, partition by partition. */
  <V> List<V> values(Topic<String, V> topic) {
    return cluster
        .read(
            topic.name(),
            serdes.key(topic).deserializer(),
            serdes.value(topic).deserializer(),
            "read_committed")
        .stream()
        .map(record -> record.value())
        .toList();
  }

  List<EvalJob> jobs() {
    List<EvalJob> jobs = new ArrayList<>(values(Topics.EVAL_JOBS_JUDGE));
    jobs.addAll(values(Topics.EVAL_JOBS_FAST));
    return jobs;
  }

  List<TraceSummary> traces() {
    return values(Topics.TRACES);
  }

  /** Rates by key, the later record of a key counting, tombstones gone. */
  List<EvalRate> rates() {
    Map<String, EvalRate> rates = new HashMap<>();
    cluster
        .read(
            Topics.EVAL_RATES.name(),
            serdes.key(Topics.EVAL_RATES).deserializer(),
            serdes.value(Topics.EVAL_RATES).deserializer(),
            "read_committed")
        .forEach(record -> rates.put(record.key(), record.value()));
    return rates.values().stream().filter(rate -> rate != null).toList();
  }

  /** Starts dispatch on the same state as the one before, and waits until it runs. */
  ChildProcess start() throws InterruptedException {
    return start(Map.of());
  }

  /** The same with some settings given. */
  ChildProcess start(Map<String, String> given) throws InterruptedException {
    return start(APPLICATION, "dispatch", given);
  }

  /** The same under another application id and with a state of its own: it remembers nothing. */
  ChildProcess startForgetful() throws InterruptedException {
    return start("forgetful", "forgetful", Map.of());
  }

  private ChildProcess start(String prefix, String folder, Map<String, String> given)
      throws InterruptedException {
    Map<String, String> settings = cluster.settings(folder);
    settings.put("tributary.registry.url", registry.url());
    settings.put("tributary.topics.partitions", Integer.toString(PARTITIONS));
    settings.put("tributary.streams.application-id-prefix", prefix);
    settings.put("tributary.eval-dispatch.rate-interval", "500ms");
    settings.put("tributary.eval-dispatch.rate-lead", "0s");
    settings.put("tributary.eval-dispatch.tick", "200ms");
    settings.putAll(given);
    List<String> arguments = new ArrayList<>(List.of(ahead.toString()));
    settings.forEach((key, value) -> arguments.add(key + "=" + value));
    ChildProcess child =
        ChildProcess.start(DispatchChildMain.class, arguments.toArray(String[]::new));
    child.awaitLine("now=\"RUNNING\"", TIMEOUT);
    return child;
  }

  void awaitDrained() {
    cluster.awaitDrained(APPLICATION + "-eval-dispatch", TIMEOUT);
  }

  void awaitForgetfulDrained() {
    cluster.awaitDrained("forgetful-eval-dispatch", TIMEOUT);
  }

  /** Waits until so many records more were written, committed or not. */
  void awaitOutput(int records) {
    await(records, List.of(Topics.EVAL_JOBS_JUDGE, Topics.EVAL_JOBS_FAST, Topics.SCORES));
  }

  /** Waits until so many jobs of judges more were written, committed or not. */
  void awaitJudgeJobs(int jobs) {
    await(jobs, List.of(Topics.EVAL_JOBS_JUDGE));
  }

  private void await(int records, List<Topic<?, ?>> topics) {
    long wanted = end(topics) + records;
    Awaitility.await(records + " more records written")
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> end(topics) >= wanted);
  }

  private long end(List<Topic<?, ?>> topics) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (Topic<?, ?> topic : topics) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        asked.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
      }
    }
    try {
      return cluster
          .admin()
          .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
          .all()
          .get()
          .values()
          .stream()
          .mapToLong(end -> end.offset())
          .sum();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TopicException("interrupted", e);
    } catch (ExecutionException e) {
      throw new TopicException("no offsets", e);
    }
  }

  @Override
  public void close() {
    serdes.close();
    registry.close();
    cluster.close();
  }
}
