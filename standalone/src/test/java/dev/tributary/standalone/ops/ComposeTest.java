package dev.tributary.standalone.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.console.ConsoleConfig;
import dev.tributary.console.ConsoleMain;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.sink.clickhouse.SinkConfig;
import dev.tributary.sink.clickhouse.SinkMain;
import dev.tributary.standalone.TributaryMain;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code docker-compose.yml} and {@code Dockerfile}, as far as that goes without Docker. */
class ComposeTest {
  private static final String STATE = "/var/lib/tributary/state";

  private final ComposeFile compose;

  ComposeTest() throws IOException {
    compose = ComposeFile.read();
  }

  @Test
  void commands_areMainClasses() throws ReflectiveOperationException {
    assertThat(compose.applications())
        .containsOnlyKeys(
            "tool",
            "reference",
            "normalize",
            "attribution",
            "cost",
            "anomaly",
            "eval-dispatch",
            "eval-worker",
            "sink",
            "alerts",
            "console");
    for (JsonNode service : compose.applications().values()) {
      int modifiers =
          ComposeFile.mainClass(service).getMethod("main", String[].class).getModifiers();
      assertThat(Modifier.isStatic(modifiers) && Modifier.isPublic(modifiers))
          .as("%s", service.path("command"))
          .isTrue();
    }
  }

  @Test
  void toolCommands_areUnderstood() throws ReflectiveOperationException {
    for (JsonNode service : compose.applications().values()) {
      if (ComposeFile.mainClass(service) != TributaryMain.class || service.has("profiles")) {
        continue;
      }
      List<String> arguments = new ArrayList<>();
      service.path("command").forEach(word -> arguments.add(word.asText()));
      CommandLine.ParseResult parsed =
          new CommandLine(TributaryMain.class)
              .parseArgs(arguments.subList(1, arguments.size()).toArray(String[]::new));
      assertThat(parsed.subcommand().subcommand().commandSpec().name()).isEqualTo("publish");
    }
  }

  @Test
  void variables_areSettingsOfTheirApplication() throws ReflectiveOperationException {
    for (Map.Entry<String, JsonNode> service : clientsOfKafka().entrySet()) {
      Settings settings = ComposeFile.settings(service.getValue());
      assertThat(settings.get(CommonSettings.BOOTSTRAP_SERVERS))
          .as(service.getKey())
          .isEqualTo("kafka:9092");
      assertThat(settings.get(CommonSettings.REGISTRY_URL))
          .as(service.getKey())
          .containsExactly("http://registry:8080/apis/ccompat/v7");
    }
  }

  /** All but the console, which reads ClickHouse alone. */
  private Map<String, JsonNode> clientsOfKafka() throws ReflectiveOperationException {
    Map<String, JsonNode> clients = compose.applications();
    for (Map.Entry<String, JsonNode> service : compose.applications().entrySet()) {
      if (ComposeFile.mainClass(service.getValue()) == ConsoleMain.class) {
        clients.remove(service.getKey());
      }
    }
    return clients;
  }

  @Test
  void console_readsTheSinksDatabase_andIsPublishedOnThisHostOnly() throws Exception {
    JsonNode console = compose.services().get("console");
    Settings settings = ComposeFile.settings(console);
    Settings sink = ComposeFile.settings(compose.services().get("sink"));

    assertThat(settings.get(ConsoleConfig.CLICKHOUSE_URL)).isEqualTo(sink.get(SinkConfig.URL));
    assertThat(settings.get(ConsoleConfig.CLICKHOUSE_USER)).isEqualTo(sink.get(SinkConfig.USER));
    assertThat(settings.get(ConsoleConfig.CLICKHOUSE_PASSWORD))
        .isEqualTo(sink.get(SinkConfig.PASSWORD));
    assertThat(settings.get(ConsoleConfig.DATABASE)).isEqualTo(sink.get(SinkConfig.DATABASE));
    String port = ":" + settings.get(ConsoleConfig.PORT);
    assertThat(console.path("ports").path(0).asText()).isEqualTo("127.0.0.1" + port + port);
  }

  /** The runbook's commands, on this stack: the same Kafka, ClickHouse and secret as the rest. */
  @Test
  void tool_reachesWhatTheOthersReach_andStartsByHandOnly() {
    JsonNode tool = compose.services().get("tool");
    Map<String, String> environment = ComposeFile.environment(tool);
    assertThat(environment)
        .containsAllEntriesOf(ComposeFile.environment(compose.services().get("sink")))
        .containsEntry(
            "TRIBUTARY_NORMALIZE_USER_SECRET",
            ComposeFile.environment(compose.services().get("normalize"))
                .get("TRIBUTARY_NORMALIZE_USER_SECRET"));
    assertThat(tool.path("profiles").path(0).asText()).isEqualTo("tool");
    assertThat(tool.path("restart").asText()).isEqualTo("no");
  }

  /** The negative control: what the test above would catch. */
  @Test
  void streamsSetting_isUnknownToTheSink() throws ReflectiveOperationException {
    Set<String> sink = new HashSet<>();
    Applications.known(SinkMain.class).forEach(setting -> sink.add(setting.environmentName()));
    assertThat(sink).doesNotContain(CommonSettings.STATE_DIR.environmentName());
    assertThat(ComposeFile.environment(compose.services().get("sink")).keySet())
        .filteredOn(name -> name.startsWith("TRIBUTARY_"))
        .isSubsetOf(sink);
  }

  @Test
  void startOrder_waitsForWhatCanBeWaitedFor() throws ReflectiveOperationException {
    Map<String, JsonNode> services = compose.services();
    services.forEach(
        (name, service) ->
            service
                .path("depends_on")
                .properties()
                .forEach(
                    need -> {
                      String what = name + " needs " + need.getKey();
                      assertThat(services).as(what).containsKey(need.getKey());
                      JsonNode other = services.get(need.getKey());
                      switch (need.getValue().path("condition").asText()) {
                        case "service_healthy" ->
                            assertThat(other.has("healthcheck")).as(what).isTrue();
                        case "service_completed_successfully" ->
                            assertThat(other.path("restart").asText("no")).as(what).isEqualTo("no");
                        default -> throw new AssertionError(what + " without a condition");
                      }
                    }));
    services.keySet().forEach(name -> assertNoCycle(name, services, new HashSet<>()));
    assertThat(services.get("attribution").path("depends_on").has("reference")).isTrue();
    clientsOfKafka()
        .forEach((name, service) -> assertThat(service.path("depends_on").has("topics")).isTrue());
  }

  private static void assertNoCycle(String name, Map<String, JsonNode> services, Set<String> path) {
    assertThat(path.add(name)).as("%s depends on itself by way of %s", name, path).isTrue();
    services
        .get(name)
        .path("depends_on")
        .fieldNames()
        .forEachRemaining(need -> assertNoCycle(need, services, new HashSet<>(path)));
  }

  @Test
  void volumes_exist() {
    Set<String> declared = new TreeSet<>();
    compose.root().path("volumes").fieldNames().forEachRemaining(declared::add);
    Set<String> used = new TreeSet<>();
    compose
        .services()
        .forEach(
            (name, service) ->
                service
                    .path("volumes")
                    .forEach(
                        volume -> {
                          String source = volume.asText().split(":", 3)[0];
                          if (source.startsWith("./")) {
                            assertThat(Files.exists(OpsFiles.path(source)))
                                .as("%s mounts %s", name, source)
                                .isTrue();
                          } else {
                            used.add(source);
                          }
                        }));
    assertThat(used).isEqualTo(declared);
  }

  @Test
  void streamApplications_keepTheirStateOnAVolumeOfTheirOwn() throws Exception {
    Map<String, String> volumes = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : compose.lastingApplications().entrySet()) {
      Class<?> mainClass = ComposeFile.mainClass(entry.getValue());
      if (!Applications.isStreams(mainClass)) {
        continue;
      }
      assertThat(ComposeFile.settings(entry.getValue()).get(CommonSettings.STATE_DIR))
          .isEqualTo(STATE);
      String volume = entry.getKey() + "-state";
      assertThat(entry.getValue().path("volumes").path(0).asText()).isEqualTo(volume + ":" + STATE);
      volumes.put(volume, entry.getKey());
    }
    assertThat(volumes).hasSize(5);
    assertThat(Files.readString(OpsFiles.path("Dockerfile")))
        .contains("install -d -o tributary -g tributary " + STATE);
  }

  @Test
  void images_arePinned() {
    compose
        .services()
        .forEach(
            (name, service) ->
                assertThat(service.path("image").asText())
                    .as(name)
                    .matches(".+:v?\\d+\\.\\d+\\.\\d.*"));
  }

  @Test
  void recordSizes_fitTheBroker() throws Exception {
    long broker =
        compose
            .services()
            .get("kafka")
            .path("environment")
            .path("KAFKA_MESSAGE_MAX_BYTES")
            .asLong();
    JsonNode exporter = OpsFiles.yaml("ops/collector/config.yaml").path("exporters").path("kafka");
    long message = exporter.path("producer").path("max_message_bytes").asLong();
    long batch = exporter.path("sending_queue").path("batch").path("max_size").asLong();

    assertThat(batch).isPositive().isLessThan(message);
    assertThat(message + CommonSettings.RECORD_OVERHEAD).isLessThan(broker);
    for (JsonNode service : clientsOfKafka().values()) {
      assertThat(ComposeFile.settings(service).get(CommonSettings.MAX_RECORD_SIZE))
          .isLessThanOrEqualTo(broker);
    }
  }

  @Test
  void prometheus_scrapesEveryApplication() throws Exception {
    Set<String> expected = new TreeSet<>();
    for (Map.Entry<String, JsonNode> entry : compose.lastingApplications().entrySet()) {
      assertThat(ComposeFile.mainClass(entry.getValue())).isNotEqualTo(TributaryMain.class);
      int port = ComposeFile.settings(entry.getValue()).get(CommonSettings.HEALTH_PORT);
      expected.add(entry.getKey() + ":" + port);
      assertThat(Files.readString(OpsFiles.path("Dockerfile")))
          .contains("EXPOSE " + port)
          .contains("/dev/tcp/127.0.0.1/" + port);
    }
    Set<String> scraped = new TreeSet<>();
    OpsFiles.yaml("ops/prometheus/prometheus.yml")
        .path("scrape_configs")
        .findValues("targets")
        .forEach(targets -> targets.forEach(target -> scraped.add(target.asText())));
    assertThat(scraped).isEqualTo(expected);
  }

  @Test
  void file_isAcceptedByDockerCompose() throws Exception {
    Tool compose = Tool.dockerCompose(OpsFiles.path("."));
    Tool.Ended ended = compose.run(OpsFiles.path("."), "-f", ComposeFile.NAME, "config", "--quiet");
    assertThat(ended.status()).as(ended.output()).isZero();
  }
}
