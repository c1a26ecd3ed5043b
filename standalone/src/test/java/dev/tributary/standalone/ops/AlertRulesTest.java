package dev.tributary.standalone.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus's own tool on our rules, their tests and the dashboard's expressions. */
class AlertRulesTest {
  private static final Path PROMETHEUS = OpsFiles.path("ops/prometheus");

  @TempDir Path folder;

  @Test
  void configuration_isAccepted() throws Exception {
    check(PROMETHEUS, "check", "config", "prometheus.yml");
    check(PROMETHEUS, "check", "config", "kubernetes.yml");
  }

  @Test
  void rules_areAccepted() throws Exception {
    check(PROMETHEUS, "check", "rules", "rules/tributary.yml");
  }

  @Test
  void rules_fireWhenTheyShouldAndOnlyThen() throws Exception {
    check(PROMETHEUS.resolve("tests"), "test", "rules", "tributary.yml");
  }

  /** The negative control: the tool does refuse. */
  @Test
  void unbalancedExpression_isRefused() throws Exception {
    Files.writeString(folder.resolve("broken.yml"), rulesFile("sum by (module ("));
    Tool.Ended ended = Tool.promtool().run(folder, "check", "rules", "broken.yml");
    assertThat(ended.status()).as(ended.output()).isNotZero();
  }

  @Test
  void dashboardExpressions_areAccepted() throws Exception {
    Set<String> expressions = Dashboard.read().promQl();
    assertThat(expressions).isNotEmpty();
    Files.writeString(
        folder.resolve("dashboard.yml"), rulesFile(expressions.toArray(String[]::new)));
    check(folder, "check", "rules", "dashboard.yml");
  }

  @Test
  void everyAlert_hasATestAndAnAction() throws IOException {
    Set<String> alerts = new TreeSet<>();
    for (JsonNode group : OpsFiles.yaml(OpsFiles.RULES).path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        String name = rule.path("alert").asText();
        assertThat(alerts.add(name)).as("twice: %s", name).isTrue();
        assertThat(rule.path("labels").path("severity").asText())
            .as(name)
            .isIn("critical", "warning");
        assertThat(rule.path("annotations").path("summary").asText()).as(name).isNotBlank();
        assertThat(rule.path("annotations").path("action").asText()).as(name).isNotBlank();
      }
    }
    String tests = Files.readString(OpsFiles.path(OpsFiles.RULE_TESTS));
    assertThat(alerts)
        .isNotEmpty()
        .allSatisfy(
            name ->
                assertThat(expectsIt(tests, name)).as("no test in which %s fires", name).isTrue());
  }

  private static boolean expectsIt(String tests, String alert) {
    return tests.matches("(?s).*alertname: " + alert + "\\s+exp_alerts:\\s+- .*")
        || tests.contains("ALERTS{alertname=\"" + alert + "\", alertstate=\"firing\"}");
  }

  private static void check(Path in, String... arguments) throws Exception {
    Tool.Ended ended = Tool.promtool().run(in, arguments);
    assertThat(ended.status()).as(ended.output()).isZero();
  }

  private static String rulesFile(String... expressions) {
    StringBuilder file = new StringBuilder("groups:\n- name: expressions\n  rules:\n");
    for (int i = 0; i < expressions.length; i++) {
      file.append("  - record: expression:")
          .append((char) ('a' + i / 26))
          .append((char) ('a' + i % 26))
          .append("\n    expr: '")
          .append(expressions[i].replace("'", "''"))
          .append("'\n");
    }
    return file.toString();
  }
}
