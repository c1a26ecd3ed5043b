package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the views make of measurements: on the real engine, over rows written by hand. */
class GaugesIT {
  private static EngineFixture engine;

  @BeforeAll
  static void start() throws Exception {
    engine = EngineFixture.start();
    Migrations.apply(engine.options("serving"), Duration.ofDays(14));
    String at = "toDateTime64('2026-03-01 10:0";
    engine.execute(
        "INSERT INTO serving.gauges (tenant, host, model, name, value, time, attributes) VALUES "
            + gpu("gpu-1", "gpu_utilization_ratio", 0.4, at + "0:10', 6, 'UTC')", "0")
            + gpu("gpu-1", "gpu_utilization_ratio", 0.8, at + "0:40', 6, 'UTC')", "1")
            + gpu("gpu-1", "gpu_memory_used_bytes", 60, at + "0:40', 6, 'UTC')", "0")
            + gpu("gpu-1", "gpu_memory_limit_bytes", 80, at + "0:40', 6, 'UTC')", "0")
            + server("gpu-1", "server_running_requests", 3, at + "0:20', 6, 'UTC')", "gauge")
            + server(
                "gpu-1",
                "server_generated_total_tokens",
                100,
                at + "0:05', 6, 'UTC')",
                "cumulative")
            + server(
                "gpu-1",
                "server_generated_total_tokens",
                150,
                at + "0:35', 6, 'UTC')",
                "cumulative")
            + server(
                "gpu-1", "server_generated_total_tokens", 20, at + "1:05', 6, 'UTC')", "cumulative")
            + server("gpu-2", "server_generated_total_tokens", 7, at + "0:30', 6, 'UTC')", "delta")
            + gpu("gpu-3", "gpu_utilization_ratio", 0.1, at + "0:10', 6, 'UTC')", "0"));
    engine.execute(
        "INSERT INTO serving.calls (tenant, kind, source, item, sign, revision, event_time, model_returned,"
            + " price_status, cost, calls) VALUES"
            + " ('default', 'USAGE', 't1', 's1', 1, 1, "
            + at
            + "0:30', 6, 'UTC'), 'llama-3', 'PRICED', 0.5, 1),"
            + " ('default', 'USAGE', 't1', 's1', -1, 1, "
            + at
            + "0:30', 6, 'UTC'), 'llama-3', 'PRICED', 0.5, 1),"
            + " ('default', 'USAGE', 't1', 's1', 1, 2, "
            + at
            + "0:30', 6, 'UTC'), 'llama-3', 'PRICED', 0.25, 1),"
            + " ('default', 'USAGE', 't2', 's1', 1, 1, "
            + at
            + "0:31', 6, 'UTC'), 'llama-3', 'PRICED', 0.75, 1),"
            + " ('default', 'USAGE', 't3', 's1', 1, 1, "
            + at
            + "0:32', 6, 'UTC'), 'llama-3', 'UNPRICED', NULL, 1)");
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  private static String gpu(String host, String name, double value, String time, String gpu) {
    return "('default', '%s', NULL, '%s', %s, %s, map('temporality', 'gauge', 'gpu', '%s')) "
        .formatted(host, name, value, time, gpu);
  }

  private static String server(
      String host, String name, double value, String time, String temporality) {
    return "('default', '%s', 'llama-3', '%s', %s, %s, map('temporality', '%s')) "
        .formatted(host, name, value, time, temporality);
  }

  /** 100 to 150 is 50; the fall to 20 is a restart with 20 since; a first value is no increase. */
  @Test
  void counters_increaseByMinute_overRestarts() {
    assertThat(
            engine.texts(
                "SELECT toString((host, formatDateTime(minute, '%H:%i'), increase)) FROM serving.gauges_by_minute"
                    + " WHERE name = 'server_generated_total_tokens' ORDER BY host, minute"))
        .containsExactly("('gpu-1','10:00',50)", "('gpu-1','10:01',20)", "('gpu-2','10:00',7)");
  }

  @Test
  void serving_putsAcceleratorsRequestsAndMoneyOnOneTimeline() {
    assertThat(
            engine.texts(
                "SELECT toString((host, model, round(gpu_utilization, 3), gpu_memory_share, running_requests,"
                    + " generated_tokens, model_calls, model_cost, cost_per_request, model_hosts))"
                    + " FROM serving.serving WHERE formatDateTime(minute, '%H:%i') = '10:00' ORDER BY host"))
        .containsExactly(
            "('gpu-1','llama-3',0.6,0.75,3,50,3,1,0.5,2)",
            "('gpu-2','llama-3',NULL,NULL,NULL,7,3,1,0.5,2)",
            "('gpu-3',NULL,0.1,NULL,NULL,NULL,NULL,NULL,NULL,NULL)");
  }
}
