package dev.tributary.cost;

import static dev.tributary.cost.LedgerEntries.BASE_US;
import static dev.tributary.cost.LedgerEntries.call;
import static dev.tributary.cost.LedgerEntries.retracted;
import static dev.tributary.cost.LedgerEntries.score;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Cell;
import dev.tributary.schemas.CostLine;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LineKind;
import dev.tributary.schemas.MinuteClosed;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreDirection;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.schemas.ScoreSums;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import dev.tributary.schemas.WindowRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Cells of two per feature, and scores, through the topology. */
class CellsAndScoresTest {
  private static final long MINUTE_US = 60_000_000;

  /** The clock that closes the first five minutes. */
  private static final long CLOSES_US = BASE_US + 5 * MINUTE_US + 90_000_000;

  private final TopologyFixture fixture =
      TopologyFixture.of(
          CostMain.APP,
          Map.of(
              "tributary.topics.partitions", "1",
              "tributary.cost.grouping-sets", "feature",
              "tributary.cost.cells-per-feature", "2"));

  CellsAndScoresTest() {
    // All event times of these tests lie before the wall clock.
    fixture.advance(Duration.ofHours(3));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static LedgerEntry of(String workspace, String cost) {
    LedgerEntry entry = call("01", BASE_US + 2 * MINUTE_US);
    entry.getLine().getAttribution().setWorkspace(LedgerEntries.tag(workspace, Provenance.OWN));
    BigDecimal amount = new BigDecimal(cost).setScale(18);
    entry.getLine().setCost(amount);
    entry.getLine().setCostLines(List.of(new CostLine("out.text", 200L, null, 1_000_000L, amount)));
    entry.getLine().setRateCardId("card-1");
    return entry;
  }

  private void send(LedgerEntry... entries) {
    for (LedgerEntry entry : entries) {
      fixture
          .input(Topics.LEDGER)
          .pipeInput("default|trace", entry, entry.getLine().getEventTimeUs() / 1_000);
    }
  }

  private List<Cell> cells() {
    return fixture.values(Topics.WINDOWS).stream()
        .map(WindowRecord::getBody)
        .filter(Cell.class::isInstance)
        .map(Cell.class::cast)
        .toList();
  }

  @Test
  void cells_closed_dearestByThemselvesRestAsOtherBeforeTheMinute() {
    send(of("a", "0.1"), of("b", "0.4"), of("c", "0.3"), of("d", "0.2"));

    send(call("02", CLOSES_US));

    List<WindowRecord> records = fixture.values(Topics.WINDOWS);
    assertThat(records.get(records.size() - 1).getBody()).isInstanceOf(MinuteClosed.class);
    List<Cell> cells =
        records.stream()
            .filter(record -> record.getBody() instanceof Cell)
            .map(record -> (Cell) record.getBody())
            .toList();
    assertThat(cells)
        .extracting(cell -> cell.getDimensions().get("workspace"))
        .containsExactly("b", "c", "other");
    Cell dearest = cells.get(0);
    assertThat(dearest.getStartTimeUs()).isEqualTo(BASE_US);
    assertThat(dearest.getLengthUs()).isEqualTo(5 * MINUTE_US);
    assertThat(dearest.getRevision()).isEqualTo(1);
    assertThat(dearest.getDimensions())
        .containsOnly(
            Map.entry("feature", "chat"),
            Map.entry("workspace", "b"),
            Map.entry("model", "gpt-5"),
            Map.entry("prompt_version", "unattributed"),
            Map.entry("agent", "unattributed"),
            Map.entry("region", "unattributed"));
    assertThat(dearest.getTokens().getOutputText()).isEqualTo(200);
    assertThat(dearest.getCostByBucket()).containsOnlyKeys("out.text");
    assertThat(dearest.getRateCards()).containsExactly("card-1");
    assertThat(dearest.getDearestCall().getTraceId())
        .isEqualTo(dearest.getChanceCall().getTraceId());
    Cell other = cells.get(2);
    assertThat(other.getDimensions())
        .containsEntry("feature", "chat")
        .containsEntry("model", "other");
    assertThat(other.getCalls()).isEqualTo(2);
    assertThat(other.getCost()).isEqualByComparingTo("0.3");
    assertThat(fixture.count(CostMetrics.CELLS_FOLDED)).isEqualTo(2);
  }

  /** A share of a pool has a cost, and no trace; nor is what is taken back an example. */
  @Test
  void exampleCalls_areOfTracesAlone() {
    LedgerEntry share = of("a", "36");
    share.getLine().setKind(LineKind.ALLOCATION);
    share.getLine().setSource("ptu-eu-1");
    share.getLine().setCalls(0);
    LedgerEntry none = of("a", "9");
    none.getLine().setCalls(0);
    LedgerEntry dear = of("a", "7");
    dear.getLine().setSource("0dea");
    LedgerEntry taken = of("a", "8");
    taken.setSign(-1);
    send(share, none, dear, of("a", "2"), taken);

    send(call("02", CLOSES_US));

    Cell cell = cells().get(0);
    assertThat(cell.getDearestCall().getTraceId()).isEqualTo("0dea");
    assertThat(cell.getDearestCall().getCost()).isEqualByComparingTo("7");
    assertThat(cell.getChanceCall().getCost().intValueExact()).isIn(2, 7);
  }

  private static LedgerEntry versioned(
      String workspace, long timeUs, String deploy, String retrieval, String returned) {
    LedgerEntry entry = of(workspace, "0.1");
    entry.getLine().setEventTimeUs(timeUs);
    entry.setServiceVersion(deploy);
    entry.getLine().setModelRequested("gpt");
    entry.getLine().setModelReturned(returned);
    entry
        .getLine()
        .getAttribution()
        .setRetrievalVersion(LedgerEntries.tag(retrieval, Provenance.OWN));
    return entry;
  }

  private static List<String> sights(Cell cell) {
    return cell.getSights().stream()
        .map(
            sight ->
                sight.getKind()
                    + ' '
                    + sight.getSubject()
                    + ' '
                    + sight.getValue()
                    + " +"
                    + (sight.getFirstTimeUs() - BASE_US) / 1_000_000)
        .toList();
  }

  @Test
  void cells_sayWhichVersionsTheirCallsWereMadeWith_andSinceWhen() {
    send(
        versioned("a", BASE_US + 2 * MINUTE_US, "4.2.1", "v7", "gpt-a"),
        versioned("a", BASE_US + MINUTE_US, "4.2.0", "v7", "gpt-a"),
        versioned("a", BASE_US + 3 * MINUTE_US, "4.2.1", null, "gpt-b"));

    send(call("02", CLOSES_US));

    assertThat(sights(cells().get(0)))
        .containsExactly(
            "deploy api 4.2.0 +60",
            "deploy api 4.2.1 +120",
            "retrieval_version  v7 +60",
            "returned_model gpt gpt-a +60",
            "returned_model gpt gpt-b +180");
  }

  /** The negative control: what was booked elsewhere in the end was not seen here. */
  @Test
  void versions_ofARetractedLine_areGone() {
    LedgerEntry moved = versioned("a", BASE_US + MINUTE_US, "4.2.1", "v8", "gpt-b");
    send(versioned("a", BASE_US + 2 * MINUTE_US, "4.2.0", "v7", "gpt-a"), moved, retracted(moved));

    send(call("02", CLOSES_US));

    assertThat(cells())
        .singleElement()
        .satisfies(
            cell ->
                assertThat(sights(cell))
                    .containsExactly(
                        "deploy api 4.2.0 +120",
                        "retrieval_version  v7 +120",
                        "returned_model gpt gpt-a +120"));
  }

  @Test
  void retrieval_tellsItsVersion_andIsNoCall() {
    LedgerEntry retrieval =
        LedgerEntries.booked(LedgerEntries.line("05", BASE_US + MINUTE_US, SpanKind.RETRIEVAL));
    retrieval
        .getLine()
        .getAttribution()
        .setRetrievalVersion(LedgerEntries.tag("v9", Provenance.OWN));
    send(retrieval, of("a", "0.1"));

    send(call("02", CLOSES_US));

    List<Cell> cells = cells();
    assertThat(cells).hasSize(2);
    assertThat(cells.stream().mapToLong(Cell::getCalls).sum()).isEqualTo(1);
    assertThat(cells.stream().flatMap(cell -> sights(cell).stream()))
        .containsExactly("retrieval_version  v9 +60");
  }

  @Test
  void cells_lateLines_moveTheCellThatHasThem() {
    LedgerEntry small = of("a", "0.1");
    LedgerEntry dear = of("b", "0.4");
    send(small, dear, of("c", "0.3"), call("02", CLOSES_US));
    cells();

    send(retracted(small), retracted(dear), of("new", "9"), of("b", "0.5"));
    fixture.advance(Duration.ofSeconds(1));

    List<Cell> revised = cells();
    assertThat(revised)
        .extracting(cell -> cell.getDimensions().get("workspace"))
        .containsExactly("b", "other");
    assertThat(revised).allMatch(cell -> cell.getLate() && cell.getRevision() == 2);
    assertThat(revised.get(0).getCost()).isEqualByComparingTo("0.5");
    assertThat(revised.get(1).getCost()).isEqualByComparingTo("9");
    assertThat(revised.get(1).getCalls()).isEqualTo(1);
  }

  @Test
  void cells_roomLeft_lateCellStandsByItself() {
    send(of("a", "0.1"), call("02", CLOSES_US));
    cells();

    send(of("b", "0.4"), of("c", "0.3"));
    fixture.advance(Duration.ofSeconds(1));

    assertThat(cells())
        .extracting(cell -> cell.getDimensions().get("workspace"))
        .containsExactly("b", "other");
  }

  @Test
  void cells_lastRevisableMinute_stillRevised() {
    fixture.advance(Duration.ofDays(3));
    send(of("a", "0.1"), call("02", CLOSES_US));
    // The cell has a minute left of the 48 hours after its end.
    send(call("03", CLOSES_US + Duration.ofHours(48).toNanos() / 1_000 - MINUTE_US));
    cells();

    send(of("a", "0.2"));
    fixture.advance(Duration.ofSeconds(1));

    List<Cell> revised = cells();
    assertThat(revised).hasSize(1);
    assertThat(revised.get(0).getRevision()).isEqualTo(2);
    assertThat(revised.get(0).getCost()).isEqualByComparingTo("0.3");
  }

  @Test
  void cells_beyondRevisable_droppedWithTheirWindows() {
    send(of("a", "0.1"), call("02", CLOSES_US));
    send(call("03", CLOSES_US + Duration.ofMinutes(90).toNanos() / 1_000));
    cells();
    fixture.pass(Duration.ofDays(3));
    cells();
    long windows = fixture.count(CostMetrics.WINDOWS_EVICTED);

    send(of("b", "0.4"));
    fixture.advance(Duration.ofSeconds(1));

    assertThat(cells()).isEmpty();
    assertThat(windows).isPositive();
    assertThat(fixture.count(CostMetrics.ENTRIES_BEYOND)).isEqualTo(2);
    assertThat(stored()).isZero();
  }

  private long stored() {
    try (var all = fixture.driver().getKeyValueStore(CostTopologyNames.CELLS).all()) {
      long stored = 0;
      for (; all.hasNext(); all.next()) {
        stored++;
      }
      return stored;
    }
  }

  private void send(Score score) {
    fixture.input(Topics.SCORES).pipeInput("default|trace", score);
  }

  @Test
  void entry_withoutValidSign_deadLettered() {
    LedgerEntry entry = call("01", BASE_US);
    entry.setSign(2);

    send(entry);

    assertThat(fixture.rawOutput(Topics.DLQ).readValuesToList()).hasSize(1);
  }

  private List<Window> closedWindows() {
    send(call("02", CLOSES_US));
    return fixture.values(Topics.WINDOWS).stream()
        .filter(record -> record.getBody() instanceof Window)
        .map(record -> (Window) record.getBody())
        .toList();
  }

  @Test
  void scores_sampled_weighedByTheInverseOfTheirProbability() {
    send(call("01", BASE_US));
    send(score("s1", BASE_US + 1, 0.5, 0.25));
    send(score("s2", BASE_US + 2, 1.0, null));
    Score failed = score("s3", BASE_US + 3, null, 0.25);
    failed.setStatus(ScoreStatus.FAILED);
    send(failed);

    Window window = closedWindows().get(0);

    assertThat(window.getSeries()).isEqualTo("feature|environment=production|feature=chat");
    assertThat(window.getMeasures().getCalls()).isEqualTo(1);
    assertThat(window.getScores())
        .containsExactly(
            ScoreSums.newBuilder()
                .setName("faithfulness")
                .setSource("evaluator")
                .setN(2)
                .setFailed(1)
                .setWeight(5)
                .setWeightSquared(17)
                .setWeightedValue(3)
                .setWeightedValueSquared(2)
                .setWeightSquaredValue(9)
                .setWeightSquaredValueSquared(5)
                .build());
    assertThat(window.getDistributions())
        .extracting(of -> of.getMetric())
        .contains("score.evaluator.faithfulness");
  }

  /** It would stand in a mean beside scores of which the other end is good, and in its alert. */
  @Test
  void score_ofADirectionAddedLater_isCountedAndInNoMean() {
    send(call("01", BASE_US));
    send(score("s1", BASE_US, 0.5, null));
    Score later = score("s2", BASE_US, 1.0, null);
    later.setDirection(ScoreDirection.UNKNOWN);
    send(later);

    assertThat(closedWindows().get(0).getScores())
        .extracting(ScoreSums::getN, ScoreSums::getUnvalued, ScoreSums::getWeightedValue)
        .containsExactly(tuple(1L, 1L, 0.5));
  }

  @Test
  void score_outOfBounds_deadLettered() {
    send(call("01", BASE_US));
    send(score("s1", BASE_US, 1.5, null));
    send(score("s2", BASE_US, 0.5, 0.0));

    assertThat(closedWindows().get(0).getScores()).isEmpty();
    assertThat(fixture.rawOutput(Topics.DLQ).readValuesToList()).hasSize(2);
  }

  @Test
  void score_ofTheLeastProbability_counts_andBelowIsDeadLettered() {
    send(call("01", BASE_US));
    send(score("s1", BASE_US, 1.0, 0.000001));
    send(score("s2", BASE_US, 1.0, 0.0000009));

    assertThat(closedWindows().get(0).getScores())
        .extracting(ScoreSums::getN, ScoreSums::getWeight, ScoreSums::getWeightSquared)
        .containsExactly(tuple(1L, 1e6, 1e12));
    assertThat(fixture.rawOutput(Topics.DLQ).readValuesToList()).hasSize(1);
  }
}
