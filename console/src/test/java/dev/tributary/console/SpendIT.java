package dev.tributary.console;

import static dev.tributary.console.LedgerRows.DAY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The spend page's questions on the real engine, against sums of the ledger. */
final class SpendIT {
  private static final String OF_THE_DAY =
      " FROM ledger WHERE tenant = 'default' AND event_time >= '2026-03-04 00:00:00'"
          + " AND event_time < '2026-03-05 00:00:00'";

  @TempDir static Path folder;

  private static ConsoleEngine engine;

  @BeforeAll
  static void start() throws Exception {
    engine = ConsoleEngine.start(folder.resolve("data"));
    LedgerRows.aDay().into(engine);
    engine.sql(
        "INSERT INTO scores (tenant, score_id, subject_kind, subject_id, trace_id, name, value, direction, source,"
            + " status, inclusion_probability, scored_at, subject_end, feature, team, environment, model) VALUES"
            + score("1", "0.9", "0.5", "EVALUATOR")
            + ", "
            + score("2", "0.6", "0.25", "EVALUATOR")
            + ", "
            + score("3", "0.1", "1", "BUSINESS"));
  }

  private static String score(String id, String value, String probability, String source) {
    return " ('default', '%s', 'TRACE', 't1', 't1', 'faithfulness', %s, 'HIGHER_IS_BETTER', '%s', 'SCORED', %s,"
            .formatted(id, value, source, probability)
        + " '2026-03-06 00:00:00', '2026-03-04 12:00:30', 'answer', 'support', 'production', 'm1')";
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  private static BigDecimal decimal(String text) {
    return new BigDecimal(text);
  }

  @Test
  void total_isTheSumOfTheLedger() throws Exception {
    JsonNode total = engine.ask("spend-total?" + DAY).get(0);

    assertThat(total.path("cost").isTextual()).isTrue();
    assertThat(decimal(total.path("cost").asText()))
        .isEqualByComparingTo(decimal(engine.sql("SELECT sum(sign * cost)" + OF_THE_DAY)))
        .isEqualByComparingTo("8.660000000000000010");
    assertThat(total.path("calls").asLong())
        .isEqualTo(Long.parseLong(engine.sql("SELECT sum(sign * calls)" + OF_THE_DAY)))
        .isEqualTo(7);
    assertThat(total.path("priced_calls").asLong()).isEqualTo(6);
    assertThat(total.path("unpriced_calls").asLong()).isEqualTo(1);
    assertThat(total.path("unpriced_tokens").asLong()).isEqualTo(1100);
    assertThat(total.path("tokens").asLong())
        .isEqualTo(
            Long.parseLong(
                engine.sql(
                    "SELECT sum(sign * (input_uncached_tokens + output_text_tokens))"
                        + OF_THE_DAY)));
    assertThat(total.path("failed_calls").asLong()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "feature, feature",
    "team, team",
    "workspace, workspace",
    "environment, environment",
    "model, model_canonical",
    "prompt_version, prompt_version"
  })
  void table_andSeries_addUpToTheLedger(String by, String column) throws Exception {
    List<JsonNode> table = engine.ask("spend-table?" + DAY + "&by=" + by);
    List<JsonNode> series = engine.ask("spend-series?" + DAY + "&by=" + by);

    BigDecimal all = decimal(engine.sql("SELECT sum(sign * cost)" + OF_THE_DAY));
    assertThat(sum(table)).isEqualByComparingTo(all);
    assertThat(sum(series)).isEqualByComparingTo(all);
    assertThat(table)
        .hasSize(
            Integer.parseInt(
                engine.sql(
                    "SELECT count() FROM (SELECT "
                        + column
                        + OF_THE_DAY
                        + " GROUP BY 1 HAVING sum(sign) > 0)")));
    for (JsonNode row : table) {
      String key = row.path("key").asText().replace("answer @ ", "");
      String direct =
          engine.sql(
              "SELECT sum(sign * cost)" + OF_THE_DAY + " AND " + column + " = '" + key + "'");
      assertThat(row.path("cost").isNull() ? "\\N" : row.path("cost").asText())
          .as(key)
          .isEqualTo(direct);
      JsonNode alone =
          engine
              .ask("spend-total?" + DAY + "&" + by + "=" + encoded(row.path("key").asText()))
              .get(0);
      assertThat(alone.path("cost")).as(key).isEqualTo(row.path("cost"));
      assertThat(alone.path("calls")).as(key).isEqualTo(row.path("calls"));
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static BigDecimal sum(List<JsonNode> rows) {
    return rows.stream()
        .filter(row -> !row.path("cost").isNull())
        .map(row -> decimal(row.path("cost").asText()))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  @Test
  void unpriced_isNull_andUntagged_isARow() throws Exception {
    List<JsonNode> models = engine.ask("spend-table?" + DAY + "&by=model");
    JsonNode own = models.get(models.size() - 1);
    assertThat(own.path("key").asText()).isEqualTo("own");
    assertThat(own.path("cost").isNull()).isTrue();
    assertThat(own.path("unpriced_calls").asLong()).isEqualTo(1);

    assertThat(engine.ask("spend-table?" + DAY + "&by=feature"))
        .extracting(row -> row.path("key").asText())
        .containsExactly("answer", "search", "unattributed", "<img src=x onerror=alert(1)>");
  }

  @Test
  void corrected_isWhereItBelongsNow() throws Exception {
    List<JsonNode> features = engine.ask("spend-table?" + DAY + "&by=feature&team=support");

    assertThat(features.get(0).path("cost").asText()).isEqualTo("5.30000000000000001");
    assertThat(features.get(0).path("calls").asLong()).isEqualTo(3);
    JsonNode search = engine.ask("spend-total?" + DAY + "&feature=search").get(0);
    assertThat(search.path("cost").asText()).isEqualTo("3.3");
    assertThat(search.path("calls").asLong()).isEqualTo(2);
  }

  @Test
  void latency_isNearestRankOverNetCalls() throws Exception {
    JsonNode answer = engine.ask("spend-latency?" + DAY + "&feature=answer").get(0);

    assertThat(answer.path("measured_calls").asLong()).isEqualTo(3);
    assertThat(answer.path("p95_us").asLong()).isEqualTo(1_005_000);
  }

  @Test
  void scores_areWeighted_atTheEndOfTheirSubject() throws Exception {
    JsonNode mean = engine.ask("spend-scores?" + DAY + "&by=feature").get(0);

    assertThat(mean.path("key").asText()).isEqualTo("answer");
    assertThat(mean.path("n").asLong()).isEqualTo(2);
    // (2 x 0.9 + 4 x 0.6) / 6
    assertThat(mean.path("mean").asDouble())
        .isEqualTo(0.7, org.assertj.core.data.Offset.offset(1e-12));
    assertThat(engine.ask("score-series?" + DAY)).hasSize(1);
    assertThat(engine.ask("score-series?from=2026-03-05T00:00:00Z&to=2026-03-07T00:00:00Z"))
        .isEmpty();
  }

  @Test
  void otherTenant_hasNothing() throws Exception {
    JsonNode total = engine.ask("spend-total?" + DAY + "&tenant=other").get(0);

    assertThat(total.path("lines").asLong()).isZero();
    assertThat(total.path("cost").isNull()).isTrue();
    assertThat(engine.ask("spend-table?" + DAY + "&tenant=other")).isEmpty();
    assertThat(engine.ask("freshness?tenant=other").get(0).path("last_event_ms").isNull()).isTrue();
    assertThat(engine.ask("freshness").get(0).path("last_event_ms").asLong())
        .isEqualTo((LedgerRows.NOON_S + 86_400) * 1000);
    assertThat(engine.ask("freshness?within=recent").get(0).path("entries").asLong()).isZero();
  }
}
