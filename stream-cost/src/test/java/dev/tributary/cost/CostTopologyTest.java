package dev.tributary.cost;

import static dev.tributary.cost.LedgerEntries.BASE_US;
import static dev.tributary.cost.LedgerEntries.call;
import static dev.tributary.cost.LedgerEntries.retracted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.cost.core.GroupingSet;
import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.MinuteClosed;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import dev.tributary.schemas.WindowRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Windows and the end of minutes through the topology, one partition, one grouping set. */
class CostTopologyTest {
  private static final long MINUTE_US = 60_000_000;

  /** The clock that closes the first minute: its end and the grace of 90 s. */
  private static final long CLOSES_FIRST_US = BASE_US + 150_000_000;

  private static final long LAST_US = BASE_US + 20 * MINUTE_US;

  private final TopologyFixture fixture = fixture(Map.of());

  private static TopologyFixture fixture(Map<String, String> settings) {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "tributary.topics.partitions", "1",
                "tributary.cost.grouping-sets", "feature",
                "tributary.cost.cells-per-feature", "0"));
    all.putAll(settings);
    TopologyFixture fixture = TopologyFixture.of(CostMain.APP, all);
    // All event times of these tests lie before the wall clock.
    fixture.advance(Duration.ofHours(3));
    return fixture;
  }

  static Stream<Long> seeds() {
    return Seeds.many(5);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static void send(TopologyFixture to, LedgerEntry... entries) {
    TestInputTopic<String, LedgerEntry> ledger = to.input(Topics.LEDGER);
    for (LedgerEntry entry : entries) {
      ledger.pipeInput("default|trace", entry, entry.getLine().getEventTimeUs() / 1_000);
    }
  }

  private static List<Window> windows(List<WindowRecord> records) {
    return records.stream()
        .map(WindowRecord::getBody)
        .filter(Window.class::isInstance)
        .map(Window.class::cast)
        .toList();
  }

  @Test
  void window_clockPastGrace_sentBeforeItsMinute() {
    send(fixture, call("01", BASE_US + 1), call("02", BASE_US + MINUTE_US - 1));
    assertThat(windows(fixture.values(Topics.WINDOWS))).isEmpty();

    send(fixture, call("03", CLOSES_FIRST_US));

    List<WindowRecord> records = fixture.values(Topics.WINDOWS);
    assertThat(records).hasSize(2);
    Window window = (Window) records.get(0).getBody();
    assertThat(window.getSeries()).isEqualTo("feature|environment=production|feature=chat");
    assertThat(window.getDimensions()).isEqualTo(Map.of("feature", "chat"));
    assertThat(window.getStartTimeUs()).isEqualTo(BASE_US);
    assertThat(window.getRevision()).isEqualTo(1);
    assertThat(window.getLate()).isFalse();
    assertThat(window.getMeasures().getCalls()).isEqualTo(2);
    assertThat(window.getMeasures().getTokens().getInputUncached()).isEqualTo(2_000);
    assertThat(window.getMeasures().getCost()).isEqualByComparingTo("0.0246");
    MinuteClosed closed = (MinuteClosed) records.get(1).getBody();
    assertThat(closed)
        .isEqualTo(
            new MinuteClosed(BASE_US + MINUTE_US, 0, Map.of("0", CLOSES_FIRST_US), List.of()));
  }

  @Test
  void window_clockOneMicrosecondBeforeGrace_notSent() {
    send(fixture, call("01", BASE_US + 1), call("03", CLOSES_FIRST_US - 1));

    assertThat(windows(fixture.values(Topics.WINDOWS))).isEmpty();
  }

  @Test
  void window_entriesAfterTheClose_revisedOncePerTick() {
    send(fixture, call("01", BASE_US), call("02", CLOSES_FIRST_US));
    fixture.values(Topics.WINDOWS);

    send(fixture, call("03", BASE_US), call("04", BASE_US));
    assertThat(fixture.values(Topics.WINDOWS)).isEmpty();
    fixture.advance(Duration.ofSeconds(1));

    List<Window> revised = windows(fixture.values(Topics.WINDOWS));
    assertThat(revised).hasSize(1);
    assertThat(revised.get(0).getRevision()).isEqualTo(2);
    assertThat(revised.get(0).getLate()).isTrue();
    assertThat(revised.get(0).getMeasures().getCalls()).isEqualTo(3);
    fixture.advance(Duration.ofSeconds(1));
    assertThat(fixture.values(Topics.WINDOWS)).isEmpty();
  }

  @Test
  void window_allRetractedAfterTheClose_revisedToZero() {
    LedgerEntry entry = call("01", BASE_US);
    send(fixture, entry, call("02", CLOSES_FIRST_US));
    fixture.values(Topics.WINDOWS);

    send(fixture, retracted(entry));
    fixture.advance(Duration.ofSeconds(1));

    Window revised = windows(fixture.values(Topics.WINDOWS)).get(0);
    assertThat(MeasureTotals.of(revised.getMeasures())).isEmpty();
    assertThat(revised.getDistributions()).isEmpty();
    assertThat(revised.getRevision()).isEqualTo(2);
  }

  @Test
  void window_retractedBeforeTheClose_neverSent() {
    LedgerEntry entry = call("01", BASE_US);
    send(fixture, entry, retracted(entry));

    send(fixture, call("02", CLOSES_FIRST_US));

    assertThat(windows(fixture.values(Topics.WINDOWS))).isEmpty();
  }

  @Test
  void window_entryBeyondRevisable_droppedCountedAndStateGone() {
    try (TopologyFixture shortLived = fixture(Map.of("tributary.cost.window-revisable", "2min"))) {
      send(shortLived, call("01", BASE_US), call("02", BASE_US + 6 * MINUTE_US));
      shortLived.values(Topics.WINDOWS);

      send(shortLived, call("03", BASE_US));
      shortLived.advance(Duration.ofSeconds(1));

      assertThat(shortLived.values(Topics.WINDOWS)).isEmpty();
      assertThat(shortLived.count(MetricNames.DROPPED)).isEqualTo(1);
      assertThat(shortLived.count(CostMetrics.ENTRIES_BEYOND)).isEqualTo(1);
      assertThat(shortLived.count(CostMetrics.WINDOWS_EVICTED)).isEqualTo(1);
      assertThat(storedWindows(shortLived)).isEqualTo(1);
    }
  }

  @Test
  void window_lastRevisableMinute_stillRevised() {
    try (TopologyFixture shortLived = fixture(Map.of("tributary.cost.window-revisable", "2min"))) {
      // Closed until minute 2; the first window ended at minute 1, so it has a minute left.
      send(shortLived, call("01", BASE_US), call("02", CLOSES_FIRST_US + MINUTE_US));
      shortLived.values(Topics.WINDOWS);

      send(shortLived, call("03", BASE_US));
      shortLived.advance(Duration.ofSeconds(1));

      List<Window> revised = windows(shortLived.values(Topics.WINDOWS));
      assertThat(revised).hasSize(1);
      assertThat(revised.get(0).getRevision()).isEqualTo(2);
      assertThat(revised.get(0).getMeasures().getCalls()).isEqualTo(2);
      assertThat(shortLived.count(MetricNames.DROPPED)).isZero();
    }
  }

  @Test
  void window_lateEntryBeforeItIsEvicted_sentFirst() {
    try (TopologyFixture shortLived = fixture(Map.of("tributary.cost.window-revisable", "2min"))) {
      send(shortLived, call("01", BASE_US), call("02", CLOSES_FIRST_US));
      shortLived.values(Topics.WINDOWS);

      // No tick between the late entry and the clock that evicts its window.
      send(shortLived, call("03", BASE_US), call("04", BASE_US + 6 * MINUTE_US));

      List<Window> sent = windows(shortLived.values(Topics.WINDOWS));
      assertThat(sent.get(0).getStartTimeUs()).isEqualTo(BASE_US);
      assertThat(sent.get(0).getRevision()).isEqualTo(2);
      assertThat(sent.get(0).getLate()).isTrue();
      assertThat(sent.get(0).getMeasures().getCalls()).isEqualTo(2);
    }
  }

  private static int storedWindows(TopologyFixture in) {
    KeyValueStore<Object, Object> store = in.driver().getKeyValueStore(CostTopologyNames.WINDOWS);
    int stored = 0;
    try (KeyValueIterator<Object, Object> all = store.all()) {
      while (all.hasNext()) {
        all.next();
        stored++;
      }
    }
    return stored;
  }

  @Test
  void minute_inputStops_closedByTheWallClock() {
    send(fixture, call("01", BASE_US));

    fixture.pass(Duration.ofSeconds(29));
    fixture.pass(Duration.ofSeconds(120));
    assertThat(windows(fixture.values(Topics.WINDOWS))).isEmpty();
    fixture.advance(Duration.ofSeconds(1));

    List<WindowRecord> records = fixture.values(Topics.WINDOWS);
    assertThat(windows(records)).hasSize(1);
    assertThat(records.get(1).getBody())
        .isEqualTo(new MinuteClosed(BASE_US + MINUTE_US, 0, Map.of(), List.of("0")));
  }

  /** A machine that slept for days has not waited for anybody in that time. */
  @Test
  void minute_wallClockJumps_notClosed() {
    send(fixture, call("01", BASE_US));

    fixture.advance(Duration.ofDays(3));
    fixture.advance(Duration.ofSeconds(1));

    assertThat(windows(fixture.values(Topics.WINDOWS))).isEmpty();
  }

  @Test
  void minute_lineFarAheadOfTheWallClock_notClosed() {
    send(fixture, call("01", BASE_US), call("02", BASE_US + Duration.ofDays(9).toNanos() / 1_000));

    assertThat(windows(fixture.values(Topics.WINDOWS))).isEmpty();
  }

  @Test
  void minutes_severalAtOnce_closedTogetherAndNeverAgain() {
    send(fixture, call("01", BASE_US));
    fixture.values(Topics.WINDOWS);

    send(fixture, call("02", BASE_US + 30 * MINUTE_US), call("03", BASE_US + 30 * MINUTE_US));

    List<WindowRecord> records = fixture.values(Topics.WINDOWS);
    assertThat(records.stream().map(WindowRecord::getBody).filter(MinuteClosed.class::isInstance))
        .hasSize(1);
    assertThat(((MinuteClosed) records.get(1).getBody()).getClosedUntilUs())
        .isEqualTo(BASE_US + 28 * MINUTE_US);
  }

  @Test
  void line_withoutMeasure_droppedAndMovesTheClock() {
    send(
        fixture,
        call("01", BASE_US),
        LedgerEntries.booked(LedgerEntries.line("02", CLOSES_FIRST_US, SpanKind.STEP)));

    assertThat(windows(fixture.values(Topics.WINDOWS))).hasSize(1);
    assertThat(fixture.count(MetricNames.DROPPED)).isEqualTo(1);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void windows_randomLedger_sumToTheLedgerAndEveryRecordIsAccountedFor(long seed) {
    Seeds.with(
        seed,
        generator -> {
          List<LedgerEntry> entries = LedgerEntries.random(generator.random(), 300, 6);
          try (TopologyFixture all =
              fixture(
                  Map.of(
                      "tributary.cost.grouping-sets",
                      CostConfig.GROUPING_SETS.defaultText(),
                      "tributary.cost.combine-max-parts",
                      "7",
                      "tributary.cost.cells-per-feature",
                      "3"))) {
            LatestWindows latest = new LatestWindows();
            List<Score> scores = LedgerEntries.randomScores(generator.random(), 200, 6);
            for (int i = 0; i < entries.size(); i++) {
              send(all, entries.get(i));
              if (i < scores.size()) {
                all.input(Topics.SCORES).pipeInput("default|trace", scores.get(i));
              }
              if (generator.chance(10)) {
                all.advance(Duration.ofMillis(generator.between(1, 3_000)));
              }
            }
            send(all, LedgerEntries.booked(LedgerEntries.line("ff", LAST_US, SpanKind.STEP)));
            all.advance(Duration.ofMinutes(3));
            all.values(Topics.WINDOWS).forEach(latest::read);

            Map<String, Map<String, BigDecimal>> expected = new TreeMap<>();
            for (GroupingSet set : GroupingSet.DEFAULTS) {
              expected.put(set.name(), MeasureTotals.ofEntries(entries, set.name()));
            }
            expected.put("cell", MeasureTotals.ofEntries(entries, "cell"));
            assertThat(latest.totals()).isEqualTo(expected);
            assertThat(latest.scores("team")).isEqualTo(MeasureTotals.ofScores(scores));
            assertThat(latest.scores("feature_model")).isEqualTo(MeasureTotals.ofScores(scores));
            assertThat(latest.scores("service")).isEmpty();
            new ConservationCheck(all.meters(), "cost").assertHolds();
          }
        });
  }
}
