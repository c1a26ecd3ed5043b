package dev.tributary.standalone.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The containers of {@code ops/kubernetes} as processes of this machine: command, environment and
 * heap as their manifests say, on a broker, a registry and a ClickHouse of the test.
 */
class KubernetesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(180);

  /** What Java answers to SIGTERM. */
  private static final int TERMINATED = 143;

  private static final int CONFIGURATION = 2;

  @TempDir static Path folder;

  private static PodPlatform platform;
  private static boolean hasReadOnlyRoot;

  private final Manifests manifests;

  KubernetesIT() throws IOException {
    manifests = Manifests.read();
  }

  @BeforeAll
  static void startPlatform() throws Exception {
    hasReadOnlyRoot = ReadOnlyRoot.isPossible(Files.createTempDirectory(folder, "volume"));
    platform = PodPlatform.start(folder);
  }

  @AfterAll
  static void stopPlatform() {
    if (platform != null) {
      platform.close();
    }
  }

  @Test
  void containers_getReady_andEndWhenTheyAreTold() throws Exception {
    createTopics();
    try (ChildProcess reference = start(manifests.workloads().get("reference"), Map.of())) {
      assertThat(reference.awaitExit(PATIENCE)).as(reference.output()).isZero();
    }
    Map<Workload, ChildProcess> children = new LinkedHashMap<>();
    Map<Workload, Integer> ports = new LinkedHashMap<>();
    try {
      List<Integer> free = PodPlatform.freePorts(1 + manifests.lastingWorkloads().size());
      for (Workload workload : manifests.lastingWorkloads().values()) {
        int port = free.get(1 + ports.size());
        ports.put(workload, port);
        children.put(workload, start(workload, ports(workload, port, free.get(0))));
      }
      children.forEach((workload, child) -> awaitReady(workload, child, ports.get(workload)));
      children.values().forEach(ChildProcess::terminate);
      for (Map.Entry<Workload, ChildProcess> entry : children.entrySet()) {
        long graceS = entry.getKey().pod().getTerminationGracePeriodSeconds();
        assertThat(entry.getValue().awaitExit(Duration.ofSeconds(graceS)))
            .as("%s:%n%s", entry.getKey().name(), entry.getValue().output())
            .isEqualTo(TERMINATED);
      }
    } finally {
      children.values().forEach(ChildProcess::close);
    }
  }

  /** The negative control: a variable that its application does not know ends it. */
  @Test
  void variableOfAnotherApplication_endsTheContainer() throws Exception {
    Map<String, String> strange = Map.of(CommonSettings.STATE_DIR.environmentName(), "/tmp");
    try (ChildProcess alerts = start(manifests.workloads().get("alerts"), strange)) {
      assertThat(alerts.awaitExit(PATIENCE)).as(alerts.output()).isEqualTo(CONFIGURATION);
      assertThat(alerts.output()).contains("TRIBUTARY_STREAMS_STATE_DIR");
    }
  }

  /** The job's own command, with a program in place of Kafka's that writes down what it is told. */
  private void createTopics() throws Exception {
    Workload topics = manifests.workloads().get("topics");
    Path tools = Files.createDirectory(folder.resolve("tools"));
    Path told = folder.resolve("told");
    Path tool = tools.resolve("kafka-topics.sh");
    Files.writeString(tool, "#!/usr/bin/env bash\necho \"$@\" >> '" + told + "'\n");
    assertThat(tool.toFile().setExecutable(true)).isTrue();

    Map<String, String> environment = environment(topics);
    environment.put("PATH", tools + ":" + environment.get("PATH"));
    List<String> command = topics.container().getCommand();
    String script = OpsFiles.path("." + command.get(1)).toString();
    Process process = PodPlatform.process(List.of(command.get(0), script), environment);
    assertThat(process.waitFor()).isZero();

    Set<String> named = new TreeSet<>();
    for (String line : Files.readAllLines(told)) {
      assertThat(line)
          .startsWith("--bootstrap-server " + platform.bootstrapServers() + " --create ")
          .contains("--replication-factor 1 ")
          .doesNotContain("--command-config");
      named.add(line.replaceFirst(".* --topic (\\S+) .*", "$1"));
    }
    assertThat(named).containsExactlyInAnyOrderElementsOf(names());
    platform.createTopics();
  }

  private static List<String> names() {
    return Topics.all().stream().map(Topic::name).toList();
  }

  private void awaitReady(Workload workload, ChildProcess child, int port) {
    Probe probe = workload.container().getReadinessProbe();
    URI address = URI.create("http://127.0.0.1:" + port + probe.getHttpGet().getPath());
    HttpClient client = HttpClient.newHttpClient();
    await(workload.name() + " is ready")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptionsInstanceOf(IOException.class)
        .failFast(
            workload.name() + " ended",
            () -> assertThat(child.isAlive()).as(child.output()).isTrue())
        .until(
            () ->
                client
                        .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                        .statusCode()
                    == 200);
  }

  /** On one machine every process needs ports of its own. */
  private static Map<String, String> ports(Workload workload, int health, int pages) {
    Map<String, String> changed = new LinkedHashMap<>();
    changed.put(CommonSettings.HEALTH_PORT.environmentName(), Integer.toString(health));
    if (workload.name().equals("console")) {
      changed.put("TRIBUTARY_CONSOLE_PORT", Integer.toString(pages));
    }
    return changed;
  }

  private Map<String, String> environment(Workload workload) {
    return new LinkedHashMap<>(
        workload.environment(platform.configMaps(manifests.configMaps()), PodPlatform.SECRETS));
  }

  /** Where that can be had, it may write to its volumes only, as its read-only root says. */
  private ChildProcess start(Workload workload, Map<String, String> changed) throws Exception {
    Map<String, String> environment = environment(workload);
    environment.putAll(changed);
    environment.put("JAVA_TOOL_OPTIONS", PodPlatform.imageOptions());
    Path tmp = Files.createTempDirectory(folder, "tmp-" + workload.name());
    List<Path> writable = new ArrayList<>(List.of(tmp));
    if (workload.object() instanceof StatefulSet) {
      Path state = Files.createTempDirectory(folder, "state-" + workload.name());
      environment.put(CommonSettings.STATE_DIR.environmentName(), state.toString());
      writable.add(state);
    }
    List<String> arguments = workload.container().getArgs();
    return ChildProcess.startUnder(
        hasReadOnlyRoot ? ReadOnlyRoot.launcher(writable) : List.of(),
        workload.mainClass(),
        List.of("-Xmx" + workload.memoryLimit() / 2, "-Djava.io.tmpdir=" + tmp),
        environment,
        arguments.subList(1, arguments.size()).toArray(String[]::new));
  }
}
