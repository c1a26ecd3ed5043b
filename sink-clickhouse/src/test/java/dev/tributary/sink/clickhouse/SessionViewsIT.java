package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the scores say of sessions and of their turns, over rows written by hand. */
final class SessionViewsIT {
  private static EngineFixture engine;

  @BeforeAll
  static void start() throws SQLException {
    engine = EngineFixture.start();
    Migrations.apply(engine.options("talks"), Duration.ofDays(14));
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  private static String outcome(
      String tenant, String id, String kind, String session, String name, String label) {
    return "('%s', '%s', '%s', '%s', '%s', '%s', %s, 'BUSINESS', '%s', '2026-03-01 11:00:00')"
        .formatted(
            tenant,
            id,
            kind,
            session,
            session,
            name,
            label,
            name.equals("broken") ? "FAILED" : "SCORED");
  }

  @Test
  void outcome_isWhatTheBusinessScoredTheSession_unlessItsRecordSaysOne() {
    engine.execute(
        "INSERT INTO talks.sessions (tenant, session_id, revision, end_time, turns, cost, feature, outcome)"
            + " VALUES ('default', 'a', 1, '2026-03-01 10:05:00', 2, 0.8, 'help', NULL),"
            + " ('default', 'b', 1, '2026-03-01 10:05:00', 2, 0.4, 'help', NULL),"
            + " ('default', 'c', 1, '2026-03-01 10:05:00', 2, 0.2, 'help', 'told'),"
            + " ('other', 'a', 1, '2026-03-01 10:05:00', 2, 0.1, 'help', NULL)");
    engine.execute(
        "INSERT INTO talks.scores (tenant, score_id, subject_kind, subject_id, session_id, name, label,"
            + " source, status, scored_at) VALUES "
            + outcome("default", "1", "SESSION", "a", "ticket", "'resolved'")
            + ','
            + outcome("default", "2", "SESSION", "a", "sale", "NULL")
            + ','
            + outcome("default", "3", "TRACE", "b", "click", "NULL")
            + ','
            + outcome("default", "4", "SESSION", "b", "broken", "NULL")
            + ','
            + outcome("default", "5", "SESSION", "c", "sale", "NULL"));

    assertThat(
            engine.texts(
                "SELECT toString((tenant, session_outcome, session_count, cost_per_session)) FROM"
                    + " talks.session_costs WHERE feature = 'help' ORDER BY tenant, session_outcome"))
        .containsExactly(
            "('default','none',1,0.4)",
            "('default','sale, ticket resolved',1,0.8)",
            "('default','told',1,0.2)",
            "('other','none',1,0.1)");
  }

  /** Scores 0.5 of weight 4 and 1 of weight 1: mean 3/5, variance (16 x 0.01 + 0.16) / 25 x 2. */
  @Test
  void turnScores_weighted_withTheirInterval_nullForOne() {
    engine.execute(
        "INSERT INTO talks.sessions (tenant, session_id, revision, feature, turn_list.trace_id,"
            + " turn_list.number) VALUES ('default', 's1', 1, 'chat', ['t1', 't2', 't3'], [1, 2, 3]),"
            + " ('default', 's2', 1, 'chat', ['t4'], [1])");
    String score = "('default', '%s', '%s', '%s', 'tone', 'EVALUATOR', '%s', %s, %s)";
    engine.execute(
        "INSERT INTO talks.scores (tenant, score_id, subject_kind, trace_id, name, source, status, value,"
            + " inclusion_probability) VALUES "
            + score.formatted("t1", "TRACE", "t1", "SCORED", "0.5", "0.25")
            + ','
            + score.formatted("t4", "SPAN", "t4", "SCORED", "1", "NULL")
            + ','
            + score.formatted("t2", "TRACE", "t2", "SCORED", "0.7", "1")
            + ','
            + score.formatted("t3", "TRACE", "t3", "FAILED", "NULL", "1")
            + ','
            + score.formatted("t9", "TRACE", "t9", "SCORED", "0", "1"));

    assertThat(
            engine.texts(
                "SELECT toString((turn, name, source, scores, mean, round(standard_error, 6),"
                    + " round(low, 4), round(high, 4))) FROM talks.session_turn_scores ORDER BY turn"))
        .containsExactly(
            "(1,'tone','evaluator',2,0.6,0.16,0.2864,0.9136)",
            "(2,'tone','evaluator',1,0.7,NULL,NULL,NULL)");
  }
}
