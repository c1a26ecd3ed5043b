package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.TokenSums;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is kept of windows and cells, and what is made of what comes when they are gone. */
class KeptWindowsTest {
  private static final int WARM = 300;
  private static final long MINUTE_US = 60_000_000L;
  private static final Map<String, String> SUPPORT = Map.of("feature", "support");

  private final TopologyFixture fixture = WindowFeed.fixture();
  private final WindowFeed feed = new WindowFeed(fixture);

  @AfterEach
  void close() {
    fixture.close();
  }

  private List<Anomaly> amendedAfter(int steps, int late) {
    feed.steps(SUPPORT, 0, WARM, 1);
    feed.steps(SUPPORT, WARM, WARM + steps, 9);
    fixture.values(Topics.ANOMALIES);
    Window minute =
        WindowFeed.window("feature", SUPPORT, WindowFeed.step(late) + MINUTE_US, 32, 2.5);
    minute.setLengthUs(MINUTE_US);
    minute.setRevision(2);
    minute.setLate(true);
    feed.send(minute);
    feed.steps(SUPPORT, WARM + steps, WARM + steps + 1, 9);
    return fixture.values(Topics.ANOMALIES).stream()
        .filter(anomaly -> anomaly.getState().equals("AMENDED"))
        .toList();
  }

  /** The other minutes of the step are gone: with one of them alone it would look like a dip. */
  @Test
  void lateMinute_ofAStepWhoseWindowsAreForgotten_amendsNothing() {
    assertThat(amendedAfter(20, WARM + 3)).isEmpty();
  }

  /** The oldest step whose windows are kept; the one before it is not. */
  @Test
  void lateMinute_ofTheOldestStepKept_amendsIt() {
    assertThat(amendedAfter(20, WARM + 20 - 13))
        .singleElement()
        .satisfies(a -> assertThat(a.getObserved()).isEqualTo((9 + 2.5) * 12));
  }

  @Test
  void lateMinute_ofTheStepBeforeTheOldestKept_amendsNothing() {
    assertThat(amendedAfter(20, WARM + 20 - 14)).isEmpty();
  }

  private List<Anomaly> afterMoney(boolean isClosed) {
    Window money = WindowFeed.window("feature", SUPPORT, WindowFeed.step(WARM), 160, 51);
    money.setRevision(2);
    feed.steps(SUPPORT, 0, WARM, 1);
    if (isClosed) {
      feed.steps(SUPPORT, WARM, WARM + 1, 1);
      feed.send(money);
    } else {
      feed.send(money);
      feed.close(WindowFeed.step(WARM + 1));
    }
    feed.steps(SUPPORT, WARM + 1, WARM + 30, 1);
    return fixture.values(Topics.ANOMALIES);
  }

  /** As what an invoice bills more, which stands in the last minute of a day that is over. */
  @Test
  void money_inAMinuteThatIsClosed_opensNothing() {
    assertThat(afterMoney(true)).isEmpty();
    assertThat(fixture.values(Topics.ALERTS)).isEmpty();
  }

  /** Why it is not booked before: the same money looks as if it had been spent in that minute. */
  @Test
  void money_inAMinuteThatIsNotClosed_opensAnEpisode() {
    assertThat(afterMoney(false))
        .first()
        .satisfies(
            opened -> {
              assertThat(opened.getMetric()).isEqualTo("spend_per_hour");
              assertThat(opened.getObserved()).isEqualTo(51 * 12.0);
            });
    assertThat(fixture.values(Topics.ALERTS)).isNotEmpty();
  }

  private void cell(String feature, int step) {
    TokenSums tokens = new TokenSums();
    tokens.setInputUncached(500);
    feed.send(
        WindowFeed.cell(
            Map.of("feature", feature, "model", "m"),
            WindowFeed.step(step),
            5,
            tokens,
            Map.of("in.text.uncached", WindowFeed.money(1))));
  }

  private List<String> featuresOfCells() {
    List<String> features = new ArrayList<>();
    KeyValueStore<Bytes, byte[]> cells =
        fixture.driver().getKeyValueStore(AnomalyTopologyNames.CELLS);
    try (KeyValueIterator<Bytes, byte[]> all = cells.all()) {
      all.forEachRemaining(
          entry ->
              features.add(new String(entry.key.get(), StandardCharsets.UTF_8).split("\0", -1)[1]));
    }
    return features.stream().distinct().toList();
  }

  /** Features come and go, as experiments do: their cells must not stay for good. */
  @Test
  void cells_ofAFeatureThatIsHeardOfNoMore_areForgotten() {
    for (int step = 0; step < 3; step++) {
      cell("trial", step);
      cell("support", step);
      feed.close(WindowFeed.step(step + 1));
    }
    assertThat(featuresOfCells()).containsExactly("support", "trial");

    for (int step = 3; step < 300; step++) {
      cell("support", step);
      feed.close(WindowFeed.step(step + 1));
    }

    assertThat(featuresOfCells()).containsExactly("support");
  }

  @Test
  void series_beyondTheCap_areRefused_andNoneBefore() {
    try (TopologyFixture capped =
        TopologyFixture.of(
            AnomalyMain.APP,
            Map.of("tributary.topics.partitions", "1", "tributary.anomaly.max-series", "2"))) {
      WindowFeed windows = new WindowFeed(capped);
      for (String feature : List.of("a", "b", "c")) {
        windows.send(
            WindowFeed.window("feature", Map.of("feature", feature), WindowFeed.step(0), 5, 1));
      }
      windows.close(WindowFeed.step(1));

      assertThat(capped.count(AnomalyMetrics.SERIES_REFUSED)).isEqualTo(1);
    }
  }

  /** A series that nothing comes of gives its place to one that there is something of. */
  @Test
  void series_thatIsIdle_givesItsPlace_andIsNewWhenItComesBack() {
    try (TopologyFixture capped =
        TopologyFixture.of(
            AnomalyMain.APP,
            Map.of(
                "tributary.topics.partitions", "1",
                "tributary.anomaly.max-series", "2",
                "tributary.anomaly.series-idle", "1d"))) {
      WindowFeed windows = new WindowFeed(capped);
      for (int step = 0; step < 3 * WARM; step++) {
        // Beta has an episode as it falls idle, which ends before its series is forgotten.
        String other = step < WARM + 4 ? "beta" : "gamma";
        double cost = step >= WARM && step < WARM + 4 ? 9 : 1;
        for (String feature : List.of("alpha", other)) {
          windows.send(
              WindowFeed.window(
                  "feature",
                  Map.of("feature", feature),
                  WindowFeed.step(step),
                  160,
                  feature.equals("beta") ? cost : 1));
        }
        windows.close(WindowFeed.step(step + 1));
      }

      assertThat(seriesOf(capped)).hasSize(2).noneMatch(key -> key.contains("beta"));
      List<Alert> alerts = capped.values(Topics.ALERTS);
      assertThat(alerts)
          .extracting(alert -> alert.getEpisode().getState())
          .containsExactly("OPENED", "RESOLVED");
      assertThat(alerts.get(1).getTitle()).contains("nothing was heard of it any more");
    }
  }

  private static List<String> seriesOf(TopologyFixture of) {
    List<String> keys = new ArrayList<>();
    KeyValueStore<Bytes, byte[]> series = of.driver().getKeyValueStore(AnomalyTopologyNames.SERIES);
    try (KeyValueIterator<Bytes, byte[]> all = series.all()) {
      all.forEachRemaining(entry -> keys.add(new String(entry.key.get(), StandardCharsets.UTF_8)));
    }
    return keys;
  }

  /** What cost nothing has no factor to speak of. */
  @Test
  void spend_ofWhatCostNothing_isToldWithoutAFactor() {
    feed.steps(SUPPORT, 0, WARM, 0);
    feed.steps(SUPPORT, WARM, WARM + 4, 9);

    List<Alert> alerts = fixture.values(Topics.ALERTS);
    assertThat(alerts).isNotEmpty();
    assertThat(alerts)
        .extracting(alert -> alert.getEpisode().getSentence())
        .noneMatch(sentence -> sentence.contains("Infinity") || sentence.contains("NaN"));
  }
}
