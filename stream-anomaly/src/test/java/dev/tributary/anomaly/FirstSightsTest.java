package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Cell;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.TokenSums;
import dev.tributary.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered of a feature that shows more than can be remembered. */
class FirstSightsTest {
  private static final long LOOK_BACK_US = 12 * WindowFeed.STEP_US;
  private static final String PROMPT = "prompt_version";
  private static final String MODEL = "model";

  private final KeyValueStore<Bytes, byte[]> store =
      Stores.keyValueStoreBuilder(
              Stores.inMemoryKeyValueStore("sights"), Serdes.Bytes(), Serdes.ByteArray())
          .withLoggingDisabled()
          .build();
  private int forgotten;

  @BeforeEach
  void open(@TempDir Path folder) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "sights");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    MockProcessorContext<String, String> context =
        new MockProcessorContext<>(properties, new TaskId(0, 0), folder.toFile());
    store.init(context.getStateStoreContext(), store);
  }

  /** Whether a value is told; each time by another one, as after a restart. */
  private boolean isTold(String kind, String value, int step) {
    FirstSights sights =
        new FirstSights(store, "default|production", LOOK_BACK_US, count -> forgotten += count);
    long atUs = WindowFeed.step(step);
    return !sights.sees("chat", kind, value, atUs) && sights.add("chat", kind, value, atUs, true);
  }

  /** Prompt versions that are seen once. */
  private void once(int from, int to, int step) {
    IntStream.range(from, to).forEach(i -> isTold(PROMPT, "v" + i, step));
  }

  @Test
  void newValue_ofAFeatureThatIsFull_isTold_inThePlaceOfTheLongestUnseen() {
    for (int step = 0; step < 100; step++) {
      once(20 * step, 20 * step + 20, step);
    }
    assertThat(forgotten).isZero();

    assertThat(isTold(PROMPT, "new", 100)).isTrue();

    assertThat(forgotten).isEqualTo(FirstSights.FORGOTTEN_AT_ONCE);
    assertThat(isTold(PROMPT, "new", 101)).as("it is remembered").isFalse();
    assertThat(isTold(PROMPT, "v100", 101)).as("so is what came after the oldest").isFalse();
    assertThat(isTold(PROMPT, "v99", 101)).as("not the oldest").isTrue();
  }

  /** A version per call is no reason to call a model new, or the version that all others use. */
  @Test
  void whatIsInUse_isNotForgotten_norIsAnotherKind() {
    List<String> told = new ArrayList<>();
    isTold(MODEL, "nightly", 0);
    for (int step = 0; step < 300; step++) {
      once(30 * step, 30 * step + 30, step);
      if (isTold(PROMPT, "stable", step)) {
        told.add("stable " + step);
      }
    }

    assertThat(forgotten).isGreaterThan(5_000);
    assertThat(told).containsExactly("stable 0");
    assertThat(isTold(MODEL, "nightly", 300)).isFalse();
    assertThat(isTold(MODEL, "other", 300)).isTrue();
  }

  /** Of more than can be remembered within the look-back nobody knows what is new. */
  @Test
  void whatWasForgottenWithinTheLookBack_isNotCalledNew() {
    once(0, 2_000, 0);
    once(2_000, 2_001, 1);
    assertThat(forgotten).isEqualTo(FirstSights.FORGOTTEN_AT_ONCE);

    assertThat(isTold(PROMPT, "another", 11)).isFalse();
    assertThat(isTold(MODEL, "model", 11)).as("of models nothing was forgotten").isTrue();
    assertThat(isTold(PROMPT, "later", 12)).isTrue();
  }

  /** Older versions kept no last times, and had a number of values at most. */
  @Test
  void whatAnOlderVersionFilled_goesOn() {
    for (int i = 0; i < 2_000; i++) {
      putOld(PROMPT, "v" + i, WindowFeed.step(i / 100));
    }
    putOld("count", "count", 2_000);

    assertThat(isTold(PROMPT, "v1500", 300)).isFalse();
    assertThat(isTold(PROMPT, "new", 300)).isTrue();

    assertThat(forgotten).isEqualTo(FirstSights.FORGOTTEN_AT_ONCE);
    assertThat(isTold(PROMPT, "v1500", 301)).isFalse();
    assertThat(isTold(PROMPT, "v0", 301)).isTrue();
  }

  private void putOld(String kind, String value, long number) {
    byte[] bytes = ByteBuffer.allocate(Long.BYTES + 1).putLong(number).put((byte) 1).array();
    store.put(StoreKeys.of("default|production", "chat", kind, value), bytes);
  }

  private static Cell cell(int step, String model, List<String> cards) {
    TokenSums tokens = new TokenSums();
    tokens.setInputUncached(1_000);
    Cell cell =
        WindowFeed.cell(
            Map.of("feature", "support", "model", model, "prompt_version", "v1"),
            WindowFeed.step(step),
            40,
            tokens,
            Map.of("in.text.uncached", WindowFeed.money(1)));
    cell.setRateCards(cards);
    return cell;
  }

  /** Events of a feature whose rate cards are never the same; at the end it has a new model. */
  private static List<Event> replay() {
    try (TopologyFixture fixture = WindowFeed.fixture()) {
      WindowFeed feed = new WindowFeed(fixture);
      for (int step = 0; step < 60; step++) {
        int from = 50 * step;
        List<String> cards =
            IntStream.range(from, from + 50).mapToObj("card-%05d"::formatted).toList();
        feed.send(cell(step, "usual", cards));
        feed.send(cell(step, step < 59 ? "usual-too" : "new", cards));
        feed.close(WindowFeed.step(step + 1));
      }
      List<Event> events = fixture.values(Topics.EVENTS);
      assertThat(fixture.count(AnomalyMetrics.SIGHTS_FORGOTTEN)).isEqualTo(1_100);
      return events;
    }
  }

  @Test
  void featureThatIsFull_tellsWhatIsNew_inAReplayTheSame() {
    List<Event> events = replay();

    assertThat(events)
        .filteredOn(event -> event.getKind().equals("first_model"))
        .extracting(event -> event.getDetail().get("model"))
        .containsExactly("new");
    assertThat(replay()).isEqualTo(events);
  }
}
