package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Views that show the last of several states, and shares of a whole, over rows written by hand. */
final class LastStateViewsIT {
  private static EngineFixture engine;

  @BeforeAll
  static void start() throws SQLException {
    engine = EngineFixture.start();
    Migrations.apply(engine.options("last"), Duration.ofDays(14));
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  /** A budget that is withdrawn has neither a value nor a limit any more. */
  @Test
  void episodes_whatTheLastStateDoesNotKnow_isNull() {
    engine.execute(
        "INSERT INTO last.anomalies (tenant, episode_id, state, series, metric, revision, opened_at,"
            + " window_start, observed, baseline, factor, money_so_far, money_per_hour, score) VALUES"
            + " ('default', 'e', 'OPENED', 's', 'm', 1, '2026-03-01 10:00:00', '2026-03-01 10:00:00',"
            + " 5, 4, 1.25, 7, 3, 1),"
            + " ('default', 'e', 'RESOLVED', 's', 'm', 2, '2026-03-01 10:00:00', '2026-03-01 11:00:00',"
            + " NULL, NULL, NULL, NULL, NULL, 1)");

    assertThat(
            engine.texts(
                "SELECT toString((state, observed, baseline, factor, money_so_far, money_per_hour))"
                    + " FROM last.episodes"))
        .containsExactly("('RESOLVED',NULL,NULL,NULL,NULL,NULL)");
  }

  @Test
  void alertsByTeam_whatTheLastAlertDoesNotKnow_isNull() {
    engine.execute(
        "INSERT INTO last.alerts (tenant, alert_id, team, severity, created_at, episode_id, state,"
            + " opened_at, money_so_far, money_per_hour) VALUES"
            + " ('default', 'a1', 'blue', 'warning', '2026-03-01 10:00:00', 'e', 'OPENED',"
            + " '2026-03-01 10:00:00', 7, 3),"
            + " ('default', 'a2', 'blue', 'info', '2026-03-01 11:00:00', 'e', 'RESOLVED',"
            + " '2026-03-01 10:00:00', NULL, NULL)");

    assertThat(
            engine.texts(
                "SELECT toString((severity, alerts, money_so_far, money_per_hour)) FROM last.alerts_by_team"))
        .containsExactly("('info',2,NULL,NULL)");
  }

  /** Three traces of one hour, one of them of no length: 10 of 40 were spent on tools. */
  @Test
  void criticalPath_sharesOfAnHour_addUp() {
    engine.execute(
        "INSERT INTO last.traces (tenant, trace_id, revision, end_time, team, feature, wall_time_us,"
            + " critical_path_us) VALUES"
            + " ('default', 't1', 1, '2026-03-01 10:05:00', 'blue', 'chat', 30, map('LLM', 30)),"
            + " ('default', 't2', 1, '2026-03-01 10:06:00', 'blue', 'chat', 10, map('TOOL', 10)),"
            + " ('default', 't3', 1, '2026-03-01 10:07:00', 'blue', 'chat', 0, map('LLM', 0)),"
            + " ('default', 't4', 1, '2026-03-01 11:07:00', 'blue', 'chat', 0, map('LLM', 0))");

    assertThat(
            engine.texts(
                "SELECT toString((toHour(hour), kind, traces, time_us, share)) FROM last.critical_path"
                    + " ORDER BY hour, kind"))
        .containsExactly("(10,'LLM',2,30,0.75)", "(10,'TOOL',1,10,0.25)", "(11,'LLM',1,0,NULL)");
  }
}
