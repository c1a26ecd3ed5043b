package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is counted twice, sampled or refused, over rows written by hand. */
final class TelemetryViewsIT {
  private static EngineFixture engine;

  @BeforeAll
  static void start() throws SQLException {
    engine = EngineFixture.start();
    Migrations.apply(engine.options("seen"), Duration.ofDays(14));
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  /** A call at second {@code at} of a trace; its scope says whether it owns the usage. */
  private static String call(
      String trace, int at, int sign, int revision, String response, String scope, String cost) {
    return "('default', 'USAGE', '%s', 's%s', %d, %d, '2026-03-01 10:00:%02d', 'service of %s', %s, '%s', %s, 1)"
        .formatted(
            trace, response.replace("'", ""), sign, revision, at, trace, response, scope, cost);
  }

  @Test
  void callsThatNameAnotherTeamThanTheOwnershipTable_areCounted() {
    String call =
        "('default', 'USAGE', 'c%1$s', 's', %2$d, 1, '2026-03-01 10:00:00', 'disputed', 0.5, 1, %3$s)";
    engine.execute(
        "INSERT INTO seen.calls (tenant, kind, source, item, sign, revision, event_time, service_name,"
            + " cost, calls, owner_conflict) VALUES "
            + call.formatted("1", 1, "true")
            + ','
            + call.formatted("2", 1, "true")
            + ','
            + call.formatted("2", -1, "true")
            + ','
            + call.formatted("3", 1, "false"));

    assertThat(
            engine.texts(
                "SELECT toString((calls, owner_conflict_calls)) FROM seen.coverage WHERE service ="
                    + " 'disputed'"))
        .containsExactly("(2,1)");
  }

  @Test
  void doubleReported_responsesOfSeveralTraces_withAllButTheFirst() {
    engine.execute(
        "INSERT INTO seen.ledger (tenant, kind, source, item, sign, revision, event_time, service_name,"
            + " response_id, usage_scope, cost, calls) VALUES "
            // The gateway reports after the application, at another price; its line was corrected.
            + call("app", 1, 1, 1, "'both'", "LEAF", "0.3")
            + ','
            + call("gateway", 2, 1, 1, "'both'", "LEAF", "0.4")
            + ','
            + call("gateway", 2, -1, 1, "'both'", "LEAF", "0.4")
            + ','
            + call("gateway", 2, 1, 2, "'both'", "LEAF", "0.5")
            // One that was taken out, one whose usage is a shadow's, one alone, two without an id.
            + ','
            + call("app", 3, 1, 1, "'taken'", "LEAF", "0.3")
            + ','
            + call("gateway", 3, 1, 1, "'taken'", "LEAF", "0.3")
            + ','
            + call("gateway", 3, -1, 1, "'taken'", "LEAF", "0.3")
            + ','
            + call("app", 4, 1, 1, "'shadowed'", "LEAF", "0.3")
            + ','
            + call("gateway", 4, 1, 1, "'shadowed'", "NONE", "NULL")
            + ','
            + call("app", 5, 1, 1, "'alone'", "LEAF", "0.3")
            + ','
            + call("app", 6, 1, 1, "NULL", "LEAF", "0.3")
            + ','
            + call("gateway", 6, 1, 1, "NULL", "LEAF", "0.3")
            // The first has no price: too much is what the others cost.
            + ','
            + call("app", 7, 1, 1, "'unpriced'", "LEAF", "NULL")
            + ','
            + call("gateway", 8, 1, 1, "'unpriced'", "LEAF", "0.2"));

    assertThat(
            engine.texts(
                "SELECT toString((day, response_id, traces, trace_ids, services, calls, cost, cost_too_much))"
                    + " FROM seen.double_reported ORDER BY response_id"))
        .containsExactly(
            "('2026-03-01','both',2,['app','gateway'],['service of app','service of gateway'],2,0.8,0.5)",
            "('2026-03-01','unpriced',2,['app','gateway'],['service of app','service of gateway'],2,0.2,0.2)");
  }

  /** Two of three calls were drawn, with a quarter and a half: they stand for seven. */
  @Test
  void sampling_callsDrawnAtTheirHead_theirShareAndWhatTheyStandFor() {
    String line = "('default', 'USAGE', '%1$s', 's', 1, 1, '2026-04-01 10:00:00', '%2$s', %3$s, 1)";
    engine.execute(
        "INSERT INTO seen.ledger (tenant, kind, source, item, sign, revision, event_time, service_name,"
            + " sampling_probability, calls) VALUES "
            + line.formatted("d1", "drawn", "0.25")
            + ','
            + line.formatted("d2", "drawn", "0.5")
            + ','
            + line.formatted("d3", "drawn", "NULL")
            + ','
            + line.formatted("d4", "whole", "1"));

    assertThat(
            engine.texts(
                "SELECT toString((service, calls, sampled_calls, round(sampled_share, 4), calls_stood_for))"
                    + " FROM seen.sampling WHERE hour = '2026-04-01 10:00:00'"))
        .containsExactly("('drawn',3,2,0.6667,7)");
  }

  @Test
  void refused_recordsAndTheMoneyTheyWouldHaveCost() {
    String record =
        "('default', 'attribution', '%s', 'checkout', %s, '2026-04-01 10:%s:00', 't', 0, 0, 0)";
    engine.execute(
        "INSERT INTO seen.rejected (tenant, module, reason, service_name, would_be_cost, rejected_at,"
            + " source_topic, source_partition, source_offset, source_index) VALUES "
            + record.formatted("BEYOND_MEMORY", "0.2", "01")
            + ','
            + record.formatted("BEYOND_MEMORY", "0.3", "02")
            + ','
            + record.formatted("BEYOND_MEMORY", "NULL", "03")
            + ','
            + record.formatted("WRONG_KEY", "NULL", "04"));

    assertThat(
            engine.texts(
                "SELECT toString((module, reason, service, records, would_be_cost)) FROM seen.refused"
                    + " ORDER BY reason"))
        .containsExactly(
            "('attribution','BEYOND_MEMORY','checkout',3,0.5)",
            "('attribution','WRONG_KEY','checkout',1,NULL)");
  }
}
