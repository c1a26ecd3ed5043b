package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.group.CellFact;
import dev.tributary.anomaly.core.group.Change;
import dev.tributary.anomaly.core.group.Owners;
import dev.tributary.anomaly.core.group.Owners.OwnerRule;
import dev.tributary.anomaly.core.series.SeriesKey;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which cells explain a series, and what of them is new. */
class SeenCellsTest {
  private static final int HOUR = 12;
  private static final long LOOK_BACK_US = HOUR * WindowFeed.STEP_US;

  private final List<Change> news = new ArrayList<>();
  private Owners owners = Owners.NONE;
  private KeyValueStore<Bytes, byte[]> cells;
  private KeyValueStore<Bytes, byte[]> sights;

  @BeforeEach
  void open(@TempDir Path folder) {
    cells = MemoryStore.open("cells", folder);
    sights = MemoryStore.open("sights", folder);
  }

  /** As they are asked at the end of a step; each time by another one, as after a restart. */
  private SeenCells seen(String environment, int step) {
    return new SeenCells(
        cells,
        sights,
        "default",
        environment,
        WindowFeed.step(step + 1),
        LOOK_BACK_US,
        2 * LOOK_BACK_US,
        () -> owners,
        count -> assertThat(count).isZero());
  }

  private static CellFact cell(int step, long calls, long priced, long tokens, String... labels) {
    Map<String, String> dimensions = new TreeMap<>();
    for (int i = 0; i < labels.length; i += 2) {
      dimensions.put(labels[i], labels[i + 1]);
    }
    return new CellFact(
        dimensions,
        WindowFeed.step(step),
        calls,
        0,
        priced,
        tokens == 0 ? Map.of() : Map.of("out.text", tokens),
        Map.of("out.text", BigDecimal.ONE),
        List.of("card"));
  }

  private void see(int step, String... labels) {
    news.clear();
    seen("production", step).add(cell(step, 10, 10, 100, labels), news::add);
  }

  private List<Map<String, String>> found(Map<String, String> series, int from, int until) {
    SeriesKey key = new SeriesKey("default", "production", "set", series, series.toString());
    return seen("production", until)
        .cells(key, WindowFeed.step(from), WindowFeed.step(until))
        .stream()
        .map(CellFact::dimensions)
        .toList();
  }

  @Test
  void cells_areThoseOfTheFeatureInTheTime() {
    for (int step = 0; step < 6; step++) {
      see(step, "feature", "chat", "model", "m" + step);
      see(step, "feature", "search", "model", "m" + step);
    }
    seen("staging", 3).add(cell(3, 10, 10, 100, "feature", "chat", "model", "x"), news::add);

    assertThat(found(Map.of("feature", "chat"), 2, 4))
        .containsExactly(
            Map.of("feature", "chat", "model", "m2"), Map.of("feature", "chat", "model", "m3"));
  }

  /** What a cell does not tell apart may be of the series, and so may what it calls other. */
  @Test
  void cells_ofAnotherValue_areNotOfTheSeries() {
    see(0, "feature", "chat", "model", "a");
    see(0, "feature", "chat", "model", "b");
    see(0, "feature", "chat", "model", "other");

    assertThat(found(Map.of("feature", "chat", "model", "a", "service", "api"), 0, 1))
        .containsExactlyInAnyOrder(
            Map.of("feature", "chat", "model", "a"), Map.of("feature", "chat", "model", "other"));
  }

  @Test
  void cells_ofATeam_areThoseOfTheFeaturesItOwns_elseAll() {
    see(0, "feature", "chat");
    see(0, "feature", "mail");
    see(0, "feature", "search");
    assertThat(found(Map.of("team", "blue"), 0, 1)).hasSize(3);
    assertThat(found(Map.of("model", "m"), 0, 1)).hasSize(3);

    owners =
        new Owners(
            List.of(
                new OwnerRule("a", 0, null, "chat", false, "blue", List.of()),
                new OwnerRule("b", 0, null, "mail", false, "red", List.of())));
    assertThat(found(Map.of("team", "blue"), 0, 1)).containsExactly(Map.of("feature", "chat"));
    assertThat(found(Map.of("team", "green"), 0, 1)).as("nobody says").hasSize(3);
  }

  @Test
  void cells_areForgottenAfterTheTimeThatTheyAreKept() {
    see(0, "feature", "chat");
    see(2 * HOUR, "feature", "chat");
    assertThat(found(Map.of("feature", "chat"), 0, 100)).hasSize(2);

    see(2 * HOUR + 1, "feature", "chat");
    assertThat(found(Map.of("feature", "chat"), 0, 100)).hasSize(2);
    SeenCells.forgetAll(cells, WindowFeed.step(2 * HOUR + 1));
    assertThat(found(Map.of("feature", "chat"), 0, 100)).hasSize(1);
  }

  private List<String> kinds() {
    return news.stream().map(Change::kind).toList();
  }

  /** Of a feature that is as new, everything is. */
  @Test
  void firstSights_areNews_ofAFeatureKnownForTheLookBack() {
    see(0, "feature", "chat", "model", "a", "prompt_version", "v1");
    assertThat(news).isEmpty();
    see(HOUR - 1, "feature", "chat", "model", "b", "prompt_version", "v1");
    assertThat(news).isEmpty();
    see(HOUR, "feature", "chat", "model", "c", "prompt_version", "v2");
    assertThat(news)
        .containsExactlyInAnyOrder(
            new Change("prompt_version", "chat", "v2", WindowFeed.step(HOUR)),
            new Change("model", "chat", "c", WindowFeed.step(HOUR)));
    see(HOUR + 1, "feature", "chat", "model", "c", "prompt_version", "v2");
    assertThat(news).as("once").isEmpty();
  }

  @Test
  void firstSights_ofWhatNamesNothing_orWasNotCalled_areNone() {
    see(0, "feature", "chat");
    see(0, "feature", "other");
    see(HOUR, "feature", "chat", "model", "other", "prompt_version", "unattributed");
    assertThat(news).isEmpty();
    see(HOUR, "feature", "other", "model", "m");
    assertThat(news).isEmpty();
    SeenCells none = seen("production", HOUR);
    none.add(cell(HOUR, 0, 0, 100, "feature", "chat", "model", "late"), news::add);
    assertThat(news).isEmpty();
  }

  /** It is an alarm at once: nobody knows what the feature costs. */
  @Test
  void modelWithoutAPrice_isNewsOfAnyFeature_whereItUsedSomething() {
    SeenCells seen = seen("production", 0);
    seen.add(cell(0, 10, 0, 0, "feature", "chat", "model", "failing"), news::add);
    assertThat(news).isEmpty();
    seen.add(cell(0, 10, 1, 100, "feature", "chat", "model", "priced in part"), news::add);
    assertThat(news).isEmpty();
    seen.add(cell(0, 10, 0, 100, "feature", "chat", "model", "m-2"), news::add);
    assertThat(kinds()).containsExactly("unpriced_model");
    seen.add(cell(1, 10, 0, 100, "feature", "chat", "model", "m-2"), news::add);
    assertThat(news).hasSize(1);
  }

  /** An episode's cause is told apart: that nothing is known of the cost is none. */
  @Test
  void changes_areThoseOfTheTime_inTheirOrder_tenAtMost() {
    see(0, "feature", "chat", "model", "m");
    for (int i = 0; i < 14; i++) {
      see(HOUR + i / 2, "feature", "chat", "model", "m" + (9 - i / 2) + i);
    }
    seen("production", HOUR)
        .add(cell(HOUR, 10, 0, 100, "feature", "chat", "model", "m"), news::add);
    SeriesKey chat =
        new SeriesKey("default", "production", "feature", Map.of("feature", "chat"), "chat");

    List<Change> all =
        seen("production", 100).changes(chat, WindowFeed.step(HOUR), WindowFeed.step(HOUR + 2));
    assertThat(all).extracting(Change::value).containsExactly("m90", "m91", "m82", "m83");
    assertThat(
            seen("production", 100).changes(chat, WindowFeed.step(0), WindowFeed.step(HOUR + 100)))
        .hasSize(10)
        .startsWith(all.toArray(new Change[0]));
  }
}
