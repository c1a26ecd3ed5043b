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
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered of a feature that shows more than can be remembered. */
class FirstSightsTest {
  private static final long LOOK_BACK_US = 12 * WindowFeed.STEP_US;
  private static final String PROMPT = "prompt_version";
  private static final String MODEL = "model";

  private KeyValueStore<Bytes, byte[]> store;
  private int forgotten;

  @BeforeEach
  void open(@TempDir Path folder) {
    store = MemoryStore.open("sights", folder);
  }

  /** Whether a value is told; each time by another one, as after a restart. */
  private boolean isTold(String kind, String value, int step) {
    long atUs = WindowFeed.step(step);
    FirstSights sights =
        new FirstSights(
            store,
            "default|production",
            atUs + WindowFeed.STEP_US,
            LOOK_BACK_US,
            count -> forgotten += count);
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
    assertThat(isTold(PROMPT, "later", 12)).as("they were seen until the end of 0").isFalse();
    assertThat(isTold(PROMPT, "later still", 13)).isTrue();
  }

  /**
   * Older versions kept no last times, and had a number of values at most: until the look-back is
   * over, what is forgotten of theirs may have been in use.
   */
  @Test
  void whatAnOlderVersionFilled_namesNothingNewWithinTheLookBack() {
    fillAsOlderVersion();

    assertThat(isTold(PROMPT, "v1500", 300)).isFalse();
    assertThat(isTold(PROMPT, "new", 300)).isFalse();

    assertThat(forgotten).isEqualTo(FirstSights.FORGOTTEN_AT_ONCE);
    assertThat(isTold(PROMPT, "v1500", 301)).isFalse();
    assertThat(isTold(PROMPT, "v0", 301)).as("it was in use all along").isFalse();
    assertThat(isTold(PROMPT, "later", 312)).as("the last of them in step 300").isFalse();
    assertThat(isTold(PROMPT, "later still", 313)).isTrue();
    assertThat(isTold(MODEL, "other", 301)).isTrue();
  }

  /** What is in use from then on is not forgotten for having been there the longest. */
  @Test
  void whatAnOlderVersionFilled_remembersWhatIsInUse() {
    fillAsOlderVersion();
    for (int step = 300; step < 330; step++) {
      assertThat(isTold(PROMPT, "v0", step)).isFalse();
    }

    assertThat(isTold(PROMPT, "new", 330)).isTrue();
    assertThat(isTold(PROMPT, "v1", 330)).as("unseen since the upgrade").isTrue();
    assertThat(isTold(PROMPT, "v0", 400)).isFalse();
  }

  private void fillAsOlderVersion() {
    for (int i = 0; i < 2_000; i++) {
      putOld(PROMPT, "v" + i, WindowFeed.step(i / 100));
    }
    putOld("count", "count", 2_000);
  }

  /** When it was last seen nobody kept, for there were few of them until the burst. */
  @Test
  void whatABurstDrivesOut_isNotToldWithinTheLookBack() {
    isTold(PROMPT, "hourly", 0);
    once(0, 900, 0);
    for (int step = 12; step < 1_200; step += 12) {
      assertThat(isTold(PROMPT, "hourly", step)).isFalse();
    }
    for (int step = 1_189; step < 1_196; step++) {
      once(200 * step, 200 * step + 200, step);
    }
    assertThat(forgotten).isPositive();

    assertThat(isTold(PROMPT, "hourly", 1_196)).as("last seen in step 1188").isFalse();
    assertThat(isTold(PROMPT, "new", 1_201)).as("others may have been in 1189").isFalse();
    assertThat(isTold(PROMPT, "newer", 1_202)).isTrue();
  }

  /** In the step that last times are kept from on, they are of what comes late in it alone. */
  @Test
  void stepThatLastTimesBeginIn_isTheLastOfAllUntilThen_whateverItsOrder() {
    for (boolean isFirst : new boolean[] {true, false}) {
      once(0, 999, 0);
      if (isFirst) {
        assertThat(isTold(PROMPT, "v0", 50)).isFalse();
      }
      once(1_000, 1_001, 50);
      if (!isFirst) {
        assertThat(isTold(PROMPT, "v0", 50)).isFalse();
      }
      once(2_000, 3_001, 54);
      assertThat(forgotten).isEqualTo(FirstSights.FORGOTTEN_AT_ONCE);

      assertThat(isTold(PROMPT, "new", 62)).as("within an hour of the end of 50").isFalse();
      assertThat(isTold(PROMPT, "newer", 63)).isTrue();
      clear();
    }
  }

  private void clear() {
    List<Bytes> keys = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      all.forEachRemaining(entry -> keys.add(entry.key));
    }
    keys.forEach(store::delete);
    forgotten = 0;
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
