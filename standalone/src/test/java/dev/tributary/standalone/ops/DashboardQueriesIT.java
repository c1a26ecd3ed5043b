package dev.tributary.standalone.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.standalone.testing.SinkEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every SQL query of the dashboard on the real engine, over the tables and views that the sink
 * makes, with what Grafana puts in place of its variables and macros. One call, one trace, one
 * session and one refused record are there, so that every panel has something to show.
 */
class DashboardQueriesIT {
  private static final List<String> ROWS =
      List.of(
          """
          INSERT INTO calls (tenant, kind, source, item, sign, revision, event_time, start_time,
            span_kind, purpose, service_name, feature, team, environment, feature_provenance,
            surface, model_canonical, usage_quality, price_status, cost, calls, error, error_type,
            http_status, latency_us, ttft_us, input_uncached_tokens, output_text_tokens)
          VALUES ('acme', 'USAGE', 'trace', 'span-1', 1, 1, now64(6), now64(6), 'LLM', 'PRODUCT',
            'api', 'search', 'web', 'production', 'OWN', 'openai', 'gpt', 'REPORTED', 'PRICED',
            1.25, 1, false, NULL, NULL, 2000000, 500000, 100, 10),
            ('acme', 'USAGE', 'trace', 'span-2', 1, 1, now64(6), now64(6), 'LLM', 'PRODUCT',
            'api', 'search', 'web', 'production', 'OWN', 'openai', 'new', 'MISSING',
            'UNKNOWN_MODEL', NULL, 1, true, 'timeout', 504, 1000000, NULL, NULL, NULL),
            ('acme', 'USAGE', 'trace', 'span-3', 1, 1, now64(6), now64(6), 'LLM', 'PRODUCT',
            'api', 'chat', 'web', 'production', 'OWN', 'openai', 'gpt', 'REPORTED', 'PRICED',
            100, 1, false, NULL, NULL, 1, NULL, 1, 1),
            ('other', 'USAGE', 'trace', 'span-4', 1, 1, now64(6), now64(6), 'LLM', 'PRODUCT',
            'api', 'search', 'web', 'production', 'OWN', 'openai', 'gpt', 'REPORTED', 'PRICED',
            1000, 1, false, NULL, NULL, 1, NULL, 1, 1)""",
          """
          INSERT INTO ledger (tenant, kind, source, item, sign, event_time, feature, team,
            environment, surface, model_canonical, rate_card_id, cost_lines.bucket,
            cost_lines.quantity, cost_lines.rate_amount, cost_lines.rate_per, cost_lines.cost)
          VALUES ('acme', 'USAGE', 'trace', 'span-1', 1, now64(6), 'search', 'web', 'production',
            'openai', 'gpt', 'card', ['INPUT'], [100], [NULL], [1], [1.25])""",
          """
          INSERT INTO traces (tenant, trace_id, revision, start_time, end_time, feature,
            environment, cost)
          VALUES ('acme', 'trace', 1, now64(6), now64(6), 'search', 'production', 1.25)""",
          """
          INSERT INTO sessions (tenant, session_id, revision, start_time, end_time, feature,
            environment, cost)
          VALUES ('acme', 'session', 1, now64(6), now64(6), 'search', 'production', 1.25)""",
          """
          INSERT INTO rejected (tenant, module, reason, rejected_at)
          VALUES ('acme', 'normalize', 'BAD_ID', now64(6))""");

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;

  private static SinkEngine engine;

  @BeforeAll
  static void start() throws Exception {
    engine = SinkEngine.start(folder.resolve("data"));
    for (String row : ROWS) {
      engine.sql().run(row, "TSV");
    }
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> panel_showsItsColumns() throws IOException {
    return Dashboard.read().sqlPanels().entrySet().stream()
        .map(panel -> DynamicTest.dynamicTest(panel.getKey(), () -> check(panel)));
  }

  private static void check(Map.Entry<String, JsonNode> panel) throws Exception {
    String sql = panel.getValue().path("targets").path(0).path("rawSql").asText();
    JsonNode answer = query(sql, "'search'");
    List<String> columns = answer.path("meta").findValuesAsText("name");

    assertThat(answer.path("data").size()).as("rows of: %s", sql).isPositive();
    if ("timeseries".equals(panel.getValue().path("type").asText())) {
      assertThat(columns.get(0)).isEqualTo("time");
      assertThat(answer.path("meta").path(0).path("type").asText()).contains("DateTime");
    }
    for (JsonNode override : panel.getValue().path("fieldConfig").path("overrides")) {
      assertThat(columns).contains(override.path("matcher").path("options").asText());
    }
  }

  @Test
  void variables_listWhatIsThere() throws Exception {
    for (JsonNode variable : Dashboard.read().variables()) {
      JsonNode answer = query(variable.path("query").asText(), "'search'");
      assertThat(answer.path("meta").size()).as("%s", variable.path("name")).isEqualTo(1);
      assertThat(answer.path("data").size()).as("%s", variable.path("name")).isPositive();
    }
  }

  /** Neither the other feature's money nor the other tenant's, and null is not zero. */
  @Test
  void knownCost_isOfTheChosenTenantAndFeature() throws Exception {
    String sql =
        Dashboard.read()
            .sqlPanels()
            .get("Known cost")
            .path("targets")
            .path(0)
            .path("rawSql")
            .asText();
    assertThat(query(sql, "'search'").path("data").path(0).path(0).decimalValue())
        .isEqualByComparingTo("1.25");
    assertThat(query(sql, "'search','chat'").path("data").path(0).path(0).decimalValue())
        .isEqualByComparingTo("101.25");
  }

  private static JsonNode query(String sql, String features)
      throws IOException, InterruptedException {
    String inGrafana =
        sql.replace("${tenant:singlequote}", "'acme'")
            .replace("${environment:singlequote}", "'production','staging'")
            .replace("${feature:singlequote}", features)
            .replaceAll(
                "\\$__timeFilter\\((\\w+)\\)",
                "$1 >= toDateTime(toUnixTimestamp(now()) - 21600)"
                    + " AND $1 <= toDateTime(toUnixTimestamp(now()) + 60)");
    assertThat(inGrafana)
        .as("a macro or variable that this test does not know")
        .doesNotContain("$");
    return JSON.readTree(
        engine
            .sql()
            .run(inGrafana + " SETTINGS output_format_json_quote_decimals = 0", "JSONCompact"));
  }
}
