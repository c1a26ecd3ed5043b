package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What comparisons of versions are made of, over rows written by hand. */
final class ComparisonViewsIT {
  private static EngineFixture engine;

  @BeforeAll
  static void start() throws SQLException {
    engine = EngineFixture.start();
    Migrations.apply(engine.options("arms"), Duration.ofDays(14));
    engine.execute(
        "INSERT INTO arms.calls (tenant, kind, source, item, sign, revision, event_time,"
            + " environment, feature, workspace, prompt_name, prompt_version, model_canonical,"
            + " purpose, calls, cost, latency_us, usage_quality, input_uncached_tokens,"
            + " output_text_tokens, finish_reasons, error) VALUES "
            + call("t1", 1, 1, "v12", "PRODUCT", "0.5", "['STOP']")
            + ','
            + call("t1", -1, 1, "v12", "PRODUCT", "0.5", "['STOP']")
            + ','
            + call("t1", 1, 2, "v12", "PRODUCT", "1.5", "['STOP']")
            + ','
            + call("t2", 1, 1, "v12", "PRODUCT", "NULL", "['LENGTH']")
            + ','
            + call("t3", 1, 1, "v13", "PRODUCT", "2", "[]")
            + ','
            + call("t4", 1, 1, "v13", "EVAL", "100", "['STOP']")
            + ','
            + call("t9", 1, 1, "v20", "PRODUCT", "1", "['STOP']")
            + ','
            + call("t9", 1, 1, "v20", "PRODUCT", "3", "['LENGTH']").replace("'s'", "'s2'")
            + ','
            + call("t10", 1, 1, "v20", "PRODUCT", "5", "['STOP']"));
    engine.execute(
        "INSERT INTO arms.scores (tenant, score_id, subject_kind, subject_id, trace_id, name, value,"
            + " direction, source, status, inclusion_probability, scored_at, subject_end,"
            + " environment, feature, workspace, prompt_name, prompt_version) VALUES "
            + score("a", "faithfulness", "0.8", "EVALUATOR", "SCORED", "0.5")
            + ','
            + score("b", "faithfulness", "0.4", "EVALUATOR", "SCORED", "1")
            + ','
            + score("c", "faithfulness", "NULL", "EVALUATOR", "FAILED", "0.1")
            + ','
            + score("d", "thumb", "1", "USER", "SCORED", "NULL")
            + ','
            + score("g", "sideways", "1", "EVALUATOR", "SCORED", "1")
                .replace("HIGHER_IS_BETTER", "UNKNOWN")
            + ','
            + score("h", "later", "1", "EVALUATOR", "SCORED", "1")
                .replace("HIGHER_IS_BETTER", "NEAR_HALF_IS_BETTER")
            + ','
            + score("e", "kind", "0.5", "EVALUATOR", "SCORED", "0.5")
            + ','
            + score("e", "kind", "1", "EVALUATOR", "SCORED", "1")
                .replace("'e', 'SPAN'", "'e2', 'SPAN'")
            + ','
            + score("f", "kind", "0", "EVALUATOR", "SCORED", "1")
                .replace("'SPAN', 's', 'f'", "'SESSION', 'f', NULL"));
    engine.execute(
        "INSERT INTO arms.spans (tenant, trace_id, span_id, end_time, tags, kafka_offset) VALUES "
            + span("1", "v12", "h1")
            + ','
            + span("2", "v12", "h1")
            + ','
            + span("2", "v12", "h1")
            + ','
            + span("3", "v13", "h2")
            + ','
            + span("4", "v13", "h3"));
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void sums_ofCalls_areOfNetProductCalls_andNullIsNoValue() {
    assertThat(
            engine.texts(
                "SELECT toString((prompt_version, dimension, kind, good, n, wy, wwyy)) FROM"
                    + " arms.comparison_sums WHERE prompt_version != 'v20' AND dimension IN ('cost_per_call', 'length_share',"
                    + " 'latency_ms', 'input_tokens') ORDER BY prompt_version, dimension"))
        .containsExactly(
            "('v12','cost_per_call','AMOUNT','LOWER',1,1.5,2.25)",
            "('v12','input_tokens','AMOUNT','NEITHER',2,200,20000)",
            "('v12','latency_ms','AMOUNT','LOWER',2,4,8)",
            "('v12','length_share','SHARE','LOWER',2,1,1)",
            "('v13','cost_per_call','AMOUNT','LOWER',1,2,4)",
            "('v13','input_tokens','AMOUNT','NEITHER',1,100,10000)",
            "('v13','latency_ms','AMOUNT','LOWER',1,2,4)");
  }

  @Test
  void sums_ofScores_areWeighted_andAtTheTimeOfTheirSubject() {
    assertThat(
            engine.texts(
                "SELECT toString((toHour(hour), dimension, good, n, w, ww, wy, wwy, round(wwyy,"
                    + " 6))) FROM arms.comparison_sums WHERE kind = 'SCORE' AND dimension != 'score.kind' ORDER BY dimension"))
        .containsExactly(
            "(10,'score.faithfulness','HIGHER',2,3,5,2,3.6,2.72)",
            "(10,'score.user.thumb','HIGHER',1,1,1,1,1,1)");
  }

  /** The column holds whatever the writer called it: a name that this version does not know too. */
  @Test
  void scores_ofADirectionNobodyKnows_areNotCompared() {
    assertThat(
            engine.texts(
                "SELECT toString(count()) FROM arms.comparison_scores WHERE dimension IN"
                    + " ('score.sideways', 'score.later')"))
        .containsExactly("0");
    assertThat(engine.texts("SELECT score_id FROM arms.scores_net WHERE name = 'later'"))
        .containsExactly("h");
  }

  /** What belongs together is squared together: two calls of a trace, two scores in one. */
  @Test
  void sums_ofOneTrace_areOfOneUnit() {
    assertThat(
            engine.texts(
                "SELECT toString((dimension, n, traces, w, ww, wy, wwy, wwyy)) FROM"
                    + " arms.comparison_sums WHERE prompt_version = 'v20' AND dimension IN"
                    + " ('cost_per_call', 'length_share') OR dimension = 'score.kind' ORDER BY"
                    + " dimension"))
        .containsExactly(
            "('cost_per_call',3,2,3,5,9,13,41)",
            "('length_share',3,2,3,5,1,2,1)",
            "('score.kind',3,2,4,10,2,6,4)");
  }

  @Test
  void means_ofOneTrace_haveNoError() {
    assertThat(
            engine.texts(
                "SELECT toString((round(mean, 4), round(standard_error, 4))) FROM"
                    + " arms.version_means WHERE prompt_version = 'v20' AND dimension ="
                    + " 'cost_per_call' OR dimension = 'score.user.thumb' ORDER BY dimension"))
        // Residuals 4 - 2 x 3 and 5 - 3, over a weight of 3.
        .containsExactly("(3,1.3333)", "(1,NULL)");
  }

  @Test
  void means_byVersionAndDay_haveTheirError() {
    assertThat(
            engine.texts(
                "SELECT toString((values, round(mean, 4), round(standard_error, 4))) FROM"
                    + " arms.version_means WHERE dimension = 'score.faithfulness'"))
        // Residuals 2 x (0.8 - 2/3) and 0.4 - 2/3, over a weight of 3.
        .containsExactly("(2,0.6667,0.1778)");
  }

  @Test
  void promptVersions_areDiscovered_andAChangedHashIsFlagged() {
    assertThat(
            engine.texts(
                "SELECT toString((prompt_name, prompt_version, spans, hashes, is_changed)) FROM"
                    + " arms.prompt_versions ORDER BY prompt_version"))
        .containsExactly("('answer','v12',2,['h1'],0)", "('answer','v13',2,['h2','h3'],1)");
  }

  private static String call(
      String trace,
      int sign,
      int revision,
      String version,
      String purpose,
      String cost,
      String reasons) {
    return ("('default', 'USAGE', '%s', 's', %d, %d, '2026-03-01 10:05:00', 'prod', 'chat', 'acme',"
            + " 'answer', '%s', 'gpt-5', '%s', 1, %s, 2000, 'REPORTED', 100, 20, %s, false)")
        .formatted(trace, sign, revision, version, purpose, cost, reasons);
  }

  private static String score(
      String id, String name, String value, String source, String status, String probability) {
    return ("('default', '%s', 'SPAN', 's', '%s', '%s', %s, 'HIGHER_IS_BETTER', '%s', '%s', %s,"
            + " '2026-03-01 12:00:00', '2026-03-01 10:05:00', 'prod', 'chat', 'acme', 'answer',"
            + " 'v12')")
        .formatted(id, id, name, value, source, status, probability);
  }

  private static String span(String id, String version, String hash) {
    return ("('default', 't%s', 's%s', '2026-03-01 10:05:00', map('prompt_name', 'answer',"
            + " 'prompt_version', '%s', 'prompt_hash', '%s'), %s)")
        .formatted(id, id, version, hash, id);
  }
}
