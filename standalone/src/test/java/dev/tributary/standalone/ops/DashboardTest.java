package dev.tributary.standalone.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The dashboard's structure; nothing here draws it. */
class DashboardTest {
  /** Panels that Grafana 12 brings along. */
  private static final Set<String> TYPES = Set.of("row", "stat", "table", "timeseries");

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-z]+)[:}]?");
  private static final int WIDTH = 24;

  private final Dashboard dashboard;

  DashboardTest() throws IOException {
    dashboard = Dashboard.read();
  }

  @Test
  void panels_areNamedDescribedAndOfKnownTypes() {
    Set<Integer> ids = new HashSet<>();
    Set<String> titles = new HashSet<>();
    for (JsonNode panel : dashboard.root().path("panels")) {
      String title = panel.path("title").asText();
      assertThat(title).isNotBlank();
      assertThat(titles.add(title)).as("twice: %s", title).isTrue();
      assertThat(ids.add(panel.path("id").asInt())).as("id of %s", title).isTrue();
      assertThat(panel.path("type").asText()).as(title).isIn(TYPES);
    }
    for (JsonNode panel : dashboard.panels()) {
      assertThat(panel.path("description").asText()).as("%s", panel.path("title")).isNotBlank();
      assertThat(panel.path("fieldConfig").path("defaults").path("unit").asText()).isNotBlank();
      assertThat(panel.path("targets").isEmpty()).isFalse();
    }
  }

  @Test
  void panels_doNotOverlap() {
    Set<String> taken = new HashSet<>();
    for (JsonNode panel : dashboard.root().path("panels")) {
      JsonNode at = panel.path("gridPos");
      int right = at.path("x").asInt() + at.path("w").asInt();
      int bottom = at.path("y").asInt() + at.path("h").asInt();
      assertThat(right).isLessThanOrEqualTo(WIDTH);
      for (int x = at.path("x").asInt(); x < right; x++) {
        for (int y = at.path("y").asInt(); y < bottom; y++) {
          assertThat(taken.add(x + "/" + y)).as("%s", panel.path("title")).isTrue();
        }
      }
    }
  }

  @Test
  void dataSources_areProvisioned() throws IOException {
    Set<String> provisioned = new HashSet<>();
    OpsFiles.yaml("ops/grafana/provisioning/datasources/tributary.yaml")
        .path("datasources")
        .forEach(s -> provisioned.add(s.path("type").asText() + " " + s.path("uid").asText()));
    Set<String> used = new HashSet<>();
    dashboard
        .root()
        .findValues("datasource")
        .forEach(s -> used.add(s.path("type").asText() + " " + s.path("uid").asText()));
    assertThat(used).isEqualTo(provisioned);
    assertThat(ComposeFile.read().services().get("grafana").path("environment").toString())
        .contains("grafana-clickhouse-datasource");
  }

  @Test
  void variables_areDeclared() {
    Set<String> declared = new HashSet<>();
    dashboard.variables().forEach(variable -> declared.add(variable.path("name").asText()));
    Set<String> used = new HashSet<>();
    dashboard
        .sqlPanels()
        .values()
        .forEach(
            panel -> {
              Matcher matcher =
                  VARIABLE.matcher(panel.path("targets").path(0).path("rawSql").asText());
              while (matcher.find()) {
                used.add(matcher.group(1));
              }
            });
    assertThat(used).isEqualTo(declared);
  }

  @Test
  void everySqlPanel_isOfOneTenant() {
    dashboard
        .sqlPanels()
        .forEach(
            (title, panel) ->
                assertThat(panel.path("targets").path(0).path("rawSql").asText())
                    .as(title)
                    .contains("tenant = ${tenant:singlequote}"));
  }
}
