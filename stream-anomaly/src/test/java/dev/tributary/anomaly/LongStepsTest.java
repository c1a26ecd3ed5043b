package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps longer than the usual ones, of windows of a minute. */
class LongStepsTest {
  private static final long MINUTE_US = 60_000_000L;

  private static Window minute(String feature, long startUs, double cost) {
    Window window = WindowFeed.window("feature", Map.of("feature", feature), startUs, 40, cost);
    window.setLengthUs(MINUTE_US);
    return window;
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
    int warm = (int) Math.max(26 * 60 / minutes, 40);
    try (TopologyFixture fixture =
        TopologyFixture.of(
            AnomalyMain.APP,
            Map.of("tributary.topics.partitions", "1", "tributary.anomaly.step", minutes + "m"))) {
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
}
