package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Seeds;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Cell;
import dev.tributary.schemas.TokenSums;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;

/** The same log gives the same bytes, wherever a restart falls and whoever is quicker. */
class ReplayTest {
  private static final int WARM = 300;
  private static final int END = WARM + 24;
  private static final List<String> FEATURES = List.of("chat", "search", "support");
  private static final List<String> STORES =
      List.of(
          AnomalyTopologyNames.WINDOWS,
          AnomalyTopologyNames.SERIES,
          AnomalyTopologyNames.EPISODES,
          AnomalyTopologyNames.LATE,
          AnomalyTopologyNames.DETECT_PROGRESS,
          AnomalyTopologyNames.PENDING,
          AnomalyTopologyNames.CELLS,
          AnomalyTopologyNames.FIRST_SEEN,
          AnomalyTopologyNames.DESKS,
          AnomalyTopologyNames.DESK_PROGRESS,
          AnomalyTopologyNames.SIGNALS);

  private final long seed = Seeds.one();

  /** Steps of three features; one of them costs six times as much for an hour. */
  private void feed(TopologyFixture fixture, int from, int to) {
    WindowFeed feed = new WindowFeed(fixture);
    for (int step = from; step < to; step++) {
      Random random = new Random(seed * 31 + step);
      for (String feature : FEATURES) {
        boolean isHit = feature.equals("search") && step >= WARM && step < WARM + 12;
        double cost = 0;
        for (String workspace : List.of("acme", "bolt", "cyan")) {
          double each = 1 + 0.05 * random.nextGaussian();
          each *= isHit && workspace.equals("bolt") ? 16 : 1;
          feed.send(cell(feature, workspace, step, each));
          cost += each;
        }
        feed.send(
            WindowFeed.window(
                "feature", Map.of("feature", feature), WindowFeed.step(step), 90, cost));
        if (isHit && step % 4 == 0) {
          Window late =
              WindowFeed.window(
                  "feature", Map.of("feature", feature), WindowFeed.step(step - 1), 95, cost + 1);
          late.setRevision(2);
          feed.send(late);
        }
      }
      feed.close(WindowFeed.step(step + 1));
    }
  }

  private static Cell cell(String feature, String workspace, int step, double cost) {
    TokenSums tokens = new TokenSums();
    tokens.setOutputText(Math.round(1_000 * cost));
    BigDecimal amount = WindowFeed.money(tokens.getOutputText() / 1_000.0);
    return WindowFeed.cell(
        Map.of("feature", feature, "workspace", workspace, "model", "m"),
        WindowFeed.step(step),
        30,
        tokens,
        Map.of("out.text", amount));
  }

  private static List<String> bytes(TopologyFixture fixture) {
    List<String> all = new ArrayList<>();
    Base64.Encoder text = Base64.getEncoder();
    fixture
        .rawOutput(Topics.ANOMALIES)
        .readRecordsToList()
        .forEach(
            each ->
                all.add(
                    text.encodeToString(each.key())
                        + ' '
                        + each.timestamp()
                        + ' '
                        + text.encodeToString(each.value())));
    return all;
  }

  private static void copy(TopologyFixture from, TopologyFixture to) {
    for (String name : STORES) {
      KeyValueStore<Bytes, byte[]> source = from.driver().getKeyValueStore(name);
      KeyValueStore<Bytes, byte[]> target = to.driver().getKeyValueStore(name);
      try (KeyValueIterator<Bytes, byte[]> all = source.all()) {
        while (all.hasNext()) {
          KeyValue<Bytes, byte[]> entry = all.next();
          target.put(entry.key, entry.value);
        }
      }
    }
  }

  @Test
  void sameLog_sameBytes_alsoOverARestart() {
    List<String> once;
    List<Alert> alerts;
    try (TopologyFixture fixture = WindowFeed.fixture()) {
      feed(fixture, 0, END);
      once = bytes(fixture);
      alerts = fixture.values(Topics.ALERTS);
    }
    int restart = WARM + 1 + (int) Math.floorMod(seed, 12);
    List<String> twice;
    List<Alert> told;
    try (TopologyFixture first = WindowFeed.fixture();
        TopologyFixture second = WindowFeed.fixture()) {
      feed(first, 0, restart);
      twice = new ArrayList<>(bytes(first));
      told = new ArrayList<>(first.values(Topics.ALERTS));
      copy(first, second);
      feed(second, restart, END);
      twice.addAll(bytes(second));
      told.addAll(second.values(Topics.ALERTS));
    }

    assertThat(once).as("seed %d", seed).hasSizeGreaterThan(12);
    assertThat(twice).as("seed %d", seed).isEqualTo(once);
    assertThat(told).as("seed %d", seed).isEqualTo(alerts);
    Set<String> ids = new HashSet<>();
    assertThat(alerts).allSatisfy(alert -> assertThat(ids.add(alert.getAlertId())).isTrue());
    assertThat(alerts).hasSize(2);
  }

  /** The negative control: a restart that loses its state says something else. */
  @Test
  void restartWithoutState_isNoticed() {
    List<String> once;
    List<String> lost;
    try (TopologyFixture whole = WindowFeed.fixture();
        TopologyFixture first = WindowFeed.fixture();
        TopologyFixture second = WindowFeed.fixture()) {
      feed(whole, 0, WARM + 6);
      once = bytes(whole);
      feed(first, 0, WARM + 2);
      lost = new ArrayList<>(bytes(first));
      feed(second, WARM + 2, WARM + 6);
      lost.addAll(bytes(second));
    }

    assertThat(lost).as("seed %d", seed).isNotEqualTo(once);
  }

  /** Two partitions of llm.windows that send their findings in any interleaving. */
  @Test
  void sources_anyInterleaving_sameBytes() {
    List<DeskInput> inputs = new ArrayList<>();
    try (TopologyFixture fixture = WindowFeed.fixture()) {
      feed(fixture, 0, WARM + 6);
      Serde<DeskInput> serde = DeskInputSerde.create();
      fixture
          .driver()
          .createOutputTopic(
              "tributary-anomaly-findings-repartition",
              new org.apache.kafka.common.serialization.StringDeserializer(),
              serde.deserializer())
          .readValuesToList()
          .forEach(inputs::add);
    }
    List<List<DeskInput>> sources = List.of(new ArrayList<>(), new ArrayList<>());
    for (DeskInput input : inputs) {
      if (input instanceof DeskInput.Closed closed) {
        sources.get(0).add(new DeskInput.Closed(0, closed.untilUs()));
        sources.get(1).add(new DeskInput.Closed(1, closed.untilUs()));
      } else {
        int source =
            input instanceof DeskInput.Seen seen && seen.cell().feature().equals("search") ? 0 : 1;
        sources.get(source).add(input);
      }
    }

    List<String> turns = desk(sources, new Random(seed));
    List<String> other = desk(sources, new Random(seed + 1));

    assertThat(turns).as("seed %d", seed).isNotEmpty().isEqualTo(other);
  }

  private static List<String> desk(List<List<DeskInput>> sources, Random random) {
    Map<String, String> two = Map.of("tributary.topics.partitions", "2");
    try (TopologyFixture fixture = TopologyFixture.of(AnomalyMain.APP, two)) {
      TestInputTopic<String, DeskInput> input =
          fixture
              .driver()
              .createInputTopic(
                  "tributary-anomaly-findings-repartition",
                  new org.apache.kafka.common.serialization.StringSerializer(),
                  DeskInputSerde.create().serializer());
      int[] at = {0, 0};
      while (at[0] < sources.get(0).size() || at[1] < sources.get(1).size()) {
        int source = random.nextInt(2);
        for (int i = random.nextInt(40); i > 0 && at[source] < sources.get(source).size(); i--) {
          input.pipeInput("default|production", sources.get(source).get(at[source]++), 1L);
        }
      }
      return bytes(fixture);
    }
  }
}
