package dev.tributary.runtime.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.awaitility.Awaitility;

/**
 * Three brokers and a controller, each a process as Kafka itself starts it, to be killed one by
 * one. Topics that name no number of replicas have three; how many must be in sync is Kafka's own
 * default, one, where a topic does not say.
 */
public final class ReplicatedKafka implements AutoCloseable {
  /** How many brokers there are: 0 to 2. */
  public static final int BROKERS = 3;

  private static final int CONTROLLER = BROKERS;
  private static final String HOST = "127.0.0.1";
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Path folder;
  private final String clusterId = Uuid.randomUuid().toString();
  private final List<Integer> ports;
  private final List<ChildProcess> nodes = new ArrayList<>();

  private ReplicatedKafka(Path folder) {
    this.folder = folder;
    this.ports = freePorts(BROKERS + 1);
  }

  /**
   * Starts all and waits until they serve.
   *
   * @param folder gets their data; the caller removes it
   */
  public static ReplicatedKafka start(Path folder) throws InterruptedException {
    ReplicatedKafka kafka = new ReplicatedKafka(folder);
    try {
      kafka.format(IntStream.rangeClosed(0, CONTROLLER).boxed().toList());
      for (int node = 0; node <= CONTROLLER; node++) {
        kafka.nodes.add(kafka.launch(node));
      }
      kafka.awaitServing(IntStream.range(0, BROKERS).boxed().toList());
      return kafka;
    } catch (RuntimeException | AssertionError e) {
      kafka.close();
      throw e;
    }
  }

  /** Addresses of all brokers, also of those that are away. */
  public String bootstrapServers() {
    return ports.subList(0, BROKERS).stream()
        .map(port -> HOST + ":" + port)
        .collect(Collectors.joining(","));
  }

  /** SIGKILL. */
  public void kill(int broker) throws InterruptedException {
    nodes.get(broker).kill();
  }

  /** SIGTERM, as at a host's maintenance: it hands over what it leads, and ends. */
  public void stop(int broker) throws InterruptedException {
    nodes.get(broker).terminate();
    nodes.get(broker).awaitExit(PATIENCE);
  }

  /** SIGKILL, and its disk is gone too: it comes back with an empty one. */
  public void killWithItsDisk(int broker) throws InterruptedException {
    kill(broker);
    try (Stream<Path> files = Files.walk(data(broker))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    format(List.of(broker));
  }

  /** Starts those that were killed, and waits until they serve. */
  public void restart(List<Integer> brokers) {
    brokers.forEach(broker -> nodes.set(broker, launch(broker)));
    awaitServing(brokers);
  }

  private void awaitServing(List<Integer> brokers) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      Awaitility.await("brokers " + brokers)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(200))
          .ignoreExceptionsInstanceOf(ExecutionException.class)
          .until(() -> serving(admin).containsAll(brokers));
    }
  }

  private List<Integer> serving(Admin admin) throws ExecutionException, InterruptedException {
    for (ChildProcess node : nodes) {
      if (node.output().contains("fatal")) {
        throw new IllegalStateException("a broker does not start:\n" + node.output());
      }
    }
    return admin.describeCluster().nodes().get().stream().map(Node::id).toList();
  }

  private ChildProcess launch(int node) {
    return ChildProcess.start(
        Kafka.class, List.of("-Xmx192m"), Map.of(), properties(node).toString());
  }

  private void format(List<Integer> which) throws InterruptedException {
    List<ChildProcess> tools = new ArrayList<>();
    for (int node : which) {
      write(node);
      tools.add(
          ChildProcess.start(
              StorageTool.class, "format", "-t", clusterId, "-c", properties(node).toString()));
    }
    for (ChildProcess tool : tools) {
      if (tool.awaitExit(PATIENCE) != 0) {
        throw new IllegalStateException("cannot format a broker's folder:\n" + tool.output());
      }
    }
  }

  private Path data(int node) {
    return folder.resolve("node-" + node);
  }

  private Path properties(int node) {
    return folder.resolve("node-" + node + ".properties");
  }

  private void write(int node) {
    Properties all = new Properties();
    all.putAll(
        Map.of(
            "node.id",
            Integer.toString(node),
            "log.dirs",
            data(node).toString(),
            "controller.quorum.voters",
            CONTROLLER + "@" + HOST + ":" + ports.get(CONTROLLER),
            "controller.listener.names",
            "CONTROLLER",
            "listener.security.protocol.map",
            "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            "auto.create.topics.enable",
            "false",
            "group.initial.rebalance.delay.ms",
            "0",
            "log.segment.bytes",
            Integer.toString(16 << 20),
            "log.index.size.max.bytes",
            Integer.toString(1 << 20)));
    all.putAll(
        Map.of(
            "default.replication.factor", Integer.toString(BROKERS),
            "offsets.topic.replication.factor", Integer.toString(BROKERS),
            "offsets.topic.num.partitions", "3",
            "transaction.state.log.replication.factor", Integer.toString(BROKERS),
            "transaction.state.log.min.isr", "2",
            "transaction.state.log.num.partitions", "3",
            // A broker that is away is missed within seconds, as in nine by default.
            "broker.session.timeout.ms", "3000",
            "broker.heartbeat.interval.ms", "500",
            "replica.lag.time.max.ms", "3000",
            "log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20)));
    boolean isController = node == CONTROLLER;
    all.put("process.roles", isController ? "controller" : "broker");
    all.put(
        "listeners",
        (isController ? "CONTROLLER" : "PLAINTEXT") + "://" + HOST + ":" + ports.get(node));
    try {
      Files.createDirectories(folder);
      try (var writer = Files.newBufferedWriter(properties(node))) {
        all.store(writer, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Held all at once, so that no two are the same. */
  private static List<Integer> freePorts(int count) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getByName(HOST)));
      }
      List<Integer> ports = held.stream().map(ServerSocket::getLocalPort).toList();
      for (ServerSocket socket : held) {
        socket.close();
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    nodes.forEach(ChildProcess::close);
  }
}
