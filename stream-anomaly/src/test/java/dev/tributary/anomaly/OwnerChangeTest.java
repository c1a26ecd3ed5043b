package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Topics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who was told that something began is told that it is over, whoever owns it by then. */
class OwnerChangeTest {
  /** A day of warm-up, and an hour. */
  private static final int WARM = 300;

  private static final Map<String, String> SUPPORT = Map.of("feature", "support");

  private final TopologyFixture fixture = WindowFeed.fixture();
  private final WindowFeed feed = new WindowFeed(fixture);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void episode_ofAFeatureThatChangesHands_endsWithWhomItBegan() {
    ReferenceRows.own(fixture, 1, "support", "blue");
    feed.steps(SUPPORT, 0, WARM, 1);
    feed.steps(SUPPORT, WARM, WARM + 4, 9);

    ReferenceRows.own(fixture, 2, "support", "red");
    feed.steps(SUPPORT, WARM + 4, WARM + 12, 1);

    List<Alert> alerts = fixture.values(Topics.ALERTS);
    assertThat(alerts)
        .extracting(alert -> alert.getEpisode().getState())
        .containsExactly("OPENED", "RESOLVED");
    assertThat(alerts).extracting(Alert::getTeam).containsExactly("blue", "blue");
    assertThat(alerts).extracting(Alert::getRoutes).containsOnly(List.of("slack:blue"));
    assertThat(alerts.get(1).getEpisode().getSentence()).endsWith("; owner: blue");
  }

  private void tell(boolean isActive, Map<String, String> detail) {
    Signal signal =
        Signal.newBuilder()
            .setTenant("default")
            .setScope("trace:t-1:tool_loop")
            .setKind("tool_loop")
            .setActive(isActive)
            .setSeverity("warning")
            .setValue(WindowFeed.money(7))
            .setSinceUs(WindowFeed.step(isActive ? 1 : 3))
            .setDetail(new TreeMap<>(detail))
            .build();
    fixture.input(Topics.SIGNALS).pipeInput("default|trace:t-1:tool_loop", signal);
  }

  /** The end of a trace's signal says as much as is known then, which may be more or less. */
  @Test
  void signal_thatSaysOtherThingsAtItsEnd_endsTheSameEpisodeOfTheSameTeam() {
    ReferenceRows.own(fixture, 1, "support", "blue");
    tell(true, Map.of("feature", "support", "environment", "production"));

    ReferenceRows.own(fixture, 2, "support", "red");
    tell(false, Map.of("feature", "support"));

    List<Alert> alerts = fixture.values(Topics.ALERTS);
    assertThat(alerts)
        .extracting(alert -> alert.getEpisode().getState())
        .containsExactly("OPENED", "RESOLVED");
    assertThat(alerts.get(1).getEpisode().getEpisodeId())
        .isEqualTo(alerts.get(0).getEpisode().getEpisodeId());
    assertThat(alerts).extracting(Alert::getTeam).containsExactly("blue", "blue");
    assertThat(alerts).extracting(Alert::getRoutes).containsOnly(List.of("slack:blue"));
  }

  /** As with windows: a team's own tag comes before what the table says of the feature. */
  @Test
  void signal_ofATraceThatNamesItsTeam_isTold_asAnotherEnvironments() {
    ReferenceRows.own(fixture, 1, "support", "blue");
    tell(true, Map.of("feature", "support", "team", "red", "environment", "staging"));

    List<Alert> alerts = fixture.values(Topics.ALERTS);
    assertThat(alerts).extracting(Alert::getTeam).containsExactly("red");
    assertThat(alerts.get(0).getEpisode().getEnvironment()).isEqualTo("staging");
    assertThat(alerts.get(0).getEpisode().getDimensions())
        .containsOnly(Map.entry("feature", "support"), Map.entry("team", "red"));
    assertThat(alerts.get(0).getTitle()).contains("(staging)");
  }

  /** Nobody can tell that it is production. */
  @Test
  void signal_ofATraceOfWhichTheEnvironmentIsUnknown_saysSo() {
    tell(true, Map.of("feature", "support"));

    List<Alert> alerts = fixture.values(Topics.ALERTS);
    assertThat(alerts.get(0).getEpisode().getEnvironment()).isEqualTo("unattributed");
    assertThat(alerts.get(0).getTitle()).contains("(unattributed)");
  }

  /** The hand-over was published long before; what counts is when the trouble is. */
  @Test
  void episode_afterADatedHandOver_isToldToTheNewOwner() {
    ReferenceRows.handOver(fixture, "support", "blue", "red", WindowFeed.step(WARM + 20));
    feed.steps(SUPPORT, 0, WARM, 1);
    feed.steps(SUPPORT, WARM, WARM + 4, 9);
    feed.steps(SUPPORT, WARM + 4, WARM + 120, 1);
    feed.steps(SUPPORT, WARM + 120, WARM + 124, 9);

    List<Alert> alerts = fixture.values(Topics.ALERTS);
    assertThat(alerts).extracting(Alert::getTeam).containsExactly("blue", "blue", "red");
    assertThat(alerts.get(2).getRoutes()).containsExactly("slack:red");
    assertThat(alerts.get(2).getEpisode().getSentence()).endsWith("; owner: red");
  }

  @Test
  void signal_afterADatedHandOver_isToldToTheNewOwner() {
    ReferenceRows.handOver(fixture, "support", "blue", "red", WindowFeed.step(1));
    tell(true, Map.of("feature", "support", "environment", "production"));

    List<Alert> alerts = fixture.values(Topics.ALERTS);
    assertThat(alerts).extracting(Alert::getTeam).containsExactly("red");
    assertThat(alerts.get(0).getRoutes()).containsExactly("slack:red");
  }
}
