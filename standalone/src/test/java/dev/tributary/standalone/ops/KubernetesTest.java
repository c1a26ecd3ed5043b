package dev.tributary.standalone.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.alertrouter.AlertRouterConfig;
import dev.tributary.console.ConsoleConfig;
import dev.tributary.console.ConsoleMain;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Settings;
import dev.tributary.sink.clickhouse.SinkConfig;
import dev.tributary.standalone.TributaryMain;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code ops/kubernetes} as settings of our applications; {@link KubernetesPodsTest} the rest. */
class KubernetesTest {
  /** The secret that is made by hand, with every key that may be in it. */
  static final Map<String, Map<String, String>> SECRETS =
      Map.of(
          "tributary",
          Map.of(
              "clickhouse-password", "p",
              "user-secret", "a secret of thirty-two characters",
              "judge-api-key", "k",
              "console-user", "u",
              "console-password", "p"));

  private final Manifests manifests;
  private final ComposeFile compose;

  KubernetesTest() throws IOException {
    manifests = Manifests.read();
    compose = ComposeFile.read();
  }

  /** The negative control of reading: what a cluster would refuse, or worse, leave out. */
  @Test
  void misspeltField_andAnotherType_areRefused() throws IOException {
    String good = Files.readString(OpsFiles.path("ops/kubernetes/cost.yaml"));
    assertThat(Manifests.parse(good).workloads()).containsOnlyKeys("cost");

    for (String[] change :
        new String[][] {
          {"terminationGracePeriodSeconds: 45", "terminationGracePeriod: 45"},
          {"readOnlyRootFilesystem", "readonlyRootFilesystem"},
          {"failureThreshold: 3", "failureTreshold: 3"},
          {"replicas: 2", "replicas: \"2\""},
          {"value: \"1\"", "value: 1"},
          {"app.kubernetes.io/name: cost", "app.kubernetes.io/name: 1"}
        }) {
      assertThat(good).contains(change[0]);
      assertThatThrownBy(() -> Manifests.parse(good.replace(change[0], change[1])))
          .as(change[1])
          .isInstanceOf(JsonMappingException.class);
    }
  }

  @Test
  void everyFile_isListed() throws IOException {
    try (Stream<Path> files = Files.list(OpsFiles.path(Manifests.FOLDER))) {
      assertThat(Kustomization.read(Manifests.FOLDER).files())
          .containsExactlyInAnyOrderElementsOf(
              files
                  .map(file -> Manifests.FOLDER + "/" + file.getFileName())
                  .filter(file -> !file.endsWith("/kustomization.yaml"))
                  .toList());
    }
  }

  @Test
  void workloads_areThoseOfCompose() throws ReflectiveOperationException {
    assertThat(manifests.lastingWorkloads().keySet())
        .isEqualTo(compose.lastingApplications().keySet());
    Set<String> jobs = new TreeSet<>(manifests.workloads().keySet());
    jobs.removeAll(manifests.lastingWorkloads().keySet());
    assertThat(jobs).containsExactly("reference", "topics");

    for (Workload workload : own()) {
      JsonNode service = compose.applications().get(workload.name());
      assertThat(workload.container().getCommand()).as("the image's entry point").isEmpty();
      assertThat(workload.mainClass())
          .as(workload.name())
          .isEqualTo(ComposeFile.mainClass(service));
      workload.mainClass().getMethod("main", String[].class);
    }
  }

  @Test
  void reference_isACommandOfTheTool() {
    List<String> arguments = manifests.workloads().get("reference").container().getArgs();
    CommandLine.ParseResult parsed =
        new CommandLine(TributaryMain.class)
            .parseArgs(arguments.subList(1, arguments.size()).toArray(String[]::new));
    assertThat(parsed.subcommand().subcommand().commandSpec().name()).isEqualTo("publish");
  }

  @Test
  void variables_areSettingsOfTheirApplication() throws ReflectiveOperationException {
    Map<String, String> kafka = manifests.configMaps().get("tributary-kafka");
    for (Workload workload : own()) {
      Settings settings = settings(workload);
      if (workload.mainClass() == ConsoleMain.class) {
        continue;
      }
      assertThat(settings.get(CommonSettings.BOOTSTRAP_SERVERS))
          .as(workload.name())
          .isEqualTo(kafka.get("TRIBUTARY_BROKER_BOOTSTRAP_SERVERS"));
      assertThat(settings.get(CommonSettings.REGISTRY_URL))
          .as(workload.name())
          .containsExactly(kafka.get("TRIBUTARY_REGISTRY_URL"));
      assertThat(settings.get(CommonSettings.REPLICATION_FACTOR)).as(workload.name()).isEqualTo(3);
    }
  }

  @Test
  void whatComposeStates_isStatedHereToo() {
    for (Workload workload : own()) {
      assertThat(environment(workload))
          .as(workload.name())
          .containsKeys(
              ComposeFile.environment(compose.applications().get(workload.name())).keySet().stream()
                  .filter(name -> name.startsWith("TRIBUTARY_"))
                  .toArray(String[]::new));
    }
  }

  @Test
  void clickHouse_isOneServerAndDatabase() throws ReflectiveOperationException {
    Map<String, String> addresses = manifests.configMaps().get("tributary-addresses");
    Set<String> urls = new TreeSet<>();
    Set<String> databases = new TreeSet<>();
    for (Workload workload : own()) {
      environment(workload)
          .forEach(
              (name, value) -> {
                if (name.endsWith("_CLICKHOUSE_URL") || name.endsWith("_CONTENT_URL")) {
                  urls.add(value);
                } else if (name.endsWith("_DATABASE")) {
                  databases.add(value);
                }
              });
    }
    assertThat(urls).containsExactly(addresses.get("clickhouse-url"));
    assertThat(databases).containsExactly(addresses.get("clickhouse-database"));
    Workload sink = manifests.workloads().get("sink");
    assertThat(settings(sink).get(SinkConfig.URL).toString()).isIn(urls);
  }

  /** Routes are settings of any name: only the router itself says whether they can be used. */
  @Test
  void alerts_goToAlertmanagerUnlessATeamSaysMore() throws ReflectiveOperationException {
    Workload alerts = manifests.workloads().get("alerts");
    AlertRouterConfig.from(settings(alerts));
    Map<String, String> addresses = manifests.configMaps().get("tributary-addresses");
    assertThat(environment(alerts))
        .containsEntry("TRIBUTARY_ALERTS_ROUTE_AM_KIND", "alertmanager")
        .containsEntry("TRIBUTARY_ALERTS_ROUTE_AM_URL", addresses.get("alertmanager-url"))
        .containsEntry("TRIBUTARY_ALERTS_DEFAULT_ROUTES", "am");
  }

  /** With the required password alone, as the README's shortest command makes it. */
  @Test
  void optionalSecrets_mayBeMissing() throws ReflectiveOperationException {
    Map<String, Map<String, String>> least =
        Map.of("tributary", Map.of("clickhouse-password", "p"));
    for (Workload workload : own()) {
      Applications.settings(
          workload.mainClass(), workload.environment(manifests.configMaps(), least));
    }
    assertThatThrownBy(
            () ->
                manifests
                    .workloads()
                    .get("sink")
                    .environment(manifests.configMaps(), Map.of("tributary", Map.of())))
        .hasMessageContaining("sink needs clickhouse-password of tributary");
  }

  @Test
  void secrets_areMadeByHand_andEveryKeyIsDocumented() throws IOException {
    assertThat(manifests.objects()).noneMatch(object -> object.getKind().equals("Secret"));
    String readme = Files.readString(OpsFiles.path("ops/README.md"));
    for (Workload workload : manifests.workloads().values()) {
      workload
          .secretKeys()
          .forEach(key -> assertThat(readme).containsPattern("(`|--from-literal=)" + key + "[`=]"));
      workload.secretNames().forEach(name -> assertThat(readme).contains(" generic " + name + " "));
    }
    assertThat(SECRETS.get("tributary").keySet())
        .allSatisfy(key -> assertThat(readme).contains("`" + key + "`"));
  }

  /** As the optional secret of Kafka hands them over. */
  @Test
  void kafkaSecret_reachesTheClients() throws ReflectiveOperationException {
    Map<String, Map<String, String>> secrets = new HashMap<>(SECRETS);
    secrets.put("tributary-kafka", Map.of("TRIBUTARY_KAFKA_SECURITY_PROTOCOL", "SASL_SSL"));
    for (Workload workload : own()) {
      if (workload.mainClass() != ConsoleMain.class) {
        Settings settings =
            Applications.settings(
                workload.mainClass(), workload.environment(manifests.configMaps(), secrets));
        assertThat(settings.get(CommonSettings.KAFKA))
            .as(workload.name())
            .containsEntry("security.protocol", "SASL_SSL");
      }
    }
  }

  /** The README runs the tool in a pod of the sink. */
  @Test
  void tool_runsWithTheSinksEnvironment() throws ReflectiveOperationException {
    Workload sink = manifests.workloads().get("sink");
    Settings tool = Applications.settings(TributaryMain.class, environment(sink));
    assertThat(tool.get(SinkConfig.URL)).isEqualTo(settings(sink).get(SinkConfig.URL));
  }

  /** Kubernetes would add variables named after Services, which are settings, or none. */
  @Test
  void serviceLinks_areOff() {
    assertThat(manifests.workloads().values())
        .allSatisfy(
            workload ->
                assertThat(workload.pod().getEnableServiceLinks())
                    .as("%s", workload.name())
                    .isFalse());

    Map<String, String> linked = environment(manifests.workloads().get("console"));
    linked.put("TRIBUTARY_CONSOLE_PORT", "tcp://10.0.0.7:8080");
    linked.put("TRIBUTARY_CONSOLE_SERVICE_HOST", "10.0.0.7");
    assertThatThrownBy(() -> Applications.settings(ConsoleMain.class, linked))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("TRIBUTARY_CONSOLE_PORT")
        .hasMessageContaining("TRIBUTARY_CONSOLE_SERVICE_HOST");
  }

  @Test
  void console_isReachedWhereItsServicePoints() throws ReflectiveOperationException {
    Workload console = manifests.workloads().get("console");
    Settings settings = settings(console);
    assertThat(settings.get(ConsoleConfig.HOST)).isEqualTo("0.0.0.0");
    var port =
        manifests
            .of(io.fabric8.kubernetes.api.model.Service.class)
            .get("console")
            .getSpec()
            .getPorts()
            .get(0);
    assertThat(console.port(port.getTargetPort())).isEqualTo(settings.get(ConsoleConfig.PORT));
  }

  @Test
  void streamApplications_keepTheirStateOnAClaimOfTheirOwn() throws ReflectiveOperationException {
    for (Workload workload : own()) {
      assertThat(workload.object() instanceof StatefulSet)
          .as(workload.name())
          .isEqualTo(Applications.isStreams(workload.mainClass()));
      if (!(workload.object() instanceof StatefulSet set)) {
        continue;
      }
      assertThat(set.getSpec().getPodManagementPolicy()).isEqualTo("Parallel");
      assertThat(set.getSpec().getVolumeClaimTemplates()).hasSize(1);
      String claim = set.getSpec().getVolumeClaimTemplates().get(0).getMetadata().getName();
      assertThat(workload.container().getVolumeMounts())
          .filteredOn(mount -> mount.getName().equals(claim))
          .extracting(mount -> Path.of(mount.getMountPath()).toString())
          .containsExactly(settings(workload).get(CommonSettings.STATE_DIR).toString());
    }
  }

  @Test
  void topicsScript_isTheGeneratedOne() throws IOException {
    Workload topics = manifests.workloads().get("topics");
    var mount = topics.container().getVolumeMounts().get(0);
    String script = mount.getMountPath() + "/create-topics.sh";
    assertThat(topics.container().getCommand()).containsExactly("bash", script);
    String map =
        topics.pod().getVolumes().stream()
            .filter(volume -> volume.getName().equals(mount.getName()))
            .map(volume -> volume.getConfigMap().getName())
            .findFirst()
            .orElseThrow();
    assertThat(manifests.configMaps().get(map))
        .containsOnlyKeys("create-topics.sh")
        .containsValue(Files.readString(OpsFiles.path("ops/topics/create-topics.sh")));
    Map<String, String> environment = topics.environment(manifests.configMaps(), Map.of());
    assertThat(environment).containsOnlyKeys("BOOTSTRAP", "REPLICATION", "PATH", "LOG_DIR");
    assertThat(environment.get("PATH"))
        .isEqualTo(ComposeFile.environment(compose.services().get("topics")).get("PATH"));
  }

  @Test
  void images_areThoseOfCompose() throws IOException {
    String tag = Kustomization.read(Manifests.FOLDER).images().get("tributary");
    for (Workload workload : manifests.workloads().values()) {
      String image = workload.container().getImage() + (workload.isOwn() ? ":" + tag : "");
      assertThat(compose.services().get(workload.name()).path("image").asText())
          .as(workload.name())
          .isEqualTo(image);
    }
  }

  @Test
  void kustomize_makesTheSame() throws Exception {
    Tool.Ended ended = Tool.kubectl().run(OpsFiles.path("."), "kustomize", Manifests.FOLDER);
    assertThat(ended.status()).as(ended.output()).isZero();

    Manifests made = Manifests.parse(ended.output());
    assertThat(names(made)).isEqualTo(names(manifests));
    assertThat(made.objects())
        .filteredOn(object -> !object.getKind().equals("Namespace"))
        .allSatisfy(
            object -> assertThat(object.getMetadata().getNamespace()).isEqualTo("tributary"));
    for (Workload workload : made.workloads().values()) {
      // Refers to the maps by the names that they have there.
      workload.environment(made.configMaps(), SECRETS);
      assertThat(workload.container().getImage()).matches(".+:\\d+\\.\\d+\\.\\d+");
    }
  }

  private static Set<String> names(Manifests some) {
    Set<String> names = new TreeSet<>();
    for (HasMetadata object : some.objects()) {
      String name = object.getMetadata().getName();
      boolean isMap = object instanceof ConfigMap;
      names.add(object.getKind() + " " + (isMap ? name.replaceFirst("-[a-z0-9]{10}$", "") : name));
    }
    return names;
  }

  private List<Workload> own() {
    return manifests.workloads().values().stream().filter(Workload::isOwn).toList();
  }

  private Map<String, String> environment(Workload workload) {
    return workload.environment(manifests.configMaps(), SECRETS);
  }

  private Settings settings(Workload workload) throws ReflectiveOperationException {
    return Applications.settings(workload.mainClass(), environment(workload));
  }
}
