package dev.tributary.standalone.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where the stack's alerts go: what nobody receives might as well not be raised. */
class AlertmanagerConfigTest {
  private static final String ADDRESS = "alertmanager:9093";
  private static final Path FOLDER = OpsFiles.path("ops/alertmanager");

  @Test
  void configuration_isAccepted() throws Exception {
    Tool.Ended ended = Tool.amtool().run(FOLDER, "check-config", "alertmanager.yml");
    assertThat(ended.status()).as(ended.output()).isZero();
  }

  @Test
  void everyRoute_hasAReceiverThatIsThere() throws IOException {
    JsonNode config = OpsFiles.yaml("ops/alertmanager/alertmanager.yml");
    List<String> receivers = config.path("receivers").findValuesAsText("name");
    List<String> named = config.path("route").findValuesAsText("receiver");

    assertThat(named).isNotEmpty();
    assertThat(receivers).containsAll(named);
  }

  /** Prometheus tells it of the stack, the router of what belongs to a team that named no route. */
  @Test
  void prometheusAndTheRouter_sendToIt() throws IOException {
    JsonNode prometheus = OpsFiles.yaml("ops/prometheus/prometheus.yml");
    Map<String, JsonNode> services = ComposeFile.read().services();
    Map<String, String> router = ComposeFile.environment(services.get("alerts"));

    assertThat(services).containsKey("alertmanager");
    assertThat(prometheus.at("/alerting/alertmanagers/0/static_configs/0/targets/0").asText())
        .isEqualTo(ADDRESS);
    assertThat(router)
        .containsEntry("TRIBUTARY_ALERTS_ROUTE_AM_KIND", "alertmanager")
        .containsEntry("TRIBUTARY_ALERTS_ROUTE_AM_URL", "http://" + ADDRESS)
        .containsEntry("TRIBUTARY_ALERTS_DEFAULT_ROUTES", "am");
  }
}
