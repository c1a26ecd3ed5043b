package dev.tributary.standalone.episode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.alertrouter.SummaryQueries;
import dev.tributary.alertrouter.core.DaySummary;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.testing.SinkEngine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of episodes that end, are amended and come back, on the real engine. */
final class EpisodeViewsIT {
  /** 2026-03-04 14:05 UTC. */
  private static final long OPENED_S = 1_772_633_100L;

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

  private static String at(long seconds) {
    return "fromUnixTimestamp64Micro(toInt64(" + (OPENED_S + seconds) + "000000))";
  }

  /** What it had before midnight was told the day before. */
  @Test
  void summary_ofAnEpisodeThatComesBackTheNextDay_hasTheMoneyOfTheDay() throws Exception {
    StringJoiner rows = new StringJoiner(", ");
    String[][] alerts = {
      {"opened", "2026-02-10 22:00:00", "1", "NULL"},
      {"ended", "2026-02-10 22:30:00", "7", "1000"},
      {"opened:9", "2026-02-11 02:00:00", "9", "1001"},
      {"ended:14", "2026-02-11 02:20:00", "14", "1010"}
    };
    for (String[] alert : alerts) {
      rows.add(
          "('nightly', 'e9:%s', 'night', 'e9', '%s', %s, %s)"
              .formatted(alert[0], alert[1], alert[2], alert[3]));
    }
    sql.run(
        "INSERT INTO alerts (tenant, alert_id, team, episode_id, created_at, revision, money_so_far) VALUES "
            + rows,
        "TSV");

    List<DaySummary> first =
        SummaryQueries.at(Instant.parse("2026-02-11T08:00:00Z"), engine.url(), "default");
    List<DaySummary> second =
        SummaryQueries.at(Instant.parse("2026-02-12T08:00:00Z"), engine.url(), "default");

    assertThat(first.get(0).episodes()).isEqualTo(1);
    assertThat(first.get(0).moneyAboveBaseline()).isEqualByComparingTo("1000");
    assertThat(second.get(0).episodes()).isEqualTo(1);
    assertThat(second.get(0).moneyAboveBaseline()).isEqualByComparingTo("10");
  }

  /** Late windows amend an episode for an hour after its end: that does not open it again. */
  @Test
  void views_ofAnEpisodeAmendedAfterItsEnd_areOver() throws Exception {
    sql.run(
        "INSERT INTO anomalies (tenant, episode_id, state, environment, series, metric, revision, opened_at,"
            + " window_start, score, kafka_partition, kafka_offset) VALUES"
            + " ('late', 'e1', 'RESOLVED', 'production', 's', 'calls', 2, "
            + at(0)
            + ", "
            + at(60)
            + ", 1, 0, 10), ('late', 'e1', 'AMENDED', 'production', 's', 'calls', 3, "
            + at(0)
            + ", "
            + at(0)
            + ", 1, 0, 11)",
        "TSV");

    assertThat(sql.rows("SELECT state, is_over, revision FROM episodes WHERE tenant = 'late'"))
        .containsExactly(List.of("AMENDED", "1", "3"));
  }

  @Test
  void views_ofAnEpisodeThatComesBack_areNotOver() throws Exception {
    StringJoiner rows = new StringJoiner(", ");
    List<String> states = List.of("OPENED", "RESOLVED", "OPENED", "UPDATED", "AMENDED");
    for (int i = 0; i < states.size(); i++) {
      rows.add(
          "('back', 'e1', '%s', 'production', 's', 'calls', %d, %s, %s, 1, 0, %d)"
              .formatted(states.get(i), i + 1, at(0), at(60 * i), 20 + i));
    }
    sql.run(
        "INSERT INTO anomalies (tenant, episode_id, state, environment, series, metric, revision, opened_at,"
            + " window_start, score, kafka_partition, kafka_offset) VALUES "
            + rows,
        "TSV");

    assertThat(sql.rows("SELECT state, is_over, revision FROM episodes WHERE tenant = 'back'"))
        .containsExactly(List.of("AMENDED", "0", "5"));
    StringWriter text = new StringWriter();
    new EpisodeReport(sql, "back").print("e1", new PrintWriter(text));
    assertThat(text.toString()).contains("back since");
  }
}
