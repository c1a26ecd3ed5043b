package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Cell;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.ExampleCall;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.TokenSums;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Windows through the topology, one partition. */
class AnomalyTopologyTest {
  /** A day of warm-up, and an hour. */
  private static final int WARM = 300;

  /** Steps in which an episode is forgotten, and comes back no more under its name. */
  private static final int FORGOTTEN = 120;

  private static final Map<String, String> SUPPORT = Map.of("feature", "support");
  private static final Map<String, String> TEAM = Map.of("team", "blue");

  private final TopologyFixture fixture = WindowFeed.fixture();
  private final WindowFeed feed = new WindowFeed(fixture);
  private final Random random = new Random(5);

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Its dearest call is ten times its usual one, which is the one that was chosen by chance. */
  private static Cell cell(String workspace, String version, int step, double tokensPerCall) {
    long calls = 40;
    long tokens = Math.round(calls * tokensPerCall);
    TokenSums sums = new TokenSums();
    sums.setInputUncached(tokens);
    String trace = workspace + ' ' + version + ' ' + step;
    BigDecimal usual = WindowFeed.money(tokensPerCall * 1e-5);
    Cell cell =
        WindowFeed.cell(
            Map.of(
                "feature", "support",
                "workspace", workspace,
                "model", "gpt-5",
                "prompt_version", version,
                "agent", "unattributed",
                "region", "eu"),
            WindowFeed.step(step),
            calls,
            sums,
            Map.of("in.text.uncached", WindowFeed.money(tokens * 1e-5)));
    cell.setDearestCall(new ExampleCall("dear " + trace, usual.multiply(BigDecimal.TEN)));
    cell.setChanceCall(new ExampleCall("usual " + trace, usual));
    return cell;
  }

  /** One step of a feature and its team; in the slice tokens per call are multiplied. */
  private void step(int step, double factor) {
    double cost = 0;
    for (String workspace : List.of("acme", "bolt", "cyan", "dune")) {
      boolean isHit = workspace.equals("acme") && factor > 1;
      double noise = 1 + 0.03 * random.nextGaussian();
      Cell cell = cell(workspace, isHit ? "v13" : "v12", step, 500 * noise * (isHit ? factor : 1));
      cost += cell.getCost().doubleValue();
      feed.send(cell);
    }
    feed.send(WindowFeed.window("feature", SUPPORT, WindowFeed.step(step), 160, cost));
    feed.send(WindowFeed.window("team", TEAM, WindowFeed.step(step), 200, cost + 0.3));
    feed.close(WindowFeed.step(step + 1));
  }

  private void steps(int from, int to, double factor) {
    for (int step = from; step < to; step++) {
      step(step, factor);
    }
  }

  @Test
  void dearPromptVersion_isOneAlertWithItsCause() {
    ReferenceRows.publish(
        fixture,
        1,
        Map.of(
            "OWNERSHIP|support",
            "{\"id\":\"support\",\"match\":{\"feature\":\"support\"},"
                + "\"set\":{\"team\":\"blue\"},\"alert_routes\":[\"slack:blue\"]}"));
    steps(0, WARM, 1);
    assertThat(fixture.values(Topics.ALERTS)).isEmpty();

    steps(WARM, WARM + 6, 9);

    List<Alert> alerts = fixture.values(Topics.ALERTS);
    assertThat(alerts).hasSize(1);
    Alert alert = alerts.get(0);
    assertThat(alert.getTeam()).isEqualTo("blue");
    assertThat(alert.getRoutes()).containsExactly("slack:blue");
    Anomaly episode = alert.getEpisode();
    assertThat(episode.getMetric()).isEqualTo("spend_per_hour");
    assertThat(episode.getDimensions()).isEqualTo(SUPPORT);
    assertThat(episode.getCauses().get(0).getDriver()).isEqualTo("tokens_per_call");
    assertThat(episode.getCauses())
        .anySatisfy(
            cause -> {
              assertThat(cause.getDriver()).isEqualTo("slice");
              assertThat(cause.getSlice()).containsEntry("prompt_version", "v13");
              assertThat(cause.getEvidence()).endsWith(", all of it in.text.uncached");
            });
    assertThat(episode.getSentence())
        .contains("support costs ", "tokens per call +", "on prompt v13 (first seen 01:00)")
        .endsWith("; owner: blue");
    assertThat(episode.getExampleTraceIds())
        .satisfiesExactly(
            dearest -> assertThat(dearest).startsWith("dear acme v13 "),
            before -> assertThat(before).startsWith("usual acme v12 "),
            since -> assertThat(since).startsWith("usual acme v13 "));
    assertThat(fixture.values(Topics.EVENTS))
        .extracting(Event::getKind)
        .containsExactly("first_prompt_version");
    List<Signal> signals = fixture.values(Topics.SIGNALS);
    assertThat(signals).hasSize(1);
    assertThat(signals.get(0).getActive()).isTrue();
  }

  /** The hour before it came back is its own: nothing is to be learned from it. */
  @Test
  void dearPromptVersion_thatComesBack_hasTheCauseItHad() {
    steps(0, WARM, 1);
    steps(WARM, WARM + 6, 9);
    steps(WARM + 6, WARM + 9, 1);
    Alert last = fixture.<Alert>values(Topics.ALERTS).get(1);
    assertThat(last.getEpisode().getState()).isEqualTo("RESOLVED");

    steps(WARM + 9, WARM + 12, 9);

    Alert again = fixture.<Alert>values(Topics.ALERTS).get(0);
    assertThat(again.getEpisode().getState()).isEqualTo("OPENED");
    assertThat(again.getEpisode().getCauses()).isEqualTo(last.getEpisode().getCauses());
    assertThat(again.getEpisode().getExampleTraceIds())
        .hasSize(3)
        .isEqualTo(last.getEpisode().getExampleTraceIds());
    assertThat(again.getEpisode().getSentence()).contains("on prompt v13", "again");
  }

  @Test
  void teamAndFeature_areOneGroup_andResolveOnce() {
    steps(0, WARM, 1);
    steps(WARM, WARM + 6, 9);
    steps(WARM + 6, WARM + 14, 1);

    List<Anomaly> anomalies = fixture.values(Topics.ANOMALIES);
    assertThat(anomalies.stream().map(Anomaly::getEpisodeId).distinct()).hasSize(2);
    assertThat(anomalies)
        .filteredOn(a -> a.getDimensions().containsKey("team"))
        .allSatisfy(a -> assertThat(a.getGroupId()).isNotNull());
    List<Alert> alerts = fixture.values(Topics.ALERTS);
    assertThat(alerts).hasSize(2);
    assertThat(alerts.get(0).getEpisode().getState()).isEqualTo("OPENED");
    assertThat(alerts.get(1).getEpisode().getState()).isEqualTo("RESOLVED");
    assertThat(alerts.get(1).getTeam()).isEqualTo("blue");
    assertThat(anomalies.get(anomalies.size() - 1).getMoneySoFar()).isPositive();
  }

  @Test
  void staging_neverSharesABaseline() {
    for (int step = 0; step < WARM; step++) {
      feed.send(WindowFeed.window("feature", SUPPORT, WindowFeed.step(step), 100, 1));
      feed.close(WindowFeed.step(step + 1));
    }
    for (int step = WARM; step < WARM + 6; step++) {
      feed.send(WindowFeed.window("staging", "feature", SUPPORT, WindowFeed.step(step), 100, 50));
      feed.send(WindowFeed.window("feature", SUPPORT, WindowFeed.step(step), 100, 1));
      feed.close(WindowFeed.step(step + 1));
    }

    assertThat(fixture.values(Topics.ANOMALIES)).isEmpty();
  }

  @Test
  void lateWindow_amendsTheOpenEpisode_withoutAnotherAlert() {
    steps(0, WARM, 1);
    steps(WARM, WARM + 4, 9);
    fixture.values(Topics.ANOMALIES);
    assertThat(fixture.values(Topics.ALERTS)).hasSize(1);

    Window late = WindowFeed.window("feature", SUPPORT, WindowFeed.step(WARM + 3), 160, 9);
    late.setRevision(2);
    late.setLate(true);
    feed.send(late);
    steps(WARM + 4, WARM + 5, 9);

    assertThat(fixture.values(Topics.ALERTS)).isEmpty();
    assertThat(fixture.values(Topics.ANOMALIES))
        .filteredOn(a -> a.getState().equals("AMENDED"))
        .singleElement()
        .satisfies(a -> assertThat(a.getObserved()).isEqualTo(9 * 12.0));
  }

  @Test
  void silence_endsAnEpisode() {
    steps(0, WARM, 1);
    steps(WARM, WARM + 4, 9);

    for (int step = WARM + 4; step < WARM + 20; step++) {
      feed.close(WindowFeed.step(step + 1));
    }

    List<Alert> alerts = fixture.values(Topics.ALERTS);
    assertThat(alerts).hasSize(2);
    assertThat(alerts.get(1).getTitle()).contains("nothing was heard of it");
  }

  /** The topic is compacted, and episodes are many. */
  @Test
  void signalOfAnEpisodeThatIsForgotten_isATombstone() {
    steps(0, WARM, 1);
    steps(WARM, WARM + 6, 9);
    steps(WARM + 6, WARM + 10, 1);
    List<KeyValue<String, Signal>> signals = fixture.output(Topics.SIGNALS).readKeyValuesToList();
    assertThat(signals).extracting(entry -> entry.value.getActive()).containsExactly(true, false);

    int later = WARM + 10 + FORGOTTEN;
    steps(WARM + 10, later, 1);
    assertThat(fixture.output(Topics.SIGNALS).isEmpty()).isTrue();
    steps(later, later + 3, 9);

    String ended = signals.get(1).key;
    assertThat(fixture.output(Topics.SIGNALS).readKeyValuesToList())
        .filteredOn(entry -> entry.key.equals(ended))
        .extracting(entry -> entry.value)
        .containsExactly((Signal) null);
    assertThat(fixture.values(Topics.ANOMALIES)).isNotEmpty();
  }

  @Test
  void policy_switchesAMetricOff() {
    ReferenceRows.publish(
        fixture,
        1,
        Map.of(
            "POLICY|quiet",
            "{\"type\":\"anomaly\",\"id\":\"quiet\",\"feature\":\"support\",\"enabled\":false}",
            "POLICY|teams",
            "{\"type\":\"anomaly\",\"id\":\"teams\",\"team\":\"blue\",\"factor\":9,"
                + "\"sudden_factor\":9}",
            "POLICY|other",
            "{\"type\":\"open_trace\",\"runaway_cost\":5}"));

    steps(0, WARM, 1);
    steps(WARM, WARM + 6, 9);

    assertThat(fixture.values(Topics.ANOMALIES)).isEmpty();
  }
}
