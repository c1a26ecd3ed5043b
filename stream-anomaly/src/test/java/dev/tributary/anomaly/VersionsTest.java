package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Cause;
import dev.tributary.schemas.Cell;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Sight;
import dev.tributary.schemas.TokenSums;
import dev.tributary.schemas.Topics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Versions of deploys, retrieval and returned models: first sights, and causes of episodes. */
class VersionsTest {
  private static final int WARM = 300;
  private static final Map<String, String> SUPPORT = Map.of("feature", "support");

  private final TopologyFixture fixture = WindowFeed.fixture();
  private final WindowFeed feed = new WindowFeed(fixture);
  private final Random random = new Random(5);
  private boolean isBackwards;

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Cell cell(String workspace, int step, double tokensPerCall, List<Sight> sights) {
    long calls = 40;
    long tokens = Math.round(calls * tokensPerCall);
    TokenSums sums = new TokenSums();
    sums.setInputUncached(tokens);
    Cell cell =
        WindowFeed.cell(
            Map.of(
                "feature", "support",
                "workspace", workspace,
                "model", "gpt-5",
                "prompt_version", "v12",
                "agent", "unattributed",
                "region", "eu"),
            WindowFeed.step(step),
            calls,
            sums,
            Map.of("in.text.uncached", WindowFeed.money(tokens * 1e-5)));
    cell.setSights(sights);
    return cell;
  }

  private static Sight sight(String kind, String subject, String value, int step, int seconds) {
    return new Sight(kind, subject, value, WindowFeed.step(step) + seconds * 1_000_000L);
  }

  private static List<Sight> of(int step, int seconds, String deploy, String index, String model) {
    return List.of(
        sight("deploy", "api", deploy, step, seconds),
        sight("retrieval_version", "", index, step, seconds),
        sight("returned_model", "gpt-5", model, step, seconds));
  }

  /** One step; in acme tokens per call are multiplied. */
  private void step(WindowFeed to, int step, double factor, List<Sight> acme, List<Sight> others) {
    double cost = 0;
    List<Cell> cells = new ArrayList<>();
    for (String workspace : List.of("acme", "bolt", "cyan", "dune")) {
      boolean isHit = workspace.equals("acme");
      double noise = 1 + 0.03 * random.nextGaussian();
      Cell cell = cell(workspace, step, 500 * noise * (isHit ? factor : 1), isHit ? acme : others);
      cost += cell.getCost().doubleValue();
      cells.add(cell);
    }
    if (isBackwards) {
      Collections.reverse(cells);
    }
    cells.forEach(to::send);
    to.send(WindowFeed.window("feature", SUPPORT, WindowFeed.step(step), 160, cost));
    to.close(WindowFeed.step(step + 1));
  }

  private void steps(int from, int to, double factor, String deploy, String index, String model) {
    for (int step = from; step < to; step++) {
      step(
          feed,
          step,
          factor,
          of(step, 230, deploy, index, model),
          of(step, 180, deploy, index, model));
    }
  }

  @Test
  void newVersions_areEventsOnceWithTheirTime_andCausesOfTheEpisode() {
    steps(0, WARM, 1, "4.2.0", "v7", "gpt-5-0801");
    assertThat(fixture.values(Topics.EVENTS)).isEmpty();

    steps(WARM, WARM + 6, 9, "4.2.1", "v8", "gpt-5-1101");

    List<Event> events = fixture.values(Topics.EVENTS);
    assertThat(events)
        .extracting(Event::getKind)
        .containsExactly("deploy", "first_retrieval_version", "first_returned_model");
    // The earliest of all cells, not that of the first cell in order.
    assertThat(events)
        .extracting(Event::getEventTimeUs)
        .containsOnly(WindowFeed.step(WARM) + 180_000_000L);
    assertThat(events.get(0).getDetail()).isEqualTo(Map.of("deploy", "4.2.1", "service", "api"));
    assertThat(events.get(2).getDetail())
        .isEqualTo(Map.of("returned_model", "gpt-5-1101", "model_requested", "gpt-5"));
    List<Anomaly> anomalies = fixture.values(Topics.ANOMALIES);
    Anomaly last = anomalies.get(anomalies.size() - 1);
    assertThat(last.getCauses())
        .extracting(Cause::getEvidence)
        .contains(
            "4.2.1 of api first seen 01:03",
            "v8 first seen 01:03",
            "gpt-5-1101 for gpt-5 first seen 01:03");
    assertThat(last.getSentence())
        .contains("in workspace acme; deploy 4.2.1 of api first seen 01:03")
        .contains("retrieval version v8 first seen 01:03")
        .contains("returned model gpt-5-1101 for gpt-5 first seen 01:03");
  }

  private List<Alert> alarms() {
    return fixture.<Alert>values(Topics.ALERTS).stream()
        .filter(alert -> alert.getEpisode().getMetric().equals("first_returned_model"))
        .toList();
  }

  /** Whoever pinned nothing finds out that the provider moved the name to another model. */
  @Test
  void otherModelBehindTheSameName_isOneAlert() {
    ReferenceRows.own(fixture, 1, "support", "blue");
    steps(0, 20, 1, "1", "v7", "gpt-5-0801");
    assertThat(alarms()).isEmpty();

    steps(20, 30, 1, "1", "v7", "gpt-5-1101");
    steps(30, 32, 1, "1", "v7", "gpt-5-0801");
    steps(32, 34, 1, "1", "v7", "gpt-5-1101");

    List<Alert> alarms = alarms();
    assertThat(alarms).hasSize(1);
    assertThat(alarms.get(0).getTeam()).isEqualTo("blue");
    assertThat(alarms.get(0).getSeverity()).isEqualTo("warning");
    assertThat(alarms.get(0).getEpisode().getState()).isEqualTo("OPENED");
    assertThat(alarms.get(0).getEpisode().getSentence())
        .isEqualTo(
            "support asks for gpt-5 and gpt-5-1101 answers, which never did before: its price,"
                + " length and quality may differ; owner: blue");
    assertThat(alarms.get(0).getTitle())
        .isEqualTo("support asks for gpt-5 and gpt-5-1101 answers, which never did before");
  }

  @Test
  void otherModel_thatAPolicySwitchesOff_isAnEventAlone() {
    ReferenceRows.publish(
        fixture,
        1,
        Map.of(
            "POLICY|alias",
            "{\"type\":\"anomaly\",\"id\":\"alias\",\"metric\":\"returned_model\","
                + "\"model\":\"gpt-5\",\"enabled\":false}"));
    steps(0, 20, 1, "1", "v7", "gpt-5-0801");
    steps(20, 22, 1, "1", "v7", "gpt-5-1101");

    assertThat(alarms()).isEmpty();
    assertThat(fixture.<Event>values(Topics.EVENTS))
        .extracting(Event::getKind)
        .containsExactly("first_returned_model");
  }

  /** The negative control: an episode in which no version changed names none. */
  @Test
  void sameVersions_areNeitherEventsNorCauses() {
    steps(0, WARM, 1, "4.2.0", "v7", "gpt-5-0801");
    steps(WARM, WARM + 6, 9, "4.2.0", "v7", "gpt-5-0801");

    assertThat(fixture.values(Topics.EVENTS)).isEmpty();
    List<Anomaly> anomalies = fixture.values(Topics.ANOMALIES);
    assertThat(anomalies).isNotEmpty();
    assertThat(anomalies)
        .allSatisfy(
            anomaly ->
                assertThat(anomaly.getCauses())
                    .extracting(Cause::getDriver)
                    .doesNotContain("deploy", "retrieval_version", "returned_model"));
  }

  /** A service that is new, or begins to say its version, is not a deploy of what was there. */
  @Test
  void firstVersionsOfAll_areNoNews_andARollbackIsNone() {
    for (int step = 0; step < 40; step++) {
      step(feed, step, 1, List.of(), List.of());
    }
    steps(40, 60, 1, "4.2.0", "v7", "gpt-5-0801");
    assertThat(fixture.values(Topics.EVENTS)).isEmpty();
    steps(60, 62, 1, "4.2.1", "v7", "gpt-5-0801");
    steps(62, 64, 1, "4.2.0", "v7", "gpt-5-0801");

    assertThat(fixture.values(Topics.EVENTS)).extracting(Event::getKind).containsExactly("deploy");
    step(
        feed,
        64,
        1,
        List.of(sight("returned_model", "claude", "claude-x", 64, 1)),
        List.of(sight("deploy", "worker", "1.0", 64, 1)));
    assertThat(fixture.values(Topics.EVENTS)).isEmpty();
  }

  @Test
  void sameWindows_inAnotherOrder_giveTheSameBytes() {
    List<List<Object>> runs = new ArrayList<>();
    for (boolean backwards : new boolean[] {false, true}) {
      try (TopologyFixture again = WindowFeed.fixture()) {
        WindowFeed to = new WindowFeed(again);
        random.setSeed(9);
        isBackwards = backwards;
        for (int step = 0; step < 320; step++) {
          String deploy = step < WARM ? "1" : "2";
          step(
              to,
              step,
              step < WARM ? 1 : 9,
              of(step, 230, deploy, "v7", "m"),
              of(step, 30, deploy, "v7", "m"));
        }
        List<Object> said = new ArrayList<>(again.values(Topics.EVENTS));
        said.addAll(again.values(Topics.ANOMALIES));
        runs.add(said);
      }
    }

    assertThat(runs.get(0)).hasSizeGreaterThan(3).isEqualTo(runs.get(1));
  }

  /** A feature that begins with two prompts has no new one; an hour later it has. */
  @Test
  void promptVersion_isNewsInAFeatureKnownForLongerThanLookBack() {
    for (int step = 0; step < 15; step++) {
      String version = step < 3 ? "v1" : step < 12 ? "v2" : "v3";
      Cell cell = cell("acme", step, 500, List.of());
      Map<String, String> dimensions = new TreeMap<>(cell.getDimensions());
      dimensions.put("prompt_version", version);
      cell.setDimensions(dimensions);
      feed.send(cell);
      feed.close(WindowFeed.step(step + 1));
    }

    assertThat(fixture.<Event>values(Topics.EVENTS))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getKind()).isEqualTo("first_prompt_version");
              assertThat(event.getDimensions()).containsEntry("prompt_version", "v3");
              assertThat(event.getEventTimeUs()).isEqualTo(WindowFeed.step(12));
            });
  }

  /** What a feature began with is no cause of what comes within its first hour. */
  @Test
  void firstPromptVersionOfAll_isNoCause() {
    for (int step = 0; step < WARM + 6; step++) {
      double cost = step < WARM ? 1 : 9;
      feed.send(WindowFeed.window("feature", SUPPORT, WindowFeed.step(step), 160, cost));
      if (step >= WARM - 6) {
        feed.send(cell("acme", step, 500 * cost, List.of()));
      }
      feed.close(WindowFeed.step(step + 1));
    }

    List<Anomaly> anomalies = fixture.values(Topics.ANOMALIES);
    assertThat(anomalies).isNotEmpty();
    assertThat(anomalies)
        .flatExtracting(Anomaly::getCauses)
        .extracting(Cause::getDriver)
        .contains("tokens_per_call")
        .doesNotContain("prompt_version", "model", "rate_card");
  }

  /** A version per call must not grow state without end. */
  @Test
  void moreVersionsThanAreRemembered_areNoticedAllTheSame() {
    for (int step = 0; step < 80; step++) {
      List<Sight> many = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        many.add(sight("deploy", "api", "v" + (step * 32 + i), step, 1));
      }
      step(feed, step, 1, many, List.of());
    }

    assertThat(fixture.values(Topics.EVENTS)).as("but for the first hour's").hasSize(68 * 32);
    assertThat(fixture.count(AnomalyMetrics.SIGHTS_FORGOTTEN)).isEqualTo(600);
  }
}
