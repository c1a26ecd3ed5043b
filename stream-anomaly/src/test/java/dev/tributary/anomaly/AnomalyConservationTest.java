package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Cell;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.TokenSums;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        .setScope("trace:01:runaway_cost")
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
      signals.pipeInput("default|trace:01:runaway_cost", runaway(true));
      signals.pipeInput("default|trace:01:runaway_cost", runaway(true));
      signals.pipeInput("default|trace:01:runaway_cost", runaway(false));

      List<Alert> alerts = fixture.values(Topics.ALERTS);
      assertThat(alerts)
          .extracting(Alert::getTeam)
          .containsExactly("blue", "unattributed", "unattributed");
      assertThat(alerts.get(0).getTitle())
          .isEqualTo("budget chat-day (team=blue) has reached 80 % of 10");
      assertThat(alerts.get(0).getEpisode().getExampleTraceIds()).isEmpty();
      assertThat(alerts.get(1).getEpisode().getExampleTraceIds()).containsExactly("01");
      assertThat(alerts.get(2).getEpisode().getExampleTraceIds()).containsExactly("01");
      assertThat(alerts.get(1).getEpisode().getState()).isEqualTo("OPENED");
      assertThat(alerts.get(2).getEpisode().getState()).isEqualTo("RESOLVED");
      assertThat(alerts.get(2).getEpisode().getEpisodeId())
          .isEqualTo(alerts.get(1).getEpisode().getEpisodeId());
      new ConservationCheck(fixture.meters(), "anomaly").assertHolds();
    }
  }

  @Test
  void budget_namesWhoAnswersForTheMoney() {
    try (TopologyFixture fixture = WindowFeed.fixture()) {
      ReferenceRows.publish(
          fixture,
          1,
          Map.of(
              "OWNERSHIP|chat",
              "{\"id\":\"chat\",\"match\":{\"feature\":\"chat\"},\"set\":{\"team\":\"blue\"},"
                  + "\"budget_holder\":\"ada\"}"));

      fixture.input(Topics.EVENTS).pipeInput("default|budget:chat-day", crossing("false"));

      assertThat(fixture.values(Topics.ALERTS))
          .singleElement()
          .satisfies(
              alert ->
                  assertThat(alert.getEpisode().getSentence())
                      .endsWith("of 10; owner: blue; budget holder: ada"));
    }
  }

  @Test
  void budget_thatIsSpent_isCritical_andOneThatIsNearlyIsNot() {
    try (TopologyFixture fixture = WindowFeed.fixture()) {
      var events = fixture.input(Topics.EVENTS);
      for (String threshold : List.of("50", "80", "100", "120")) {
        Map<String, String> detail = new HashMap<>(crossing("false").getDetail());
        detail.put("threshold", threshold);
        Event crossed =
            Event.newBuilder(crossing("false")).setEventId(threshold).setDetail(detail).build();
        events.pipeInput("default|budget:chat-day", crossed);
      }

      assertThat(fixture.values(Topics.ALERTS))
          .extracting(Alert::getSeverity)
          .containsExactly("warning", "warning", "critical", "critical");
    }
  }

  /** A forecast has no threshold: nothing is spent yet that was not there. */
  @Test
  void budget_thatIsExpectedToBeSpent_isAWarningThatSaysSo() {
    try (TopologyFixture fixture = WindowFeed.fixture()) {
      Map<String, String> detail = new HashMap<>(crossing("false").getDetail());
      detail.remove("threshold");
      detail.put("forecast", "12.5");
      Event forecast =
          Event.newBuilder(crossing("false")).setKind("budget_forecast").setDetail(detail).build();

      fixture.input(Topics.EVENTS).pipeInput("default|budget:chat-day", forecast);

      Alert alert = fixture.values(Topics.ALERTS).get(0);
      assertThat(alert.getSeverity()).isEqualTo("warning");
      assertThat(alert.getEpisode().getMetric()).isEqualTo("budget_forecast");
      assertThat(alert.getEpisode().getSentence())
          .isEqualTo(
              "budget chat-day (team=blue) is expected to reach 12.5 by the end of its period of"
                  + " 10; owner: blue");
    }
  }

  @Test
  void budget_isToldWithWhatIsSpentOfWhat_andToTheOwnerOfWhatItIsFor() {
    try (TopologyFixture fixture = WindowFeed.fixture()) {
      ReferenceRows.own(fixture, 1, "chat", "green");
      Event crossed =
          Event.newBuilder(crossing("false")).setDimensions(Map.of("feature", "chat")).build();

      fixture.input(Topics.EVENTS).pipeInput("default|budget:chat-day", crossed);

      Alert alert = fixture.values(Topics.ALERTS).get(0);
      assertThat(alert.getAlertId()).isEqualTo("aafalse:opened");
      assertThat(alert.getTeam()).isEqualTo("green");
      assertThat(alert.getRoutes()).containsExactly("slack:green");
      assertThat(alert.getCreatedAtUs()).isEqualTo(WindowFeed.START_US);
      Anomaly told = alert.getEpisode();
      assertThat(told.getEnvironment()).as("it counts every one").isEqualTo("all");
      assertThat(told.getSeries()).isEqualTo("budget:chat-day");
      assertThat(told.getObserved()).isEqualTo(8);
      assertThat(told.getBaseline()).isEqualTo(10);
      assertThat(told.getFactor()).isEqualTo(0.8);
      assertThat(fixture.values(Topics.ANOMALIES)).containsExactly(told);
    }
  }

  /** Its owner was told of the crossing; a deploy is nobody's alarm. */
  @Test
  void eventsThatAreNoAlarms_tellNobody_andAreAccountedFor() {
    try (TopologyFixture fixture = WindowFeed.fixture()) {
      var events = fixture.input(Topics.EVENTS);
      for (String kind : List.of("budget_amended", "deploy")) {
        events.pipeInput(
            "default|budget:chat-day", Event.newBuilder(crossing("false")).setKind(kind).build());
      }

      assertThat(fixture.values(Topics.ALERTS)).isEmpty();
      assertThat(fixture.values(Topics.ANOMALIES)).isEmpty();
      assertThat(fixture.count(MetricNames.DROPPED)).isEqualTo(2);
      new ConservationCheck(fixture.meters(), "anomaly").assertHolds();
    }
  }

  /** One that does not say what a crossing does must not stop the others. */
  @ParameterizedTest
  @CsvSource({"limit, lots", "threshold, most"})
  void budget_thatCannotBeRead_isADeadLetter_andTheNextIsTold(String key, String value) {
    try (TopologyFixture fixture = WindowFeed.fixture()) {
      var events = fixture.input(Topics.EVENTS);
      Map<String, String> detail = new HashMap<>(crossing("false").getDetail());
      detail.put(key, value);
      events.pipeInput(
          "default|budget:chat-day", Event.newBuilder(crossing("false")).setDetail(detail).build());
      events.pipeInput("default|budget:chat-day", crossing("false"));

      assertThat(fixture.rawOutput(Topics.DLQ).readValuesToList()).hasSize(1);
      assertThat(fixture.values(Topics.ALERTS)).hasSize(1);
      new ConservationCheck(fixture.meters(), "anomaly").assertHolds();
    }
  }

  private static String said(TopologyFixture fixture) {
    List<Alert> alerts = fixture.values(Topics.ALERTS);
    assertThat(alerts).hasSize(1);
    return alerts.get(0).getEpisode().getSentence();
  }

  /** Whoever is woken has to know that it is not production. */
  @Test
  void sentence_ofAnotherEnvironmentThanProduction_namesIt() {
    try (TopologyFixture fixture = WindowFeed.fixture()) {
      fixture
          .input(Topics.EVENTS)
          .pipeInput(
              "default|budget:chat-day",
              Event.newBuilder(crossing("false")).setEnvironment("staging").build());
      assertThat(said(fixture))
          .isEqualTo("budget chat-day (team=blue, staging) has reached 80 % of 10; owner: blue");

      Map<String, String> detail = Map.of("feature", "chat", "environment", "staging");
      fixture
          .input(Topics.SIGNALS)
          .pipeInput(
              "default|trace:01:runaway_cost",
              Signal.newBuilder(runaway(true)).setDetail(detail).build());
      assertThat(said(fixture))
          .isEqualTo("trace 01 (staging) is still open and has cost 7; owner: unattributed");

      TokenSums tokens = new TokenSums();
      tokens.setInputUncached(500);
      Cell cell =
          WindowFeed.cell(
              Map.of("feature", "chat", "model", "new-1"), WindowFeed.step(0), 5, tokens, Map.of());
      cell.setPricedCalls(0);
      cell.setEnvironment("staging");
      WindowFeed feed = new WindowFeed(fixture);
      feed.send(cell);
      feed.close(WindowFeed.step(1));
      assertThat(said(fixture))
          .isEqualTo(
              "chat (staging) calls new-1, which has no price: its cost is unknown; owner:"
                  + " unattributed");
    }
  }

  private static Signal ofTrace(String kind, int value, boolean isActive, String... detail) {
    Map<String, String> facts = new TreeMap<>();
    for (int i = 0; i < detail.length; i += 2) {
      facts.put(detail[i], detail[i + 1]);
    }
    return Signal.newBuilder(runaway(isActive))
        .setScope("trace:01:" + kind)
        .setKind(kind)
        .setValue(isActive ? WindowFeed.money(value) : null)
        .setDetail(facts)
        .build();
  }

  /** As attribution sends them: the reason names what goes wrong, and the end what is over. */
  @Test
  void sentence_ofATrace_namesItsReason_theToolAndTheAgent() {
    try (TopologyFixture fixture = WindowFeed.fixture()) {
      Map<Signal, String> sentences = new LinkedHashMap<>();
      sentences.put(
          ofTrace("runaway_cost", 7, true, "trace_id", "01"),
          "trace 01 (unattributed) is still open and has cost 7");
      sentences.put(
          ofTrace("tool_loop", 12, true, "tool", "lookup", "environment", "production"),
          "trace 01 is still open and repeats one call of tool lookup 12 times");
      sentences.put(
          ofTrace("stalled_handoff", 45, true, "from_agent", "clerk", "environment", "staging"),
          "trace 01 (staging) has been silent for 45 s since agent clerk handed over to one that does not come");
      sentences.put(
          ofTrace("stalled_handoff", 0, false, "trace_id", "01"),
          "the stalled handoff of trace 01 (staging) is over");
      sentences.put(
          ofTrace("stalled_handoff", 45, true, "environment", "production"),
          "trace 01 has been silent for 45 s since an agent handed over to one that does not come");
      sentences.put(ofTrace("tool_loop", 0, false), "the tool loop of trace 01 is over");

      sentences.forEach(
          (signal, sentence) -> {
            fixture.input(Topics.SIGNALS).pipeInput("default|" + signal.getScope(), signal);
            assertThat(said(fixture)).isEqualTo(sentence + "; owner: unattributed");
          });
    }
  }
}
