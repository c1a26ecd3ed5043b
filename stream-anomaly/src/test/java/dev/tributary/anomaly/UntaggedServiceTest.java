package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A service that never tagged is its own baseline: a limit finds it. */
class UntaggedServiceTest {
  private final TopologyFixture fixture = WindowFeed.fixture();
  private final WindowFeed feed = new WindowFeed(fixture);

  @AfterEach
  void close() {
    fixture.close();
  }

  private void steps(int from, int to, int untagged) {
    for (int step = from; step < to; step++) {
      Window window =
          WindowFeed.window("service", Map.of("service", "api"), WindowFeed.step(step), 100, 0.01);
      window.getMeasures().setUntaggedCalls(untagged);
      feed.send(window);
      feed.close(WindowFeed.step(step + 1));
    }
  }

  @Test
  void serviceThatWasAlwaysUntagged_isOneAlert_untilItIsTagged() {
    steps(0, 40, 100);

    List<Alert> alerts = fixture.values(Topics.ALERTS);
    assertThat(alerts).hasSize(1);
    assertThat(alerts.get(0).getEpisode().getMetric()).isEqualTo("untagged_share");
    assertThat(alerts.get(0).getTitle())
        .startsWith("service api has an untagged share of 100.0 % against 20.0 % of its limit");

    steps(40, 60, 2);

    assertThat(fixture.<Alert>values(Topics.ALERTS))
        .extracting(alert -> alert.getEpisode().getState())
        .containsExactly("RESOLVED");
  }

  @Test
  void serviceThatTagsMost_isNone() {
    steps(0, 40, 15);

    assertThat(fixture.<Alert>values(Topics.ALERTS)).isEmpty();
  }
}
