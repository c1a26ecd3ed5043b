package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Cell;
import dev.tributary.schemas.TokenSums;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps that are shorter or longer than the usual five minutes, of windows of a minute. */
class StepLengthTest {
  private static final long MINUTE_US = 60_000_000L;

  private static Window minute(String feature, long startUs, double cost) {
    Window window = WindowFeed.window("feature", Map.of("feature", feature), startUs, 40, cost);
    window.setLengthUs(MINUTE_US);
    return window;
  }

  private static TopologyFixture fixture(int minutes, String lookBack) {
    return TopologyFixture.of(
        AnomalyMain.APP,
        Map.of(
            "tributary.topics.partitions",
            "1",
            "tributary.anomaly.step",
            minutes + "m",
            "tributary.anomaly.look-back",
            lookBack));
  }

  /**
   * Windows lie by step, series and minute: the later minutes of a series must not lie behind those
   * of another whose name goes on after its own.
   */
  @ParameterizedTest
  @CsvSource({
    "5, chat-eu",
    "15, chat-eu",
    "20, chat-eu",
    "30, chat/eu",
    "60, chatter",
    "60, chat|x"
  })
  void step_ofASeriesWhoseNameAnotherBeginsWith_isWhole(int minutes, String other) {
    long stepUs = minutes * MINUTE_US;
    int warm = Math.max(26 * 60 / minutes, 40);
    try (TopologyFixture fixture = fixture(minutes, "1h")) {
      WindowFeed feed = new WindowFeed(fixture);
      for (int step = 0; step < warm + 3; step++) {
        long startUs = WindowFeed.START_US + step * stepUs;
        for (int at = 0; at < minutes; at++) {
          feed.send(minute("chat", startUs + at * MINUTE_US, step < warm ? 1 : 9));
          feed.send(minute(other, startUs + at * MINUTE_US, 1));
        }
        feed.close(startUs + stepUs);
      }

      List<Anomaly> anomalies = fixture.values(Topics.ANOMALIES);
      assertThat(anomalies)
          .filteredOn(anomaly -> anomaly.getMetric().equals("spend_per_hour"))
          .isNotEmpty()
          .allSatisfy(
              anomaly -> {
                assertThat(anomaly.getDimensions()).isEqualTo(Map.of("feature", "chat"));
                assertThat(anomaly.getObserved()).isEqualTo(9 * 60);
                assertThat(anomaly.getBaseline()).isEqualTo(60);
              });
    }
  }

  private static Cell cell(String workspace, long startUs, double cost) {
    TokenSums tokens = new TokenSums();
    tokens.setInputUncached(Math.round(1_000 * cost));
    return WindowFeed.cell(
        Map.of("feature", "chat", "workspace", workspace, "model", "m"),
        startUs,
        40,
        tokens,
        Map.of("in.text.uncached", WindowFeed.money(cost)));
  }

  /** Cells are of five minutes whatever a step is, and have to be there for the steps that ask. */
  @ParameterizedTest
  @CsvSource({
    "1, 0, 1h",
    "1, 1, 1h",
    "1, 2, 10m",
    "1, 3, 1h",
    "1, 4, 1h",
    "5, 0, 1h",
    "10, 0, 1h",
    "15, 0, 1h",
    "20, 0, 1h",
    "30, 0, 1h",
    "60, 0, 1h"
  })
  void cause_isNamedAndStays(int minutes, int phase, String lookBack) {
    int warm = Math.max(26 * 60, 40 * minutes);
    int end = warm + phase + 13 * Math.max(5, minutes);
    List<String> workspaces = List.of("acme", "bolt", "cyan", "dune");
    try (TopologyFixture fixture = fixture(minutes, lookBack)) {
      WindowFeed feed = new WindowFeed(fixture);
      double hit = 0;
      for (int minute = 0; minute < end; minute++) {
        long atUs = WindowFeed.START_US + minute * MINUTE_US;
        double cost = minute < warm + phase ? 1 : 17;
        feed.send(minute("chat", atUs, 3 + cost));
        hit += cost;
        if (minute % 5 == 4) {
          for (String workspace : workspaces) {
            boolean isHit = workspace.equals("acme");
            feed.send(cell(workspace, atUs - 4 * MINUTE_US, isHit ? hit : 5));
          }
          hit = 0;
        }
        if ((minute + 1) % minutes == 0) {
          feed.close(atUs + MINUTE_US);
        }
      }

      List<Anomaly> spend =
          fixture.<Anomaly>values(Topics.ANOMALIES).stream()
              .filter(anomaly -> anomaly.getMetric().equals("spend_per_hour"))
              .toList();
      assertThat(spend).hasSizeGreaterThan(10);
      assertThat(spend.get(spend.size() - 1).getSentence())
          .contains("tokens per call +4", "in workspace acme");
    }
  }
}
