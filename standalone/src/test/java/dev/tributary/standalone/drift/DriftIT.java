package dev.tributary.standalone.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.drift.DriftRule;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.testing.SinkEngine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drift on the real engine, over the sink's tables and views: an hour against the one before. */
final class DriftIT {
  /** 2026-03-04 14:05 UTC. */
  private static final long FROM_S = 1_772_633_100L;

  private static final long FROM_US = FROM_S * 1_000_000;
  private static final long HOUR_US = TimeUnit.HOURS.toMicros(1);

  @TempDir static Path folder;

  private static SinkEngine engine;
  private static SqlClient sql;

  @BeforeAll
  static void start() throws Exception {
    engine = SinkEngine.start(folder.resolve("data"));
    sql = engine.sql();
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  private record Report(String text, long drifted) {}

  private static Report report(String feature) throws Exception {
    StringWriter text = new StringWriter();
    DriftQuery query =
        new DriftQuery(
            "default", feature, null, FROM_US, FROM_US + HOUR_US, FROM_US - HOUR_US, FROM_US);
    long drifted = new DriftReport(sql).print(query, DriftRule.DEFAULT, new PrintWriter(text));
    return new Report(text.toString(), drifted);
  }

  /**
   * Calls ten seconds apart.
   *
   * @param from of the first one, seconds after the period's begin
   * @param columns prompt, returned model, cost, output tokens and finish reason, of {@code number}
   */
  private static void insertCalls(String feature, long from, int count, String columns)
      throws Exception {
    sql.run(
        "INSERT INTO calls (tenant, kind, source, item, sign, revision, event_time, start_time,"
            + " span_kind, purpose, feature, environment, prompt_name, prompt_version,"
            + " model_requested, model_returned, usage_quality, price_status, cost, calls, error,"
            + " latency_us, output_text_tokens, finish_reasons) SELECT 'default', 'USAGE', concat('"
            + feature
            + from
            + "-', toString(number)), 's', 1, 1, at, at, 'LLM', 'PRODUCT', '"
            + feature
            + "', 'production', prompt, 'v1', 'gpt-x', returned, 'REPORTED', 'PRICED', cost, 1, false,"
            + " 500000, tokens, [finish] FROM (SELECT number, fromUnixTimestamp64Micro(toInt64("
            + (FROM_S + from)
            + " + 10 * number) * 1000000) AS at, "
            + columns
            + " FROM numbers("
            + count
            + "))",
        "TSV");
  }

  @Test
  void swappedModel_isFound() throws Exception {
    String before = "'p' AS prompt, 'gpt-x-1' AS returned, 0.01 AS cost,";
    insertCalls("swap", -3000, 200, before + " 100 + number % 7 AS tokens, 'STOP' AS finish");
    insertCalls(
        "swap",
        10,
        200,
        "'p' AS prompt, 'gpt-x-2' AS returned, 0.03 AS cost, 300 + number % 7 AS tokens,"
            + " if(number % 3 = 0, 'LENGTH', 'STOP') AS finish");

    Report report = report("swap");

    assertThat(report.text())
        .contains("production, prompt p v1, alias gpt-x: [gpt-x-1] -> [gpt-x-2]")
        .containsPattern("output length .*DRIFT")
        .containsPattern("finish reason .*STOP 100.0 % .*DRIFT")
        .containsPattern("cost .*DRIFT")
        .doesNotContainPattern("latency .*DRIFT");
    assertThat(report.drifted()).isEqualTo(3);
  }

  /** Version v1 of one prompt is another than v1 of the next: their mix is no drift of either. */
  @Test
  void versionsOfTwoPrompts_areApart() throws Exception {
    String others = " AS prompt, 'm' AS returned, 0.01 AS cost,";
    String tokens = " if(prompt = 'short', 100, 1000) AS tokens, 'STOP' AS finish";
    insertCalls("two", -2000, 200, "if(number % 2 = 0, 'short', 'long')" + others + tokens);
    insertCalls("two", 0, 200, "if(number % 4 = 0, 'short', 'long')" + others + tokens);

    Report report = report("two");

    assertThat(report.drifted()).as(report.text()).isZero();
    assertThat(report.text()).contains("prompt long v1, m", "prompt short v1, m");
  }

  /**
   * In both hours every tenth answer is bad. Judged are the bad ones and one of ten others; now all
   * are. What people say is apart, and what a result is worth is no score.
   */
  @Test
  void scores_weighWhatTheyStandFor() throws Exception {
    String before = "if(number % 2 = 0, 0.2, 0.9) AS value, if(number % 2 = 0, 1, 1 / 9) AS chance";
    insertScores("EVALUATOR", "before", -3000, 200, before);
    insertScores(
        "EVALUATOR", "now", 10, 1000, "if(number % 10 = 0, 0.2, 0.9) AS value, 1. AS chance");
    insertScores("HUMAN", "people", -3000, 60, "0.2 AS value, 1. AS chance");
    insertScores("BUSINESS", "worth", -3000, 60, "1e12 AS value, 1. AS chance");

    Report report = report("judged");

    assertThat(report.drifted()).as(report.text()).isZero();
    assertThat(report.text())
        .containsPattern("score helpful +122 +1000 +median 0.925 +median 0.925")
        .contains("0 of 1 measures drifted");
  }

  private static void insertScores(String source, String ids, long from, int count, String columns)
      throws Exception {
    sql.run(
        "INSERT INTO scores (tenant, score_id, subject_kind, subject_id, name, value, direction,"
            + " source, status, inclusion_probability, scored_at, subject_end, model, feature,"
            + " environment, prompt_name, prompt_version, kafka_offset) SELECT 'default', concat('"
            + ids
            + "', toString(number)), 'TRACE', toString(number), 'helpful', value,"
            + " 'HIGHER_IS_BETTER', '"
            + source
            // An hour later than what was judged.
            + "', 'SCORED', chance, at + toIntervalHour(1), at, 'm', 'judged', 'production', 'p', 'v1',"
            + " number FROM (SELECT number, fromUnixTimestamp64Micro(toInt64("
            + (FROM_S + from)
            + " + number) * 1000000) AS at, "
            + columns
            + " FROM numbers("
            + count
            + "))",
        "TSV");
  }
}
