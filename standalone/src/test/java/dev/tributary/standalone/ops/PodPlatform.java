package dev.tributary.standalone.ops;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tributary.embedded.clickhouse.ChdbLibrary;
import dev.tributary.embedded.clickhouse.EmbeddedClickHouse;
import dev.tributary.embedded.kafka.EmbeddedBroker;
import dev.tributary.embedded.registry.EmbeddedRegistry;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.run.TopicAdmin;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;

/** What pods find on a cluster: Kafka, a registry and ClickHouse, and maps that say where. */
final class PodPlatform implements AutoCloseable {
  private static final String PASSWORD = "a password";

  /** Of topics that may be scaled: what a machine does for twelve at once says nothing more. */
  private static final int PARTITIONS = 2;

  /** With what is required alone. */
  static final Map<String, Map<String, String>> SECRETS =
      Map.of("tributary", Map.of("clickhouse-password", PASSWORD));

  private final EmbeddedBroker broker;
  private final EmbeddedRegistry registry;
  private final EmbeddedClickHouse clickHouse;

  private PodPlatform(Path folder) {
    broker = EmbeddedBroker.start(new EmbeddedBroker.Options(folder.resolve("kafka"), 0));
    registry = EmbeddedRegistry.start(new EmbeddedRegistry.Options(folder.resolve("registry"), 0));
    EmbeddedClickHouse.Options any = EmbeddedClickHouse.Options.at(folder.resolve("clickhouse"));
    clickHouse =
        EmbeddedClickHouse.start(
            new EmbeddedClickHouse.Options(
                any.dataDir(),
                any.port(),
                "tributary",
                PASSWORD,
                any.maxMemoryBytes(),
                any.maxStatements(),
                any.library(),
                any.startTimeout(),
                any.patience()));
  }

  /** Starts all three; skips the test where the engine cannot run. */
  static PodPlatform start(Path folder) {
    String reason = ChdbLibrary.unsupportedReason().orElse("");
    assumeTrue(reason.isEmpty(), reason);
    return new PodPlatform(folder);
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** The catalogue, on one broker and in fewer partitions. */
  void createTopics() {
    try (TopicAdmin admin =
        new TopicAdmin(
            Admin.create(Map.of("bootstrap.servers", bootstrapServers())),
            TopicNames.PLAIN,
            1,
            PARTITIONS)) {
      admin.create(Topics.all());
    }
  }

  /** The maps with the addresses that are here, and one copy on one broker. */
  Map<String, Map<String, String>> configMaps(Map<String, Map<String, String>> manifests) {
    Map<String, Map<String, String>> here = new HashMap<>(manifests);
    replace(
        here,
        "tributary-kafka",
        Map.of(
            "TRIBUTARY_BROKER_BOOTSTRAP_SERVERS", bootstrapServers(),
            "TRIBUTARY_REGISTRY_URL", registry.url(),
            "TRIBUTARY_TOPICS_REPLICATION_FACTOR", "1"));
    replace(here, "tributary-addresses", Map.of("clickhouse-url", clickHouse.httpUrl().toString()));
    // Not in the manifests, which leave the catalogue's count.
    here.get("tributary-kafka")
        .put(CommonSettings.PARTITIONS.environmentName(), Integer.toString(PARTITIONS));
    return here;
  }

  private static void replace(
      Map<String, Map<String, String>> maps, String name, Map<String, String> values) {
    Map<String, String> data = new HashMap<>(maps.getOrDefault(name, Map.of()));
    values.forEach(
        (key, value) -> {
          if (data.replace(key, value) == null) {
            throw new IllegalArgumentException(name + " has no " + key);
          }
        });
    maps.put(name, data);
  }

  /** What the image hands to every JVM. */
  static String imageOptions() throws IOException {
    Matcher options =
        Pattern.compile("ENV JAVA_TOOL_OPTIONS=\"([^\"]*)\"")
            .matcher(Files.readString(OpsFiles.path("Dockerfile")));
    if (!options.find()) {
      throw new IllegalStateException("the image sets no JAVA_TOOL_OPTIONS");
    }
    return options.group(1);
  }

  /** A process with this environment and no other. */
  static Process process(List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Ports that nobody has now, all different. */
  static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      List<Integer> ports = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(socket);
        ports.add(socket.getLocalPort());
      }
      return ports;
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  @Override
  public void close() {
    clickHouse.close();
    registry.close();
    broker.close();
  }
}
