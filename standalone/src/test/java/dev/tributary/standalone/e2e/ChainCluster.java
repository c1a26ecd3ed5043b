package dev.tributary.standalone.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tributary.attribution.AttributionMain;
import dev.tributary.cost.CostMain;
import dev.tributary.embedded.clickhouse.ChdbLibrary;
import dev.tributary.embedded.clickhouse.EmbeddedClickHouse;
import dev.tributary.embedded.registry.EmbeddedRegistry;
import dev.tributary.normalize.NormalizeMain;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.GroupLag;
import dev.tributary.runtime.run.TopicAdmin;
import dev.tributary.runtime.serde.SerdeOptions;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.StoppingSinkMain;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.reference.ReferencePublisher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The chain as processes: broker and registry in this JVM, every application, the loader and the
 * engine in one of its own, each to be killed at any moment.
 */
final class ChainCluster implements AutoCloseable {
  /** What can be killed. */
  enum Part {
    NORMALIZE,
    ATTRIBUTION,
    COST,
    SINK,
    CLICKHOUSE
  }

  /** A part that nobody killed has ended. */
  static final class PartEnded extends AssertionError {
    private static final long serialVersionUID = 1L;

    private PartEnded(String message) {
      super(message);
    }
  }

  private static final int PARTITIONS = ChainSettings.PARTITIONS;
  private static final int SHOWN_LINES = 25;
  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final String RUNNING = "now=\"RUNNING\"";
  private static final String DELETED = "is deleted; start again";

  private final Path folder;
  private final ChainKafka kafka;
  private final EmbeddedRegistry registry;
  private final EmbeddedClickHouse clickHouse;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Admin admin;
  private final TopicSerdes serdes;
  private final ChainSettings settings;
  private final ChainChildren children = new ChainChildren();

  private ChainCluster(Path folder, ChainKafka kafka, Map<String, String> overrides) {
    this.folder = folder;
    this.kafka = kafka;
    this.registry =
        EmbeddedRegistry.start(new EmbeddedRegistry.Options(folder.resolve("registry"), 0));
    this.clickHouse =
        EmbeddedClickHouse.start(EmbeddedClickHouse.Options.at(folder.resolve("clickhouse")));
    this.admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all", "linger.ms", "5"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.serdes = TopicSerdes.create(SerdeOptions.of(registry.url()));
    this.settings =
        new ChainSettings(
            kafka.bootstrapServers(),
            kafka.replicationFactor(),
            registry.url(),
            clickHouse.httpUrl().toString(),
            Map.copyOf(overrides));
  }

  /** On one broker in this process. */
  static ChainCluster start(Path folder, Map<String, String> overrides, List<Path> ownership) {
    return start(folder, ChainKafka::one, overrides, ownership);
  }

  /**
   * Starts everything with the curated prices; skips the test where the engine cannot run.
   *
   * @param folder gets all data; the caller removes it
   * @param kafka starts brokers with their data in a folder
   * @param overrides settings of all stream applications
   * @param ownership ownership tables
   */
  static ChainCluster start(
      Path folder,
      Function<Path, ChainKafka> kafka,
      Map<String, String> overrides,
      List<Path> ownership) {
    Optional<String> reason = ChdbLibrary.unsupportedReason();
    assumeTrue(reason.isEmpty(), () -> reason.orElse(""));
    ChainCluster cluster =
        new ChainCluster(folder, kafka.apply(folder.resolve("kafka")), overrides);
    cluster.createTopics();
    ReferencePublisher.publish(
        Settings.of(cluster.settings.client()), Keys.DEFAULT_TENANT, ownership);
    for (Part part : List.of(Part.NORMALIZE, Part.ATTRIBUTION, Part.COST, Part.SINK)) {
      cluster.start(part, StoppingSinkMain.NEVER, 0);
    }
    return cluster;
  }

  private void createTopics() {
    TopicAdmin creator =
        new TopicAdmin(admin, TopicNames.PLAIN, kafka.replicationFactor(), PARTITIONS);
    creator.create(
        Topics.all().stream().filter(topic -> topic.retention() != null).toList(),
        Map.of("retention.ms", "-1"));
    creator.create(Topics.all().stream().filter(topic -> topic.retention() == null).toList());
  }

  /** Of one replaced and one that replaces it, each holds a folder. */
  private Path stateFolder(Part part) {
    return folder.resolve("state-%s-%d".formatted(part, children.replacements(part) % 2));
  }

  private void start(Part part, String step, int times) {
    children.put(part, launch(part, stateFolder(part), step, times));
  }

  private ChildProcess launch(Part part, Path state, String step, int times) {
    List<String> jvm = new ArrayList<>(List.of("-Xmx256m"));
    settings.of(part, state).forEach((key, text) -> jvm.add("-D" + key + "=" + text));
    return switch (part) {
      case NORMALIZE -> ChildProcess.start(NormalizeMain.class, jvm, Map.of());
      case ATTRIBUTION -> ChildProcess.start(AttributionMain.class, jvm, Map.of());
      case COST -> ChildProcess.start(CostMain.class, jvm, Map.of());
      case SINK ->
          ChildProcess.start(StoppingSinkMain.class, jvm, Map.of(), step, Integer.toString(times));
      case CLICKHOUSE -> throw new IllegalArgumentException("its supervisor starts it");
    };
  }

  /** Writes one OTLP request as a Collector's exporter does. */
  void send(byte[] body) {
    producer.send(new ProducerRecord<>(Topics.OTLP_SPANS.name(), body));
  }

  /** Waits until every request sent so far is acknowledged. */
  void flush() {
    producer.flush();
  }

  /** SIGKILL, then a new start on the same state. */
  void kill(Part part) {
    requireAlive();
    try {
      if (part == Part.CLICKHOUSE) {
        int before = clickHouse.restarts();
        ProcessHandle.of(clickHouse.pid()).ifPresent(ProcessHandle::destroyForcibly);
        await("ClickHouse's supervisor notices the kill")
            .atMost(PATIENCE)
            .until(() -> clickHouse.restarts() > before);
        return;
      }
      children.of(part).kill();
      start(part, StoppingSinkMain.NEVER, 0);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while " + part + " was killed", e);
    }
  }

  /** SIGSTOP; another instance takes its place. */
  void replace(Part part) {
    requireAlive();
    children.pause(part);
    start(part, StoppingSinkMain.NEVER, 0);
  }

  /** SIGCONT of the instance that was replaced: from now on there are two. */
  void bringBack(Part part) {
    children.bringBack(part);
  }

  /** Stops a part as asked, or by SIGKILL, and starts it again on what has become of its state. */
  void restartOn(Part part, boolean isStopped, Consumer<Path> state) throws InterruptedException {
    requireAlive();
    if (isStopped) {
      children.stop(part);
    } else {
      children.of(part).kill();
    }
    state.accept(stateFolder(part));
    start(part, StoppingSinkMain.NEVER, 0);
    String begun =
        children
            .of(part)
            .awaitLine(
                line -> line.contains(RUNNING) || line.contains(DELETED), "its state", PATIENCE);
    if (begun.contains(DELETED)) {
      System.out.println(part + " found its state damaged as it started");
      children.of(part).awaitExit(PATIENCE);
      start(part, StoppingSinkMain.NEVER, 0);
    }
  }

  /** One more instance of a part, with a state of its own; the caller ends it. */
  ChildProcess join(Part part, int number) {
    Path state = folder.resolve("state-%s-guest-%d".formatted(part, number));
    return launch(part, state, StoppingSinkMain.NEVER, 0);
  }

  /** Its brokers, which may go and come back. */
  ChainKafka kafka() {
    return kafka;
  }

  /** How many that were brought back were refused what they had under way. */
  long refused() {
    return children.refused();
  }

  /** Kills the loader and starts one that stands still at a step of its protocol. */
  void armSink(String step, int times) {
    kill(Part.SINK);
    children.of(Part.SINK).close();
    start(Part.SINK, step, times);
  }

  /** Kills the armed loader at its step. */
  void killSinkAtStep() {
    try {
      children.of(Part.SINK).awaitLine(StoppingSinkMain.REACHED, PATIENCE);
      kill(Part.SINK);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting for the loader", e);
    }
  }

  /** A child that ended by itself is a finding, not something to start again. */
  void requireAlive() {
    children.forEach(
        (part, child) -> {
          if (!child.isAlive()) {
            throw new PartEnded(part + " ended by itself:\n" + child.output());
          }
        });
  }

  /** Where the committed records of some topics end, all partitions. */
  Map<TopicPartition, Long> ends(List<Topic<?, ?>> topics)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    for (Topic<?, ?> topic : topics) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        wanted.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
      }
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin
        .listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
        .all()
        .get()
        .forEach((partition, end) -> ends.put(partition, end.offset()));
    return ends;
  }

  /** Records that the applications and the loader have not committed yet, by group. */
  Map<String, Long> lag() {
    Map<String, Long> lags = new TreeMap<>();
    for (Part part : List.of(Part.NORMALIZE, Part.ATTRIBUTION, Part.COST, Part.SINK)) {
      Map<?, Long> lag = GroupLag.of(admin, group(part));
      // A group that has not committed anything has everything before it.
      lags.put(
          group(part), lag.isEmpty() ? -1 : lag.values().stream().mapToLong(Long::longValue).sum());
    }
    return lags;
  }

  /** Sum of the offsets a part has committed: it grows only while the part works. */
  long committed(Part part) throws ExecutionException, InterruptedException {
    return admin
        .listConsumerGroupOffsets(group(part))
        .partitionsToOffsetAndMetadata()
        .get()
        .values()
        .stream()
        .filter(offset -> offset != null)
        .mapToLong(OffsetAndMetadata::offset)
        .sum();
  }

  /** In-sync replicas of the partition of the ledger that has the fewest. */
  int fewestInSync() throws ExecutionException, InterruptedException {
    return admin
        .describeTopics(List.of(Topics.LEDGER.name()))
        .topicNameValues()
        .get(Topics.LEDGER.name())
        .get()
        .partitions()
        .stream()
        .mapToInt(partition -> partition.isr().size())
        .min()
        .orElseThrow();
  }

  private static String group(Part part) {
    return switch (part) {
      case NORMALIZE -> "tributary-" + NormalizeMain.APP.name();
      case ATTRIBUTION -> "tributary-" + AttributionMain.APP.name();
      case COST -> "tributary-" + CostMain.APP.name();
      // The engine works when the loader does.
      case SINK, CLICKHOUSE -> ChainSettings.SINK_GROUP;
    };
  }

  /** The last lines of every child, for a failure's message. */
  String outputs() {
    StringBuilder text = new StringBuilder();
    children.forEach(
        (part, child) -> {
          List<String> lines = child.output().lines().toList();
          text.append("--- ").append(part).append(child.isAlive() ? "\n" : " (ended)\n");
          lines
              .subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size())
              .forEach(line -> text.append(line).append('\n'));
        });
    return text.toString();
  }

  /** Waits until a table has rows. */
  void awaitRows(String table) {
    await("rows in " + table)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> !sql().run("SELECT count() FROM " + table, "TSV").strip().equals("0"));
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  TopicSerdes serdes() {
    return serdes;
  }

  SqlClient sql() {
    return new SqlClient(clickHouse.httpUrl(), ChainSettings.DATABASE);
  }

  @Override
  public void close() {
    children.forEach((part, child) -> child.close());
    producer.close(Duration.ofSeconds(5));
    serdes.close();
    admin.close();
    clickHouse.close();
    registry.close();
    kafka.close();
  }
}
