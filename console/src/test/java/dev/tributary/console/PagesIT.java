package dev.tributary.console;

import static dev.tributary.console.LedgerRows.DAY;
import static dev.tributary.console.LedgerRows.NOON_S;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.console.core.Questions;
import dev.tributary.console.core.Samples;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The questions of episodes, traces and prompt versions on the real engine. */
final class PagesIT {
  private static final String OF_THE_DAY =
      " FROM ledger WHERE tenant = 'default' AND event_time >= '2026-03-04 00:00:00'"
          + " AND event_time < '2026-03-05 00:00:00'";

  @TempDir static Path folder;

  private static ConsoleEngine engine;

  @BeforeAll
  static void start() throws Exception {
    engine = ConsoleEngine.start(folder.resolve("data"));
    LedgerRows.aDay().into(engine);
    insertTrace();
    insertEpisodes();
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  private static String at(long seconds) {
    return "fromUnixTimestamp64Micro(toInt64(" + (NOON_S + seconds) + "000000), 'UTC')";
  }

  private static void insertTrace() throws Exception {
    engine.sql(
        "INSERT INTO spans (tenant, trace_id, span_id, parent_span_id, start_time, end_time, kind) VALUES"
            + " ('default', 't1', 'a', NULL, "
            + at(0)
            + ", "
            + at(1)
            + ", 'LLM'), ('default', 't1', 'b', 'a', "
            + at(60)
            + ", "
            + at(61)
            + ", 'LLM')");
    engine.sql(
        "INSERT INTO traces (tenant, trace_id, revision, close_reason, start_time, end_time, wall_time_us,"
            + " session_id, critical_path_us) VALUES ('default', 't1', 1, 'settled', "
            + at(0)
            + ", "
            + at(61)
            + ", 61000000, 's1', map('llm', 61000000))");
    engine.sql(
        "INSERT INTO sessions (tenant, session_id, revision, start_time, end_time, turns, calls, cost, feature, team,"
            + " environment, workspace, turn_list.trace_id, turn_list.start_time, turn_list.end_time, turn_list.cost,"
            + " turn_list.input_tokens, turn_list.calls, turn_list.errors, turn_list.number, turn_list.wall_time_us,"
            + " turn_list.gap_us, turn_list.context_tokens) VALUES ('default', 's1', 1, "
            + at(0)
            + ", "
            + at(61)
            + ", 2, 2, 0.3, 'answer', 'support', 'production', 'acme', ['t1', 't9'], ["
            + at(0)
            + ", "
            + at(30)
            + "], ["
            + at(29)
            + ", "
            + at(61)
            + "], [0.1, NULL], [100, NULL], [1, 1], [0, 0], [1, 2], [1, 1], [NULL, NULL], [NULL, NULL])");
  }

  private static void insertEpisodes() throws Exception {
    engine.sql(
        "INSERT INTO anomalies (tenant, episode_id, state, environment, series, metric, sentence, revision, dimensions,"
            + " opened_at, window_start, observed, baseline, factor, score, money_so_far, money_per_hour,"
            + " `causes.driver`, `causes.slice`, `causes.amount`, `causes.share`, `causes.evidence`,"
            + " example_trace_ids, kafka_offset) VALUES "
            + episode("e1", "OPENED", 1, 0, "1.5")
            + ", "
            + episode("e1", "UPDATED", 2, 300, "41.239000000000000001")
            + ", "
            + episode("e2", "OPENED", 1, -7200, "NULL")
            + ", "
            + episode("e2", "RESOLVED", 2, -3600, "2"));
    engine.sql(
        "INSERT INTO alerts (tenant, alert_id, team, severity, created_at, episode_id) VALUES"
            + " ('default', 'e1:opened', 'support', 'critical', "
            + at(60)
            + ", 'e1')");
    String series = "'feature|environment=production|feature=answer'";
    StringJoiner windows = new StringJoiner(", ");
    for (int minute = 0; minute < 10; minute++) {
      windows.add(
          "('default', 'production', 'feature', map('feature', 'answer'), %s, %s, 60000000, 1, 2, 0.1, 0.000000000000000001)"
              .formatted(series, at(minute * 60L)));
    }
    // A later revision replaces its window.
    windows.add(
        "('default', 'production', 'feature', map('feature', 'answer'), %s, %s, 60000000, 2, 5, 7, 0)"
            .formatted(series, at(0)));
    engine.sql(
        "INSERT INTO windows (tenant, environment, grouping_set, dimensions, series, start_time, length_us, revision,"
            + " calls, cost, cost_estimated) VALUES "
            + windows);
    engine.sql(
        "INSERT INTO events (tenant, event_id, kind, subject, environment, event_time, detail) VALUES"
            + " ('default', 'v', 'first_prompt_version', 'answer', 'production', "
            + at(-120)
            + ", map('prompt_version', 'v2')), ('default', 'w', 'rate_card', 'all', NULL, "
            + at(-60)
            + ", map()), ('default', 'x', 'first_prompt_version', 'answer', 'staging', "
            + at(-30)
            + ", map())");
  }

  private static String episode(String id, String state, int revision, long second, String money) {
    return """
        ('default', '%s', '%s', 'production', 'feature|environment=production|feature=answer|spend_per_hour',
          'spend_per_hour', 'answer costs 2.7x', %d, map('feature', 'answer'), %s, %s, 2.7, 1, 2.7, 0.99, %s, 1.25,
          ['tokens_per_call', 'prompt_version'], [map(), map('prompt_version', 'v2')], [1.5, NULL], [0.8, NULL],
          ['', 'first seen'], ['t1'], %d)"""
        .formatted(
            id, state, revision, at(id.equals("e2") ? -7200 : 0), at(second), money, revision);
  }

  static Iterable<String> names() {
    return Questions.names();
  }

  /** Every statement runs, also where nothing is found. */
  @ParameterizedTest
  @MethodSource("names")
  void question_isAnswered(String name) throws Exception {
    StringJoiner query = new StringJoiner("&", name + "?", "");
    Samples.of(name).forEach((key, values) -> query.add(key + "=" + values.get(0)));

    assertThat(engine.ask(query.toString())).isNotNull();
  }

  private static BigDecimal sum(List<JsonNode> rows) {
    return rows.stream()
        .filter(row -> !row.path("cost").isNull())
        .map(row -> new BigDecimal(row.path("cost").asText()))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  @Test
  void traces_addUpToTheLedger_andShowWhatHoldsNow() throws Exception {
    List<JsonNode> traces = engine.ask("traces?" + DAY);

    assertThat(sum(traces))
        .isEqualByComparingTo(new BigDecimal(engine.sql("SELECT sum(sign * cost)" + OF_THE_DAY)));
    assertThat(traces).extracting(row -> row.path("id").asText()).startsWith("t4", "t2", "t1");
    JsonNode corrected = traces.get(0);
    assertThat(corrected.path("cost").asText()).isEqualTo("5.000000000000000007");
    assertThat(corrected.path("features").toString()).isEqualTo("[\"answer\"]");
    JsonNode unpriced = traces.get(traces.size() - 1);
    assertThat(unpriced.path("id").asText()).isEqualTo("t3");
    assertThat(unpriced.path("cost").isNull()).isTrue();
    assertThat(unpriced.path("unpriced_calls").asLong()).isEqualTo(1);
    assertThat(engine.ask("traces?" + DAY + "&sort=time"))
        .extracting(row -> row.path("id").asText())
        .startsWith("t5", "t4");
    assertThat(engine.ask("traces?" + DAY + "&feature=unattributed"))
        .extracting(row -> row.path("cost").asText())
        .containsExactly("0.05");
  }

  @Test
  void trace_linesTreeAndAudit_areOfItsNetLines() throws Exception {
    List<JsonNode> lines = engine.ask("trace-lines?id=t4");
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0).path("cost").asText()).isEqualTo("5.000000000000000007");
    assertThat(lines.get(0).path("feature").asText()).isEqualTo("answer");
    JsonNode audit = engine.ask("trace-audit?id=t4").get(0);
    assertThat(audit.path("entries").asLong()).isEqualTo(3);
    assertThat(audit.path("provenance").path("team").asText()).isEqualTo("RULE");

    assertThat(sum(engine.ask("trace-lines?id=t1"))).isEqualByComparingTo("0.300000000000000003");
    assertThat(engine.ask("trace-tree?id=t1"))
        .extracting(row -> row.path("span_id").asText() + "<" + row.path("parent_span_id").asText())
        .containsExactlyInAnyOrder("a<null", "b<a");
    JsonNode summary = engine.ask("trace-summary?id=t1").get(0);
    assertThat(summary.path("session_id").asText()).isEqualTo("s1");
    assertThat(summary.path("critical_path_us").path("llm").asLong()).isEqualTo(61_000_000);
    JsonNode unpriced = engine.ask("trace-lines?id=t3").get(0);
    assertThat(unpriced.path("cost").isNull()).isTrue();
    assertThat(unpriced.path("is_unpriced").asInt()).isEqualTo(1);
  }

  @Test
  void traces_ofAnotherTenant_areNotThere() throws Exception {
    for (String question : List.of("trace-lines", "trace-tree", "trace-audit", "trace-summary")) {
      assertThat(engine.ask(question + "?id=t1&tenant=other")).as(question).isEmpty();
    }
    assertThat(engine.ask("session?id=s1&tenant=other")).isEmpty();
    assertThat(engine.ask("episode?id=e1&tenant=other")).isEmpty();
    assertThatThrownBy(() -> engine.ask("trace-lines?id=t1&tenant=nobody"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("default, other");
  }

  /** A value that would end a text of SQL is a value. */
  @Test
  void values_neverEndAStatement() throws Exception {
    for (String value : List.of("' OR 1 = 1 --", "\\", "a\\' OR '1' = '1", "{id:String}", "\t\n")) {
      String text = URLEncoder.encode("t1" + value, StandardCharsets.UTF_8);
      assertThat(engine.ask("trace-lines?id=" + text)).as(value).isEmpty();
      assertThat(engine.ask("spend-table?" + DAY + "&feature=" + text)).as(value).isEmpty();
    }
  }

  @Test
  void sessions_haveTheirTurns() throws Exception {
    JsonNode session = engine.ask("sessions?" + DAY + "&team=support").get(0);
    assertThat(session.path("cost").asText()).isEqualTo("0.3");
    assertThat(engine.ask("sessions?" + DAY + "&team=search")).isEmpty();

    List<JsonNode> turns = engine.ask("session?id=s1");
    assertThat(turns).extracting(row -> row.path("trace_id").asText()).containsExactly("t1", "t9");
    assertThat(turns.get(1).path("cost").isNull()).isTrue();
  }

  @Test
  void promptVersions_addUpToTheLedger() throws Exception {
    List<JsonNode> rows = engine.ask("prompt-table?" + DAY);

    assertThat(sum(rows))
        .isEqualByComparingTo(new BigDecimal(engine.sql("SELECT sum(sign * cost)" + OF_THE_DAY)));
    JsonNode first =
        rows.stream()
            .filter(row -> row.path("prompt_version").asText().equals("v1"))
            .findFirst()
            .orElseThrow();
    assertThat(first.path("cost").asText()).isEqualTo("5.100000000000000008");
    assertThat(first.path("calls").asLong()).isEqualTo(2);
    assertThat(engine.ask("prompt-latency?" + DAY)).hasSameSizeAs(rows);
  }

  @Test
  void episodes_openOnesFirst_withOwnerAndMoney() throws Exception {
    List<JsonNode> all = engine.ask("episodes?" + DAY);

    assertThat(all).extracting(row -> row.path("id").asText()).containsExactly("e1", "e2");
    assertThat(all.get(0).path("money").asText()).isEqualTo("41.239000000000000001");
    assertThat(all.get(0).path("teams").toString()).isEqualTo("[\"support\"]");
    assertThat(all.get(0).path("severity").asText()).isEqualTo("critical");
    assertThat(all.get(1).path("teams")).isEmpty();
    assertThat(engine.ask("episodes?" + DAY + "&state=past"))
        .extracting(row -> row.path("id").asText())
        .containsExactly("e2");
    assertThat(engine.ask("episodes?" + DAY + "&team=support")).hasSize(1);
    // What is open is shown however long ago it opened; what is over is not.
    assertThat(engine.ask("episodes?from=2026-04-01T00:00:00Z&to=2026-04-02T00:00:00Z"))
        .extracting(row -> row.path("id").asText())
        .containsExactly("e1");
  }

  @Test
  void episode_hasCausesStatesCourseAndChanges() throws Exception {
    JsonNode episode = engine.ask("episode?id=e1").get(0);
    assertThat(episode.path("causes").path(0).path("amount").asText()).isEqualTo("1.5");
    assertThat(episode.path("causes").path(1).path("amount").isNull()).isTrue();
    assertThat(episode.path("causes").path(1).path("slice").path("prompt_version").asText())
        .isEqualTo("v2");
    assertThat(episode.path("traces").path(0).asText()).isEqualTo("t1");

    assertThat(engine.ask("episode-states?id=e1"))
        .extracting(row -> row.path("revision").asLong())
        .containsExactly(1L, 2L);
    List<JsonNode> series = engine.ask("episode-series?id=e1&" + DAY);
    assertThat(sum(series))
        .isEqualByComparingTo(
            new BigDecimal(engine.sql("SELECT sum(cost + cost_estimated) FROM windows FINAL")))
        .isEqualByComparingTo("7.900000000000000009");
    assertThat(
            engine.ask(
                "changes?from=2026-03-04T11:00:00Z&to=2026-03-04T12:00:00Z&environment=production"))
        .extracting(row -> row.path("kind").asText())
        .containsExactly("rate_card", "first_prompt_version");
  }
}
