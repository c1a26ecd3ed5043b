package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.anomaly.core.PolicyException;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** States of queues of evaluations through the topology, a minute apart as dispatch sends them. */
class QueueWatchTest {
  private static final long MINUTE_US = 60_000_000;
  private static final String SCOPE = "eval_queue:judge:faithfulness:blue@production";

  private final TopologyFixture fixture = WindowFeed.fixture();

  @AfterEach
  void close() {
    new ConservationCheck(fixture.meters(), "anomaly").assertHolds();
    fixture.close();
  }

  private static Signal queue(String route, int minute, long jobs, long lagS) {
    long atUs = WindowFeed.START_US + minute * MINUTE_US;
    return Signal.newBuilder()
        .setTenant("default")
        .setScope(SCOPE)
        .setKind("eval_queue")
        .setActive(jobs > 0)
        .setSeverity("info")
        .setValue(WindowFeed.money(jobs))
        .setSinceUs(atUs - lagS * 1_000_000)
        .setDetail(
            Map.of(
                "environment",
                "production",
                "team",
                "blue",
                "evaluator",
                "faithfulness",
                "route",
                route,
                "queued_jobs",
                Long.toString(jobs),
                "lag_s",
                Long.toString(lagS),
                "as_of_us",
                Long.toString(atUs)))
        .build();
  }

  private void tell(int minute, long jobs, long lagS) {
    fixture.input(Topics.SIGNALS).pipeInput("default|" + SCOPE, queue("judge", minute, jobs, lagS));
  }

  private List<Alert> alerts() {
    return fixture.values(Topics.ALERTS);
  }

  @Test
  void lag_sustained_isOneAlertOfTheTeamAndItsEnd() {
    for (int minute = 0; minute <= 30; minute++) {
      tell(
          minute, 12, 60L * minute); // nobody answers: at minute 16 it is over a quarter of an hour
    }

    List<Alert> opened = alerts();
    assertThat(opened).hasSize(1);
    Anomaly episode = opened.get(0).getEpisode();
    assertThat(opened.get(0).getTeam()).isEqualTo("blue");
    assertThat(opened.get(0).getSeverity()).isEqualTo("warning");
    assertThat(episode.getMetric()).isEqualTo("eval_lag_s");
    assertThat(episode.getEnvironment()).isEqualTo("production");
    assertThat(episode.getOpenedAtUs()).isEqualTo(WindowFeed.START_US + 16 * MINUTE_US);
    assertThat(episode.getWindowStartUs()).isEqualTo(WindowFeed.START_US + 21 * MINUTE_US);
    assertThat(episode.getSentence())
        .isEqualTo(
            "faithfulness evaluations (judge) of blue have waited 21 min for an answer"
                + " (limit 15 min, since 00:16), 12 jobs wait; owner: blue");

    for (int minute = 31; minute <= 40; minute++) {
      tell(minute, 3, 40);
    }

    List<Alert> over = alerts();
    assertThat(over).hasSize(1);
    assertThat(over.get(0).getEpisode().getState()).isEqualTo("RESOLVED");
    assertThat(over.get(0).getEpisode().getEpisodeId()).isEqualTo(episode.getEpisodeId());
    assertThat(over.get(0).getEpisode().getSentence())
        .isEqualTo(
            "faithfulness evaluations (judge) of blue keep up again, 3 wait, the oldest for 40 s;"
                + " owner: blue");
  }

  @Test
  void depth_sustained_isAnAlert_andAnEmptyQueueEndsIt() {
    for (int minute = 0; minute <= 6; minute++) {
      tell(minute, 2_310, 200);
    }
    tell(7, 0, 0);

    assertThat(alerts())
        .extracting(alert -> alert.getEpisode().getSentence())
        .containsExactly(
            "faithfulness evaluations (judge) of blue pile up, 2310 wait for an answer (limit 2000,"
                + " since 00:00), the oldest for 3 min; owner: blue",
            "faithfulness evaluations (judge) of blue keep up again, none waits; owner: blue");
  }

  /** The negative control: the same excess in pieces that each end before the rule's time. */
  @Test
  void lag_thatEndsBeforeItsTime_isNoAlert() {
    for (int minute = 0; minute <= 60; minute++) {
      tell(minute, 12, minute % 5 == 4 ? 100 : 1_200);
    }

    assertThat(alerts()).isEmpty();
    assertThat(fixture.values(Topics.ANOMALIES)).isEmpty();
  }

  @Test
  void queueOfPeople_isNotWatchedWithoutAPolicy() {
    for (int minute = 0; minute <= 60; minute++) {
      fixture
          .input(Topics.SIGNALS)
          .pipeInput("default|" + SCOPE, queue("human", minute, 50_000, 500_000));
    }

    assertThat(alerts()).isEmpty();
  }

  @Test
  void policy_narrowerLimitAndTime_wins() {
    ReferenceRows.publish(
        fixture,
        1,
        Map.of(
            "POLICY|all",
            "{\"type\":\"anomaly\",\"id\":\"all\",\"metric\":\"eval_lag_s\",\"enabled\":false}",
            "POLICY|blue",
            "{\"type\":\"anomaly\",\"id\":\"blue\",\"metric\":\"eval_queue_jobs\",\"team\":\"blue\","
                + "\"limit\":10,\"sustain\":\"1m\"}"));
    for (int minute = 0; minute <= 30; minute++) {
      tell(minute, 12, 60L * minute);
    }

    assertThat(alerts())
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.getEpisode().getMetric()).isEqualTo("eval_queue_jobs");
              assertThat(alert.getEpisode().getWindowStartUs())
                  .isEqualTo(WindowFeed.START_US + MINUTE_US);
            });
  }

  private void own(long version, String route) {
    ReferenceRows.publish(
        fixture,
        version,
        Map.of(
            "OWNERSHIP|blue",
            "{\"id\":\"blue\",\"match\":{\"feature\":\"chat\"},\"set\":{\"team\":\"blue\"},"
                + "\"alert_routes\":[\""
                + route
                + "\"]}"));
  }

  @Test
  void end_goesWhereTheBeginningWent_whateverTheRoutesAreByThen() {
    own(1, "slack:old");
    for (int minute = 0; minute <= 6; minute++) {
      tell(minute, 2_310, 200);
    }
    own(2, "slack:new");
    tell(7, 0, 0);

    assertThat(alerts()).extracting(Alert::getRoutes).containsOnly(List.of("slack:old")).hasSize(2);
  }

  /** A policy that ends an alarm says nothing of the queue. */
  @Test
  void queue_thatAPolicyTakesOutOfWatch_isNotSaidToKeepUp() {
    for (int minute = 0; minute <= 6; minute++) {
      tell(minute, 2_310, 200);
    }
    ReferenceRows.publish(
        fixture,
        1,
        Map.of(
            "POLICY|off",
            "{\"type\":\"anomaly\",\"id\":\"off\",\"metric\":\"eval_queue_jobs\",\"enabled\":false}"));
    tell(7, 2_500, 260);

    List<Alert> alerts = alerts();
    assertThat(alerts)
        .extracting(alert -> alert.getEpisode().getState())
        .containsExactly("OPENED", "RESOLVED");
    assertThat(alerts.get(1).getEpisode().getSentence())
        .isEqualTo(
            "faithfulness evaluations (judge) of blue are not watched any more, 2500 wait, the"
                + " oldest for 4 min; owner: blue");
  }

  /** Jobs that come faster than a second ago are no empty queue. */
  @Test
  void lag_ofLessThanASecond_endsNothingAtOnce() {
    for (int minute = 0; minute <= 6; minute++) {
      tell(minute, 12, 1_200);
    }
    assertThat(alerts()).hasSize(1);
    tell(7, 12, 0);
    assertThat(alerts()).isEmpty();
    for (int minute = 8; minute <= 12; minute++) {
      tell(minute, 12, 0);
    }
    assertThat(alerts()).extracting(alert -> alert.getEpisode().getState()).contains("RESOLVED");
  }

  @Test
  void sameSignals_sayTheSame() {
    List<List<Anomaly>> runs = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      try (TopologyFixture again = WindowFeed.fixture()) {
        for (int minute = 0; minute <= 40; minute++) {
          Signal signal = queue("judge", minute, 2_500, minute < 30 ? 60L * minute : 10);
          again.input(Topics.SIGNALS).pipeInput("default|" + SCOPE, signal);
        }
        runs.add(again.values(Topics.ANOMALIES));
      }
    }

    assertThat(runs.get(0)).hasSize(3).isEqualTo(runs.get(1));
  }

  @Test
  void signal_thatIsNoQueue_isDropped() {
    Signal signal = queue("judge", 1, 5, 5);
    signal.setDetail(Map.of("queued_jobs", "many"));
    fixture.input(Topics.SIGNALS).pipeInput("default|" + SCOPE, signal);

    assertThat(alerts()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limit: 0 | limit is 0; allowed: above 0",
        "limit: -3 | limit is -3; allowed: above 0",
        "limit: .nan | limit is NaN; allowed: above 0",
        "limit: lots | limit is lots; allowed: above 0",
        "limit: 5, sustain: 2d | sustain is 2d; allowed: 0s to 1d",
        "limit: 5, route: slow | route is slow; allowed: fast, judge, human",
        "limit: 5, feature: x | unknown [feature]; allowed",
        "limit: 5, enabled: false | contradicts itself",
        "team: blue | states nothing"
      })
  void policy_wrong_isRefusedWithFileAndKey(String fields, String message) {
    String yaml = "policies:\n  - {id: q, metric: eval_lag_s, " + fields + "}\n";

    assertThatThrownBy(() -> PolicyReader.readQueues("p.yaml", yaml))
        .isInstanceOf(PolicyException.class)
        .hasMessageStartingWith("p.yaml: policy q: ")
        .hasMessageContaining(message);
  }

  @Test
  void policies_ofTheSameSelection_areRefused() {
    String yaml =
        "policies:\n  - {id: a, metric: eval_lag_s, limit: 5}\n"
            + "  - {id: b, metric: eval_lag_s, limit: 6}\n";

    assertThatThrownBy(() -> PolicyReader.readQueues("p.yaml", yaml))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("policies a and b select the same queues and metric");
    assertThat(PolicyReader.readFile("p.yaml", yaml)).isEmpty();
  }
}
