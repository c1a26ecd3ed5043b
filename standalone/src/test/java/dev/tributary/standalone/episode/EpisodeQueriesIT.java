package dev.tributary.standalone.episode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.tributary.alertrouter.SummaryQueries;
import dev.tributary.alertrouter.core.DaySummary;
import dev.tributary.standalone.backtest.WindowBacktest;
import dev.tributary.standalone.backtest.WindowMetric;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.testing.SinkEngine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about episodes on the real engine, over the sink's tables and views. */
final class EpisodeQueriesIT {
  /** 2026-03-04 14:05 UTC. */
  private static final long OPENED_S = 1_772_633_100L;

  private static final long HOUR_US = TimeUnit.HOURS.toMicros(1);
  private static final long OPENED_US = OPENED_S * 1_000_000;

  @TempDir static Path folder;

  private static SinkEngine engine;
  private static SqlClient sql;

  @BeforeAll
  static void start() throws Exception {
    engine = SinkEngine.start(folder.resolve("data"));
    sql = engine.sql();
    insert();
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  private static String at(long seconds) {
    return "fromUnixTimestamp64Micro(toInt64(" + (OPENED_S + seconds) + "000000))";
  }

  private static String episode(int revision, String state, String money) {
    return """
        ('default', 'abcdef01', '%s', 'production', 'feature=support-answer', 'cost_usd',
          'support-answer costs 2.7x its baseline', %d, map('feature', 'support-answer'), %s, %s, 2.7, 1, 2.7, 0.99,
          %s, 1.25, NULL, ['tokens_per_call', 'volume'], [map('prompt_version', 'v13'), map()], [1.5, NULL], [0.8, NULL],
          ['prompt v13', ''], ['t-dear'], 0, %d)"""
        .formatted(state, revision, at(0), at(revision * 60L), money, revision);
  }

  private static void insert() throws Exception {
    String columns =
        "tenant, episode_id, state, environment, series, metric, sentence, revision, dimensions, opened_at, window_start,"
            + " observed, baseline, factor, score, money_so_far, money_per_hour, group_id, `causes.driver`,"
            + " `causes.slice`, `causes.amount`, `causes.share`, `causes.evidence`, example_trace_ids, kafka_partition, kafka_offset";
    sql.run(
        "INSERT INTO anomalies ("
            + columns
            + ") VALUES "
            + episode(1, "OPENED", "1.5")
            + ", "
            + episode(2, "UPDATED", "41.239"),
        "TSV");
    sql.run(
        "INSERT INTO alerts (tenant, alert_id, team, severity, title, routes, created_at, episode_id, state, sentence, opened_at,"
            + " money_so_far) VALUES ('default', 'abcdef01:opened', 'support', 'warning', 'support-answer costs 2.7x',"
            + " ['slack:#support'], "
            + at(60)
            + ", 'abcdef01', 'OPENED', 'the sentence', "
            + at(0)
            + ", 41.239)",
        "TSV");
    sql.run(
        "INSERT INTO alert_deliveries (tenant, alert_id, episode_id, team, route, outcome, reason, created_at, at) VALUES"
            + " ('default', 'abcdef01:opened', 'abcdef01', 'support', 'slack:#support', 'DELIVERED', NULL, "
            + at(60)
            + ", "
            + at(62)
            + "), ('default', 'abcdef01:opened', 'abcdef01', 'support', 'pager', 'FAILED', 'HTTP_401', "
            + at(60)
            + ", "
            + at(63)
            // Before a route was configured, it was dropped.
            + "), ('default', 'abcdef01:opened', 'abcdef01', 'support', '', 'DROPPED', 'NO_ROUTE', "
            + at(60)
            + ", "
            + at(61)
            + "), ('quiet', 'abcdef02:opened', 'abcdef02', 'search', '', 'DROPPED', 'NO_ROUTE', "
            + at(60)
            + ", "
            + at(61)
            + ")",
        "TSV");
    sql.run(
        "INSERT INTO alerts (tenant, alert_id, team, severity, title, created_at, episode_id, state, sentence)"
            + " VALUES ('quiet', 'abcdef02:opened', 'search', 'warning', 'search costs 2.2x', "
            + at(864_060)
            + ", 'abcdef02', 'OPENED', 'another')",
        "TSV");
    sql.run(
        "INSERT INTO events (tenant, event_id, kind, subject, environment, event_time, detail) VALUES"
            + " ('default', 'e', 'first_prompt_version', 'support-answer', 'production', "
            + at(-120)
            + ", map('prompt_version', 'v13'))",
        "TSV");
    List<String> calls = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      // Before: a cent and a hundred tokens; after: three times as much, and a third cut off.
      calls.add(call("before-" + i, -3000 + i * 10, "gpt-x-1", 0.01, 100 + i % 7, "STOP"));
      calls.add(
          call(
              "after-" + i,
              10 + i,
              "gpt-x-2",
              i == 50 ? 9 : 0.03,
              300 + i % 7,
              i % 3 == 0 ? "LENGTH" : "STOP"));
    }
    sql.run(
        "INSERT INTO calls (tenant, kind, source, item, sign, revision, event_time, start_time, span_kind, purpose, feature,"
            + " environment, prompt_version, model_requested, model_returned, usage_quality, price_status, cost, calls, error,"
            + " latency_us, output_text_tokens, finish_reasons) VALUES "
            + String.join(", ", calls),
        "TSV");
    sql.run(
        "INSERT INTO windows (tenant, environment, grouping_set, series, start_time, length_us, revision, calls, cost) SELECT"
            + " 'default', 'production', 'feature', 'feature=support-answer', "
            + at(0)
            + " - toIntervalMinute(4320 - number), 60000000, 1, 100, if(number BETWEEN 4200 AND 4230, 40, 10 + number % 3)"
            + " FROM numbers(4320)",
        "TSV");
    // For half an hour 30 of 100 calls fail and are slow, but in the first minute of each step.
    sql.run(
        "INSERT INTO windows (tenant, environment, grouping_set, series, start_time, length_us, revision, calls, errors,"
            + " distributions) SELECT 'default', 'production', 'team', 'team=support', "
            + at(0)
            + " - toIntervalMinute(4320 - number) AS start, 60000000, 1, 100, if(loud, 30, 1),"
            + " map('latency_us', if(loud, map(700, 70, 800, 30), map(700, 100))) FROM"
            + " (SELECT number, number BETWEEN 4200 AND 4229 AND number % 5 > 0 AS loud FROM numbers(4320))",
        "TSV");
    // What the calls of a step cost is nearly all chance; in two steps all is more.
    for (String workspace : List.of("acme", "bolt")) {
      sql.run(
          "INSERT INTO windows (tenant, environment, grouping_set, series, start_time, length_us, revision, calls, cost,"
              + " input_uncached_tokens, output_text_tokens) SELECT 'default', 'production', 'workspace', 'workspace="
              + workspace
              + "', "
              + at(0)
              + " - toIntervalMinute(5 * (864 - number)), 300000000, 1, 25,"
              + " if(loud, 2.5, 0.2 + 1.6 * (cityHash64(number) % 1000) / 1000), if(known, if(loud, 25000, 10000), 0),"
              + " if(known, if(loud, 2500, 1000), 0) FROM (SELECT number, number BETWEEN 840 AND 841 AS loud,"
              + (workspace.equals("acme") ? " true" : " false")
              + " AS known FROM numbers(864))",
          "TSV");
    }
  }

  private static String call(
      String trace, long second, String model, double cost, int tokens, String finish) {
    return "('default', 'USAGE', '%s', 's', 1, 1, %s, %s, 'LLM', 'PRODUCT', 'support-answer', 'production', 'v13', 'gpt-x', '%s', 'REPORTED', 'PRICED', %s, 1, false, 500000, %d, ['%s'])"
        .formatted(trace, at(second), at(second), model, cost, tokens, finish);
  }

  @Test
  void alerts_withWhatBecameOfThem() throws Exception {
    StringWriter text = new StringWriter();
    int lines = new AlertList(sql, "default", "support", 5).print(new PrintWriter(text));

    assertThat(lines).isEqualTo(1);
    assertThat(text.toString())
        .contains("2026-03-04 14:06:00  warning  OPENED", "the sentence", "$41.24 above baseline")
        .contains("so far; delivered slack:#support; failed pager (HTTP_401)");
    text.getBuffer().setLength(0);
    new AlertList(sql, "quiet", "search", 5).print(new PrintWriter(text));
    assertThat(text.toString()).contains("nobody is told: its team has no route");
    assertThat(new AlertList(sql, "default", "other", 5).print(new PrintWriter(text))).isZero();
  }

  @Test
  void explain_sentence_split_changes_traces_money() throws Exception {
    StringWriter text = new StringWriter();
    new EpisodeReport(sql, "default").print("abcd", new PrintWriter(text));

    assertThat(text.toString())
        .startsWith("support-answer costs 2.7x its baseline")
        .contains("UPDATED, revision 2", "$41.24 above baseline so far, $1.25/h")
        .containsPattern("tokens_per_call +80 % +\\$1.50 +prompt_version=v13; prompt v13")
        .containsPattern("volume .*everywhere")
        .contains("14:03:00  first_prompt_version")
        .containsPattern("dearest +after-50 +\\$9.00")
        .containsPattern("typical before +before-\\d+ +\\$0.01")
        .containsPattern("typical after +after-\\d+ +\\$0.03")
        .containsPattern("in the alert +t-dear");
  }

  @Test
  void explain_unknownEpisode_saysSo() {
    assertThatThrownBy(
            () ->
                new EpisodeReport(sql, "default").print("zz", new PrintWriter(new StringWriter())))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("zz");
  }

  @Test
  void backtest_overWindows_findsTheRise() throws Exception {
    StringWriter text = new StringWriter();
    List<WindowBacktest.Found> found =
        backtest("feature", WindowMetric.SPEND_PER_HOUR, new PrintWriter(text));

    assertThat(found).hasSize(1);
    // Thirty-one minutes of 40 dollars, in steps of five.
    assertThat(found.get(0).episode().windows()).isBetween(6L, 9L);
    assertThat(found.get(0).episode().peakValue()).isEqualTo(40 * 60);
    assertThat(text.toString()).contains("production/feature=support-answer", "864 steps");
  }

  /** The same spend is no more than chance where nobody knows its tokens. */
  @Test
  void backtest_spendOfFewCalls_isJudgedByItsTokensToo() throws Exception {
    List<WindowBacktest.Found> found = backtest("workspace", WindowMetric.SPEND_PER_HOUR, quiet());

    assertThat(found).extracting(WindowBacktest.Found::series).containsExactly("workspace=acme");
  }

  /**
   * Shares and percentiles of steps are those of their windows together, as the stream has them.
   */
  @Test
  void backtest_sharesAndPercentiles_areOfTheWholeStep() throws Exception {
    List<WindowBacktest.Found> errors = backtest("team", WindowMetric.ERROR_SHARE, quiet());
    List<WindowBacktest.Found> latency = backtest("team", WindowMetric.LATENCY_US_P95, quiet());

    assertThat(errors).hasSize(1);
    assertThat(errors.get(0).episode().peakValue()).isEqualTo((1 + 4 * 30) / 500.0);
    assertThat(latency).hasSize(1);
    assertThat(latency.get(0).episode().peakValue())
        .isCloseTo(1.01 * Math.pow(1.01 / 0.99, 800), withinPercentage(1e-9));
    assertThat(backtest("team", WindowMetric.CALLS, quiet())).isEmpty();
  }

  @Test
  void everyMetric_isInTheTable() throws Exception {
    for (WindowMetric metric : WindowMetric.values()) {
      assertThat(backtest("team", metric, quiet())).as(metric.label()).isNotNull();
    }
  }

  private static List<WindowBacktest.Found> backtest(
      String groupingSet, WindowMetric metric, PrintWriter out) throws Exception {
    return new WindowBacktest(sql, metric.policy())
        .run(
            new WindowBacktest.Scope(
                "default",
                groupingSet,
                metric,
                TimeUnit.MINUTES.toMicros(5),
                OPENED_US - 72 * HOUR_US,
                OPENED_US,
                10),
            out);
  }

  private static PrintWriter quiet() {
    return new PrintWriter(new StringWriter());
  }

  @Test
  void summary_ofTheDay() {
    List<DaySummary> summaries =
        SummaryQueries.at(Instant.parse("2026-03-05T08:00:00Z"), engine.url(), "default");

    assertThat(summaries).hasSize(2);
    DaySummary spend = summaries.get(0);
    assertThat(spend.team()).isEmpty();
    // 200 x 0.01, 199 x 0.03 and 9
    assertThat(spend.cost()).isEqualByComparingTo("16.97");
    assertThat(spend.calls()).isEqualTo(400);
    assertThat(spend.dearest())
        .containsExactly(new DaySummary.FeatureCost("support-answer", new BigDecimal("16.97")));
    assertThat(summaries.get(1).team()).isEqualTo("support");
    assertThat(summaries.get(1).episodes()).isEqualTo(1);
    assertThat(summaries.get(1).moneyAboveBaseline()).isEqualByComparingTo("41.239");
  }

  @Test
  void views_ofAlerts_haveTheLastState() throws Exception {
    assertThat(
            sql.rows(
                "SELECT state, is_over, revision, toString(money_so_far) FROM episodes"
                    + " WHERE tenant = 'default'"))
        .containsExactly(List.of("UPDATED", "0", "2", "41.239"));
    assertThat(
            sql.rows(
                "SELECT team, alerts, toString(money_so_far) FROM alerts_by_team WHERE tenant = 'default'"))
        .containsExactly(List.of("support", "1", "41.239"));
    assertThat(
            sql.rows(
                "SELECT route, outcome, alerts, delay_p99_s FROM alert_delivery"
                    + " WHERE tenant = 'default' ORDER BY route"))
        .containsExactly(
            List.of("", "DROPPED", "1", "1"),
            List.of("pager", "FAILED", "1", "3"),
            List.of("slack:#support", "DELIVERED", "1", "2"));
  }
}
