package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Topics;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a policy takes out of watch while it has an episode. */
class UnwatchedTest {
  /** A day of warm-up, and an hour. */
  private static final int WARM = 300;

  private static final Map<String, String> SUPPORT = Map.of("feature", "support");

  private final TopologyFixture fixture = WindowFeed.fixture();
  private final WindowFeed feed = new WindowFeed(fixture);

  @AfterEach
  void close() {
    fixture.close();
  }

  private void watch(int version, boolean isWatched) {
    ReferenceRows.publish(
        fixture,
        version,
        Map.of(
            "POLICY|quiet",
            "{\"type\":\"anomaly\",\"id\":\"quiet\",\"feature\":\"support\",%s}"
                .formatted(isWatched ? "\"floor\":1" : "\"enabled\":false")));
  }

  private List<Alert> alerts() {
    return fixture.values(Topics.ALERTS);
  }

  private static void isUnwatchedAfter(List<Alert> alerts, int step) {
    assertThat(alerts)
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.getEpisode().getState()).isEqualTo("RESOLVED");
              assertThat(alert.getCreatedAtUs()).isEqualTo(WindowFeed.step(step));
              assertThat(alert.getEpisode().getSentence())
                  .contains("the cost of support is no longer watched (+$")
                  .doesNotContain("is back", "nothing was heard");
            });
  }

  @Test
  void episode_ofWhatIsWatchedNoMore_endsWithTheNextStep_andSaysSo() {
    feed.steps(SUPPORT, 0, WARM, 1);
    feed.steps(SUPPORT, WARM, WARM + 4, 9);
    assertThat(alerts()).hasSize(1);

    watch(1, false);
    feed.steps(SUPPORT, WARM + 4, WARM + 5, 9);
    isUnwatchedAfter(alerts(), WARM + 5);

    feed.steps(SUPPORT, WARM + 5, WARM + 20, 9);
    assertThat(alerts()).isEmpty();
  }

  /** Nothing has to come of it to end it. */
  @Test
  void episode_ofASilentSeriesThatIsWatchedNoMore_endsWithTheNextStep() {
    feed.steps(SUPPORT, 0, WARM, 1);
    feed.steps(SUPPORT, WARM, WARM + 4, 9);
    assertThat(alerts()).hasSize(1);

    watch(1, false);
    feed.close(WindowFeed.step(WARM + 5));

    isUnwatchedAfter(alerts(), WARM + 5);
  }

  /** It is as bad as it was: the same episode goes on. */
  @Test
  void episode_ofWhatIsWatchedAgain_opensAgain() {
    feed.steps(SUPPORT, 0, WARM, 1);
    feed.steps(SUPPORT, WARM, WARM + 4, 9);
    watch(1, false);
    feed.steps(SUPPORT, WARM + 4, WARM + 6, 9);
    List<Alert> before = alerts();

    watch(2, true);
    feed.steps(SUPPORT, WARM + 6, WARM + 12, 9);

    assertThat(alerts())
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.getEpisode().getState()).isEqualTo("OPENED");
              assertThat(alert.getEpisode().getSentence()).contains(" again (");
              assertThat(alert.getEpisode().getEpisodeId())
                  .isEqualTo(before.get(0).getEpisode().getEpisodeId());
            });
  }
}
