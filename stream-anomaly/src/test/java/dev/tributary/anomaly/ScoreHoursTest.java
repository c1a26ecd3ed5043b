package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.ScoreSums;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scores are judged by the hour, whether or not any come in its last step. */
class ScoreHoursTest {
  private static final Map<String, String> SUPPORT = Map.of("feature", "support");
  private static final int HOUR = 12;

  private final TopologyFixture fixture = WindowFeed.fixture();
  private final WindowFeed feed = new WindowFeed(fixture);

  @AfterEach
  void close() {
    fixture.close();
  }

  /** A step with so many scores of 0.5 where 0.85 is the least, and the end of it. */
  private void step(int number, long calls, long scores) {
    if (calls > 0 || scores > 0) {
      Window window = WindowFeed.window("feature", SUPPORT, WindowFeed.step(number), calls, 1);
      if (scores > 0) {
        window.setScores(
            List.of(
                ScoreSums.newBuilder()
                    .setSource("evaluator")
                    .setName("faithfulness")
                    .setN(scores)
                    .setWeight((double) scores)
                    .setWeightedValue(0.5 * scores)
                    .setWeightSquared((double) scores)
                    .setWeightedValueSquared(0.25 * scores)
                    .build()));
      }
      feed.send(window);
    }
    feed.close(WindowFeed.step(number + 1));
  }

  private List<Alert> alerts() {
    return fixture.values(Topics.ALERTS);
  }

  private static void isOfTheHour(List<Alert> alerts) {
    assertThat(alerts)
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.getEpisode().getMetric()).isEqualTo("score.evaluator.faithfulness");
              assertThat(alert.getEpisode().getWindowStartUs()).isEqualTo(WindowFeed.step(0));
              assertThat(alert.getCreatedAtUs()).isEqualTo(WindowFeed.step(HOUR));
            });
  }

  @Test
  void hour_withScoresToItsEnd_isToldThen() {
    for (int step = 0; step < HOUR - 1; step++) {
      step(step, 50, 20);
    }
    assertThat(alerts()).isEmpty();
    step(HOUR - 1, 50, 20);

    isOfTheHour(alerts());
  }

  /** Calls go on, but nobody evaluates them any more. */
  @Test
  void hour_whoseScoresEndBeforeIt_isToldThen() {
    for (int step = 0; step < HOUR; step++) {
      step(step, 50, step < 9 ? 20 : 0);
    }

    isOfTheHour(alerts());
  }

  /** A batch that is evaluated at the full hour, and nothing after it until the next night. */
  @Test
  void hour_afterWhichTheSeriesIsSilent_isToldThen() {
    for (int step = 0; step < HOUR - 1; step++) {
      step(step, step < 4 ? 50 : 0, step < 4 ? 20 : 0);
    }
    assertThat(alerts()).isEmpty();
    step(HOUR - 1, 0, 0);

    isOfTheHour(alerts());
  }

  /** In one minute's window one answer that was sampled stands for most of the calls. */
  @Test
  void hour_thatOneSampledScoreMakes_isNotTold() {
    for (int step = 0; step < HOUR; step++) {
      boolean hasSampled = step == 5;
      Window window = WindowFeed.window("feature", SUPPORT, WindowFeed.step(step), 50, 1);
      window.setScores(
          List.of(
              ScoreSums.newBuilder()
                  .setSource("evaluator")
                  .setName("faithfulness")
                  .setN(hasSampled ? 21 : 20)
                  .setWeight(hasSampled ? 120 : 20)
                  .setWeightedValue(19)
                  .setWeightSquared(hasSampled ? 10_020 : 20)
                  .setWeightedValueSquared(18.05)
                  .build()));
      feed.send(window);
      feed.close(WindowFeed.step(step + 1));
    }

    assertThat(alerts()).isEmpty();
  }

  /** What closes at once is told all the same, and once. */
  @Test
  void hours_thatCloseTogether_areTold() {
    step(0, 50, 100);
    feed.close(WindowFeed.step(3 * HOUR));

    assertThat(alerts())
        .extracting(alert -> alert.getEpisode().getState())
        .containsExactly("OPENED");
  }

  /** A window of a judged step is late, though the hour is not over. */
  @Test
  void hour_thatIsToldLongAfter_isOpenedBeforeItEnds() {
    step(0, 50, 100);
    feed.close(WindowFeed.step(5 * HOUR));
    feed.close(WindowFeed.step(5 * HOUR + 1));

    assertThat(alerts())
        .extracting(alert -> alert.getEpisode().getState())
        .containsExactly("OPENED", "RESOLVED");
  }

  @Test
  void lateWindow_ofAnHourThatIsGathered_isDropped() {
    step(0, 50, 20);
    step(1, 50, 20);
    Window late = WindowFeed.window("feature", SUPPORT, WindowFeed.step(0), 50, 1);
    late.setRevision(2);
    feed.send(late);

    assertThat(fixture.count(MetricNames.DROPPED)).isEqualTo(1);
  }

  private long waiting() {
    KeyValueStore<Bytes, byte[]> store =
        fixture.driver().getKeyValueStore(AnomalyTopologyNames.EPISODES);
    long count = 0;
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      while (all.hasNext()) {
        all.next();
        count++;
      }
    }
    return count;
  }

  /** What a policy takes out of watch within the hour is not looked at for ever. */
  @Test
  void hour_ofAScoreThatIsWatchedNoMore_isForgotten() {
    step(0, 50, 20);
    assertThat(waiting()).isEqualTo(1);
    ReferenceRows.publish(
        fixture,
        1,
        Map.of(
            "POLICY|off",
            "{\"type\":\"anomaly\",\"id\":\"off\",\"feature\":\"support\",\"enabled\":false}",
            "POLICY|limits",
            "{\"type\":\"anomaly\",\"id\":\"limits\",\"feature\":\"support\",\"rule\":\"limit\","
                + "\"enabled\":false}"));
    for (int step = 1; step < HOUR; step++) {
      step(step, 50, 0);
    }

    assertThat(alerts()).isEmpty();
    assertThat(waiting()).isZero();
  }
}
