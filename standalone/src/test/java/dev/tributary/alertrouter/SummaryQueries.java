package dev.tributary.alertrouter;

import dev.tributary.alertrouter.core.DaySummary;
import dev.tributary.runtime.config.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** The router's questions to a ClickHouse, for tests that have one. */
public final class SummaryQueries {
  private SummaryQueries() {}

  /** The summaries that are told at a time, a minute after the beginning of the day. */
  public static List<DaySummary> at(Instant now, String clickHouseUrl, String database) {
    Summaries summaries =
        new Summaries(
            AlertRouterConfig.from(
                Settings.of(
                    Map.of(
                        "tributary.alerts.summary-at", "00:01",
                        "tributary.alerts.clickhouse-url", clickHouseUrl,
                        "tributary.alerts.database", database),
                    AlertRouterConfig.allSettings())),
            new AlertRouterMetrics(new SimpleMeterRegistry()));
    return Awaitility.await("ClickHouse has answered")
        .atMost(Duration.ofSeconds(30))
        .until(() -> summaries.ready(now), ready -> !ready.isEmpty());
  }
}
