package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Topics;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told of an incident that pauses. */
class EpisodeAgainTopologyTest {
  /** A day of warm-up, and an hour. */
  private static final int WARM = 300;

  private static final int HOUR = 12;
  private static final Map<String, String> SUPPORT = Map.of("feature", "support");
  private static final Map<String, String> TEAM = Map.of("team", "blue");

  private final TopologyFixture fixture = WindowFeed.fixture();
  private final WindowFeed feed = new WindowFeed(fixture);
  private int next;

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Steps of a feature and of its team, which has a little more. */
  private void steps(int steps, double cost, double others) {
    for (int i = 0; i < steps; i++) {
      long startUs = WindowFeed.step(next);
      feed.send(WindowFeed.window("feature", SUPPORT, startUs, 160, cost));
      feed.send(WindowFeed.window("team", TEAM, startUs, 200, cost + others));
      next++;
      feed.close(WindowFeed.step(next));
    }
  }

  @Test
  void afterItsGroupWasOver_theOwnerIsToldAgain_ofTheSameEpisode() {
    ReferenceRows.own(fixture, 1, "support", "blue");
    steps(WARM, 1, 0.3);
    steps(4, 9, 0.3);
    steps(3 + 2 * HOUR, 1, 0.3);
    steps(3, 9, 0.3);
    steps(4, 1, 0.3);

    List<Alert> alerts = fixture.values(Topics.ALERTS);
    String id = alerts.get(0).getEpisode().getEpisodeId();
    assertThat(alerts)
        .extracting(alert -> alert.getEpisode().getEpisodeId())
        .as("one episode speaks each time")
        .containsExactly(id, id, id, id);
    assertThat(alerts).extracting(Alert::getAlertId).doesNotHaveDuplicates();
    assertThat(alerts.get(0).getAlertId()).isEqualTo(id + ":opened");
    assertThat(alerts.get(1).getAlertId()).isEqualTo(id + ":ended");
    assertThat(alerts.get(2).getAlertId()).startsWith(id + ":opened:");
    assertThat(alerts.get(3).getAlertId()).startsWith(id + ":ended:");
    assertThat(alerts.get(0).getTitle()).doesNotContain("again");
    assertThat(alerts.get(2).getTitle())
        .contains("costs ", "x its Tuesday 03:00 baseline again (", "/h since 03:35)");
    assertThat(alerts.get(3).getTitle()).contains("is back (").contains("since 01:00)");
    assertThat(fixture.values(Topics.SIGNALS))
        .filteredOn(signal -> signal.getScope().equals("episode:" + id))
        .extracting(Signal::getActive)
        .containsExactly(true, false, true, false);
  }

  /** The team's other spend goes on, so nobody was told that the group is over. */
  @Test
  void whileItsGroupGoesOn_nobodyIsToldAgain() {
    ReferenceRows.own(fixture, 1, "support", "blue");
    steps(WARM, 1, 0.3);
    steps(4, 9, 0.3);
    steps(6, 1, 8);
    steps(3, 9, 0.3);

    assertThat(fixture.values(Topics.ALERTS))
        .extracting(alert -> alert.getEpisode().getState())
        .containsExactly("OPENED");
    List<Anomaly> support =
        fixture.values(Topics.ANOMALIES).stream()
            .map(Anomaly.class::cast)
            .filter(anomaly -> anomaly.getDimensions().equals(SUPPORT))
            .filter(anomaly -> anomaly.getMetric().equals("spend_per_hour"))
            .toList();
    assertThat(support).extracting(Anomaly::getState).contains("RESOLVED");
    assertThat(support.get(support.size() - 1).getState()).isEqualTo("UPDATED");

    steps(4, 1, 0.3);

    assertThat(fixture.values(Topics.ALERTS))
        .extracting(alert -> alert.getEpisode().getState())
        .as("once it is")
        .containsExactly("RESOLVED");
  }
}
