package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every record that comes in is accounted for; what others noticed is told once. */
class AnomalyConservationTest {

  @Test
  void randomInput_isAccountedFor() {
    long seed = Seeds.one();
    Random random = new Random(seed);
    try (TopologyFixture fixture = WindowFeed.fixture()) {
      WindowFeed feed = new WindowFeed(fixture);
      for (int i = 0; i < 400; i++) {
        long startUs = WindowFeed.step(random.nextInt(20)) + random.nextInt(3) * 60_000_000L;
        Window window =
            WindowFeed.window(
                "feature",
                Map.of("feature", "f" + random.nextInt(3)),
                startUs,
                random.nextInt(50) - 2,
                random.nextDouble());
        window.setLengthUs(random.nextInt(10) == 0 ? 0 : 60_000_000L);
        window.setRevision((long) random.nextInt(3));
        feed.send(window);
        if (i % 20 == 19) {
          feed.close(WindowFeed.step(i / 20));
        }
      }

      ConservationCheck check = new ConservationCheck(fixture.meters(), "anomaly");
      check.assertHolds();
      assertThat(fixture.count(MetricNames.DROPPED)).as("seed %d", seed).isPositive();
      assertThat(fixture.values(Topics.ANOMALIES)).as("seed %d", seed).isEmpty();
    }
  }

  private static Event crossing(String late) {
    return Event.newBuilder()
        .setTenant("default")
        .setEventId("aa" + late)
        .setKind("budget_crossed")
        .setSubject("budget:chat-day")
        .setDimensions(Map.of("team", "blue"))
        .setEventTimeUs(WindowFeed.START_US)
        .setAmount(WindowFeed.money(8))
        .setDetail(
            Map.of(
                "budget", "chat-day",
                "scope", "team=blue",
                "limit", "10",
                "threshold", "80",
                "crossed", "true",
                "late", late))
        .build();
  }

  private static Signal runaway(boolean isActive) {
    return Signal.newBuilder()
        .setTenant("default")
        .setScope("trace:01")
        .setKind("runaway_cost")
        .setActive(isActive)
        .setSeverity("warning")
        .setValue(WindowFeed.money(7))
        .setLimit(WindowFeed.money(5))
        .setSinceUs(WindowFeed.START_US)
        .setDetail(Map.of("feature", "chat"))
        .build();
  }

  @Test
  void whatOthersNoticed_isToldOnce() {
    try (TopologyFixture fixture = WindowFeed.fixture()) {
      var events = fixture.input(Topics.EVENTS);
      events.pipeInput("default|budget:chat-day", crossing("false"));
      events.pipeInput("default|budget:chat-day", crossing("true"));
      var signals = fixture.input(Topics.SIGNALS);
      signals.pipeInput("default|trace:01", runaway(true));
      signals.pipeInput("default|trace:01", runaway(true));
      signals.pipeInput("default|trace:01", runaway(false));

      List<Alert> alerts = fixture.values(Topics.ALERTS);
      assertThat(alerts)
          .extracting(Alert::getTeam)
          .containsExactly("blue", "unattributed", "unattributed");
      assertThat(alerts.get(0).getTitle())
          .isEqualTo("budget chat-day (team=blue) has reached 80 % of 10");
      assertThat(alerts.get(1).getEpisode().getState()).isEqualTo("OPENED");
      assertThat(alerts.get(2).getEpisode().getState()).isEqualTo("RESOLVED");
      assertThat(alerts.get(2).getEpisode().getEpisodeId())
          .isEqualTo(alerts.get(1).getEpisode().getEpisodeId());
      new ConservationCheck(fixture.meters(), "anomaly").assertHolds();
    }
  }

  @Test
  void budget_thatIsSpent_isCritical_andOneThatIsNearlyIsNot() {
    try (TopologyFixture fixture = WindowFeed.fixture()) {
      var events = fixture.input(Topics.EVENTS);
      for (String threshold : List.of("50", "80", "100")) {
        Map<String, String> detail = new HashMap<>(crossing("false").getDetail());
        detail.put("threshold", threshold);
        Event crossed =
            Event.newBuilder(crossing("false")).setEventId(threshold).setDetail(detail).build();
        events.pipeInput("default|budget:chat-day", crossed);
      }

      assertThat(fixture.values(Topics.ALERTS))
          .extracting(Alert::getSeverity)
          .containsExactly("warning", "warning", "critical");
    }
  }
}
