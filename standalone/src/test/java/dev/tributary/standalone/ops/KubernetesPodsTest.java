package dev.tributary.standalone.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.anomaly.AnomalyMain;
import dev.tributary.cost.CostMain;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.health.Health;
import dev.tributary.runtime.health.HealthServer;
import dev.tributary.runtime.run.RunningApp;
import dev.tributary.runtime.run.RunningClient;
import dev.tributary.sink.clickhouse.SinkConfig;
import dev.tributary.sink.clickhouse.SinkMain;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code ops/kubernetes} asks of a cluster: labels, probes, volumes, rights, memory. */
class KubernetesPodsTest {
  private static final String COMPONENT = "app.kubernetes.io/component";
  private static final String PART_OF = "app.kubernetes.io/part-of";

  private final Manifests manifests;
  private final String readme;

  KubernetesPodsTest() throws IOException {
    manifests = Manifests.read();
    readme = Files.readString(OpsFiles.path("ops/README.md"));
  }

  @Test
  void labels_sayWhatEachIs() {
    assertThat(manifests.objects())
        .allSatisfy(
            object ->
                assertThat(object.getMetadata().getLabels()).containsEntry(PART_OF, "tributary"));
    for (Workload workload : manifests.workloads().values()) {
      boolean lasts = manifests.lastingWorkloads().containsKey(workload.name());
      assertThat(workload.podLabels())
          .as(workload.name())
          .isEqualTo(workload.object().getMetadata().getLabels())
          .containsEntry("app.kubernetes.io/name", workload.name())
          .containsEntry(COMPONENT, lasts ? "application" : "setup");
    }
    // The first of two commands creates these and the jobs, and nothing else.
    manifests
        .of(io.fabric8.kubernetes.api.model.ConfigMap.class)
        .values()
        .forEach(
            map -> assertThat(map.getMetadata().getLabels()).containsEntry(COMPONENT, "settings"));
  }

  @Test
  void selectors_matchTheirOwnPodsAndNoOthers() {
    for (Workload workload : manifests.lastingWorkloads().values()) {
      assertThat(selected(workload.selector().getMatchLabels())).containsExactly(workload.name());
    }
    assertThat(selected(service("console").getSpec().getSelector())).containsExactly("console");
  }

  @Test
  void metrics_areOfEveryApplication() throws Exception {
    Service metrics = service("metrics");
    Set<String> lasting = manifests.lastingWorkloads().keySet();
    assertThat(selected(metrics.getSpec().getSelector())).isEqualTo(lasting);
    assertThat(metrics.getSpec().getClusterIP()).as("headless").isEqualTo("None");
    assertThat(manifests.of(StatefulSet.class).values())
        .allSatisfy(set -> assertThat(set.getSpec().getServiceName()).isEqualTo("metrics"));
    for (Workload workload : manifests.lastingWorkloads().values()) {
      assertThat(workload.port(metrics.getSpec().getPorts().get(0).getTargetPort()))
          .isEqualTo(settings(workload).get(CommonSettings.HEALTH_PORT));
    }
  }

  @Test
  void prometheus_findsThePods() throws IOException {
    JsonNode here = OpsFiles.yaml("ops/prometheus/kubernetes.yml");
    JsonNode compose = OpsFiles.yaml("ops/prometheus/prometheus.yml");
    JsonNode job = here.path("scrape_configs").path(0);
    assertThat(job.path("job_name"))
        .isEqualTo(compose.path("scrape_configs").path(0).path("job_name"));
    assertThat(here.path("rule_files")).isEqualTo(compose.path("rule_files"));

    Service metrics = service("metrics");
    assertThat(job.path("dns_sd_configs").path(0).path("names").path(0).asText())
        .isEqualTo(
            "_%s._tcp.%s.%s.svc.cluster.local",
            metrics.getSpec().getPorts().get(0).getName(),
            metrics.getMetadata().getName(),
            Kustomization.read(Manifests.FOLDER).namespace());
    assertThat(job.path("dns_sd_configs").path(0).path("type").asText()).isEqualTo("SRV");
    assertThat(metrics.getSpec().getPublishNotReadyAddresses()).isTrue();
    assertThat("http://" + here.at("/alerting/alertmanagers/0/static_configs/0/targets/0").asText())
        .isEqualTo(manifests.configMaps().get("tributary-addresses").get("alertmanager-url"));
  }

  @Test
  void disruptions_leaveOneOfEach() {
    Map<String, PodDisruptionBudget> budgets = manifests.of(PodDisruptionBudget.class);
    assertThat(budgets.keySet()).isEqualTo(manifests.lastingWorkloads().keySet());
    budgets.forEach(
        (name, budget) -> {
          assertThat(selected(budget.getSpec().getSelector().getMatchLabels()))
              .containsExactly(name);
          assertThat(budget.getSpec().getMaxUnavailable().getIntVal())
              .isLessThan(manifests.workloads().get(name).replicas());
          boolean isStateless = manifests.workloads().get(name).object() instanceof Deployment;
          assertThat(budget.getSpec().getUnhealthyPodEvictionPolicy())
              .as(name)
              .isEqualTo(isStateless ? "AlwaysAllow" : null);
        });
  }

  /** A standby needs an instance to be on. */
  @Test
  void standbys_haveAnInstanceToBeOn() throws ReflectiveOperationException {
    for (Workload workload : manifests.lastingWorkloads().values()) {
      if (Applications.isStreams(workload.mainClass())) {
        assertThat(settings(workload).get(CommonSettings.STANDBY_REPLICAS))
            .as(workload.name())
            .isLessThan(workload.replicas());
      }
    }
  }

  /** Their READMEs: all old instances are stopped before the first new one starts. */
  @Test
  void versionsThatDoNotMix_areNotRolled() throws Exception {
    Set<Class<?>> held = Set.of(AnomalyMain.class, CostMain.class);
    Set<String> names = new TreeSet<>();
    for (Workload workload : manifests.lastingWorkloads().values()) {
      if (workload.object() instanceof StatefulSet set) {
        var strategy = set.getSpec().getUpdateStrategy();
        assertThat(strategy != null && strategy.getType().equals("OnDelete"))
            .as(workload.name())
            .isEqualTo(held.contains(workload.mainClass()));
        if (held.contains(workload.mainClass())) {
          names.add(workload.name());
        }
      }
    }
    assertThat(readme).contains("for name in " + String.join(" ", names) + "; do");
  }

  @Test
  void commandsOfTheReadme_nameWhatIsThere() {
    Matcher named =
        Pattern.compile("\\b(statefulset|deploy|job|service)/([a-z-]+)").matcher(readme);
    Map<String, Set<String>> there =
        Map.of(
            "statefulset", manifests.of(StatefulSet.class).keySet(),
            "deploy", manifests.of(Deployment.class).keySet(),
            "job", manifests.of(Job.class).keySet(),
            "service", manifests.of(Service.class).keySet());
    Set<String> kinds = new TreeSet<>();
    while (named.find()) {
      kinds.add(named.group(1));
      assertThat(there.get(named.group(1))).as(named.group()).contains(named.group(2));
    }
    assertThat(kinds).isEqualTo(new TreeSet<>(there.keySet()));
  }

  /** Of pods themselves a command that comes before they are made would find none. */
  @Test
  void readme_waitsForAllInstances() {
    Matcher waited =
        Pattern.compile("readyReplicas}'=(\\d+) statefulset,deployment").matcher(readme);
    assertThat(waited.find()).isTrue();
    for (Workload workload : manifests.lastingWorkloads().values()) {
      assertThat(workload.replicas())
          .as(workload.name())
          .isEqualTo(Integer.parseInt(waited.group(1)));
    }
  }

  @Test
  void probes_askWhatIsServed() throws Exception {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (HealthServer server = HealthServer.start("127.0.0.1", 0, meters)) {
      for (Workload workload : manifests.lastingWorkloads().values()) {
        var container = workload.container();
        for (Probe probe :
            List.of(
                container.getStartupProbe(),
                container.getLivenessProbe(),
                container.getReadinessProbe())) {
          assertThat(workload.port(probe.getHttpGet().getPort()))
              .isEqualTo(settings(workload).get(CommonSettings.HEALTH_PORT));
        }
        // While it restores: nothing may end it, and nothing may be sent to it.
        server.register("application", () -> Health.starting("state REBALANCING"));
        assertThat(answer(server, container.getStartupProbe())).isEqualTo(200);
        assertThat(answer(server, container.getLivenessProbe())).isEqualTo(200);
        assertThat(answer(server, container.getReadinessProbe())).isEqualTo(503);
        server.register("application", () -> Health.up("state RUNNING"));
        assertThat(answer(server, container.getReadinessProbe())).isEqualTo(200);
        server.register("application", () -> Health.dead("state ERROR"));
        assertThat(answer(server, container.getLivenessProbe())).isEqualTo(503);
      }
    }
  }

  private static int answer(HealthServer server, Probe probe)
      throws IOException, InterruptedException {
    URI address = URI.create("http://127.0.0.1:" + server.port() + probe.getHttpGet().getPath());
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void grace_isLongerThanAnEndTakes_andThatOfCompose() throws IOException {
    String grace = ComposeFile.read().services().get("sink").path("stop_grace_period").asText();
    for (Workload workload : manifests.lastingWorkloads().values()) {
      assertThat(workload.pod().getTerminationGracePeriodSeconds() + "s")
          .as(workload.name())
          .isEqualTo(grace);
      assertThat(Duration.ofSeconds(workload.pod().getTerminationGracePeriodSeconds()))
          .as(workload.name())
          .isGreaterThan(RunningApp.CLOSE_TIMEOUT)
          .isGreaterThan(RunningClient.LONGEST_CLOSE);
    }
  }

  @Test
  void volumes_areThoseThatAreMounted() {
    for (Workload workload : manifests.workloads().values()) {
      Set<String> there = new TreeSet<>();
      workload.pod().getVolumes().forEach(volume -> there.add(volume.getName()));
      if (workload.object() instanceof StatefulSet set) {
        set.getSpec()
            .getVolumeClaimTemplates()
            .forEach(claim -> there.add(claim.getMetadata().getName()));
      }
      Set<String> mounted = new TreeSet<>();
      workload.container().getVolumeMounts().forEach(mount -> mounted.add(mount.getName()));
      assertThat(mounted).as(workload.name()).isEqualTo(there).contains("tmp");
    }
  }

  /** Pod Security Standards, "restricted", which the namespace enforces; and a read-only root. */
  @Test
  void pods_haveNoRights() throws IOException {
    assertThat(
            manifests
                .of(io.fabric8.kubernetes.api.model.Namespace.class)
                .get("tributary")
                .getMetadata()
                .getLabels())
        .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
    Matcher user =
        Pattern.compile("(?m)^USER (\\d+):(\\d+)$")
            .matcher(Files.readString(OpsFiles.path("Dockerfile")));
    assertThat(user.find()).isTrue();

    for (Workload workload : manifests.workloads().values()) {
      var pod = workload.pod();
      assertThat(pod.getAutomountServiceAccountToken()).as(workload.name()).isFalse();
      var rights = pod.getSecurityContext();
      assertThat(rights.getRunAsNonRoot()).isTrue();
      assertThat(rights.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
      if (workload.isOwn()) {
        assertThat(rights.getRunAsUser()).hasToString(user.group(1));
        assertThat(rights.getRunAsGroup()).hasToString(user.group(2));
      }
      if (workload.object() instanceof StatefulSet) {
        assertThat(rights.getFsGroup()).hasToString(user.group(2));
      }
      var container = workload.container().getSecurityContext();
      assertThat(container.getAllowPrivilegeEscalation()).isFalse();
      assertThat(container.getReadOnlyRootFilesystem()).isTrue();
      assertThat(container.getCapabilities().getDrop()).containsExactly("ALL");
      assertThat(container.getCapabilities().getAdd()).isEmpty();
    }
  }

  @Test
  void memory_holdsTheHeapAndWhatIsBesideIt() throws Exception {
    Matcher percentage =
        Pattern.compile("-XX:MaxRAMPercentage=(\\d+)")
            .matcher(Files.readString(OpsFiles.path("Dockerfile")));
    assertThat(percentage.find()).isTrue();
    for (Workload workload : manifests.lastingWorkloads().values()) {
      var resources = workload.container().getResources();
      assertThat(resources.getRequests())
          .as(workload.name())
          .containsEntry("memory", resources.getLimits().get("memory"));
      long bytes = workload.memoryLimit();
      long heap = bytes * Long.parseLong(percentage.group(1)) / 100;
      Settings settings = settings(workload);
      if (Applications.isStreams(workload.mainClass())) {
        assertThat(heap).as(workload.name()).isGreaterThan(settings.get(CommonSettings.CACHE_SIZE));
        assertThat(bytes - heap)
            .as(workload.name())
            .isGreaterThan(settings.get(CommonSettings.ROCKSDB_MEMORY));
      }
      if (workload.mainClass() == SinkMain.class) {
        assertThat(heap).isGreaterThan(2 * settings.get(SinkConfig.BUFFER));
      }
    }
  }

  private Service service(String name) {
    return manifests.of(Service.class).get(name);
  }

  /** Workloads whose pods have all of these labels. */
  private Set<String> selected(Map<String, String> labels) {
    assertThat(labels).isNotEmpty();
    Collection<Workload> all = manifests.workloads().values();
    Set<String> names = new TreeSet<>();
    all.stream()
        .filter(workload -> workload.podLabels().entrySet().containsAll(labels.entrySet()))
        .forEach(workload -> names.add(workload.name()));
    return names;
  }

  private Settings settings(Workload workload) throws ReflectiveOperationException {
    return Applications.settings(
        workload.mainClass(), workload.environment(manifests.configMaps(), KubernetesTest.SECRETS));
  }
}
