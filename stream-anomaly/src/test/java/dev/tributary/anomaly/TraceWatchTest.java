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

/** A flag of an open trace, from a warning on to its end. */
class TraceWatchTest {
  private static final String SCOPE = "trace:t-1:tool_loop";

  private final TopologyFixture fixture = WindowFeed.fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private void tell(boolean isActive, String severity, int step, Map<String, String> detail) {
    Signal signal =
        Signal.newBuilder()
            .setTenant("default")
            .setScope(SCOPE)
            .setKind("tool_loop")
            .setActive(isActive)
            .setSeverity(severity)
            .setValue(WindowFeed.money(7))
            .setSinceUs(WindowFeed.step(step))
            .setDetail(detail)
            .build();
    fixture.input(Topics.SIGNALS).pipeInput("default|" + SCOPE, signal);
  }

  private void flag(String severity, int step, String tool) {
    tell(true, severity, step, Map.of("feature", "support", "team", "red", "tool", tool));
  }

  /** Whoever wants critical ones alone has to hear of it, and of its end. */
  @Test
  void flagThatBecomesCritical_isToldOnceMore_asTheSameEpisode() {
    flag("warning", 1, "lookup");
    flag("warning", 2, "lookup");
    flag("critical", 3, "search");
    flag("critical", 4, "search");
    flag("warning", 5, "search");
    flag("critical", 6, "search");
    tell(false, "info", 7, Map.of("trace_id", "t-1"));

    List<Alert> alerts = fixture.values(Topics.ALERTS);
    String id = alerts.get(0).getEpisode().getEpisodeId();
    assertThat(alerts)
        .extracting(Alert::getAlertId)
        .containsExactly(id + ":opened", id + ":updated:2", id + ":ended");
    assertThat(alerts)
        .extracting(Alert::getSeverity)
        .containsExactly("warning", "critical", "info");
    assertThat(alerts).extracting(Alert::getTeam).containsOnly("red");
    List<Anomaly> states = fixture.values(Topics.ANOMALIES);
    assertThat(states).extracting(Anomaly::getEpisodeId).containsOnly(id);
    assertThat(states)
        .extracting(Anomaly::getState)
        .containsExactly("OPENED", "UPDATED", "RESOLVED");
    assertThat(states).extracting(Anomaly::getRevision).containsExactly(1L, 2L, 3L);
    assertThat(states.get(1).getSentence()).contains("tool search");
    // Alertmanager knows an alert by them alone.
    assertThat(states)
        .extracting(Anomaly::getDimensions)
        .containsOnly(Map.of("feature", "support", "team", "red", "tool", "lookup"));
  }

  @Test
  void flagThatBeginsCritical_isToldOnce_andWithItsEndAnotherBegins() {
    flag("critical", 1, "lookup");
    flag("critical", 2, "lookup");
    tell(false, "info", 3, Map.of());
    flag("warning", 4, "lookup");

    List<Anomaly> states = fixture.values(Topics.ANOMALIES);
    assertThat(states)
        .extracting(Anomaly::getState)
        .containsExactly("OPENED", "RESOLVED", "OPENED");
    assertThat(states.get(1).getRevision()).isEqualTo(2);
    assertThat(states.get(2).getEpisodeId()).isNotEqualTo(states.get(0).getEpisodeId());
  }
}
