package dev.tributary.cost.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.cost.LedgerEntries;
import dev.tributary.schemas.Cell;
import dev.tributary.schemas.Distribution;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.Sight;
import dev.tributary.schemas.UsageQuality;
import dev.tributary.schemas.Window;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What of its lines a cell shows, and how records are put in order. */
class CellTest {

  /** The one cell that these entries move, in parts that are merged. */
  private static Cell cell(LedgerEntry... entries) {
    EntryCells cells = new EntryCells(List.of(), LowScores.DEFAULT, true, List.of());
    PartialWindow sums = new PartialWindow();
    String key = "";
    for (LedgerEntry entry : entries) {
      CombinedPart part = new CombinedPart();
      cells.read(entry);
      cells.contribution(0).addTo(part);
      sums.merge(part.sums());
      key = cells.key(0).recordKey();
    }
    return Windows.toCell(key, LedgerEntries.BASE_US, 1, false, sums);
  }

  private static LedgerEntry priced(String rateCard) {
    LedgerEntry entry = LedgerEntries.call("01", LedgerEntries.BASE_US);
    entry.getLine().setRateCardId(rateCard);
    return entry;
  }

  /** A new price explains a change only where it is that of a line that still stands. */
  @Test
  void rateCards_areThoseOfLinesThatStand_inOrder() {
    LedgerEntry taken = priced("card-0");

    assertThat(
            cell(priced("card-2"), taken, LedgerEntries.retracted(taken), priced("card-1"))
                .getRateCards())
        .containsExactly("card-1", "card-2");
    assertThat(cell(LedgerEntries.retracted(taken), priced("card-1")).getRateCards())
        .as("taken back before it was booked")
        .containsExactly("card-1");
  }

  /** A text of any length would be kept in state for every call. */
  @Test
  void sights_ofTextsThatAreNoVersions_areLeftOut() {
    LedgerEntry longest = LedgerEntries.call("01", LedgerEntries.BASE_US);
    longest.setServiceVersion("v".repeat(200));
    LedgerEntry longer = LedgerEntries.call("02", LedgerEntries.BASE_US);
    longer.setServiceVersion("w".repeat(201));
    LedgerEntry empty = LedgerEntries.call("03", LedgerEntries.BASE_US);
    empty.setServiceVersion("");

    assertThat(cell(longest, longer, empty).getSights())
        .extracting(Sight::getValue)
        .containsExactly("v".repeat(200));
  }

  /** A call whose price nobody knows may be the typical one. */
  @Test
  void exampleCall_withoutACost_costsNothing_andLongIdsAreNone() {
    LedgerEntry unpriced = LedgerEntries.call("01", LedgerEntries.BASE_US);
    unpriced.getLine().setCost(null);
    unpriced.getLine().setSource("a".repeat(64));
    LedgerEntry odd = LedgerEntries.call("02", LedgerEntries.BASE_US);
    odd.getLine().setSource("b".repeat(65));

    Cell cell = cell(unpriced, odd);

    assertThat(cell.getDearestCall().getTraceId()).isEqualTo("a".repeat(64));
    assertThat(cell.getDearestCall().getCost()).isEqualByComparingTo("0");
    assertThat(cell.getCalls()).isEqualTo(2);
  }

  /** Cells explain money, and an estimate is spent all the same. */
  @Test
  void estimatedUsage_isAddedToWhatIsReported() {
    LedgerEntry estimated = LedgerEntries.call("01", LedgerEntries.BASE_US);
    estimated.getLine().setUsageQuality(UsageQuality.ESTIMATED);

    Cell cell = cell(estimated, LedgerEntries.call("02", LedgerEntries.BASE_US));

    assertThat(cell.getTokens().getInputUncached()).isEqualTo(2_000);
    assertThat(cell.getTokens().getOutputText()).isEqualTo(400);
    assertThat(cell.getCost()).isEqualByComparingTo("0.0246");
  }

  /** Equal windows are equal records, whatever was added first. */
  @Test
  void distributions_areInTheOrderOfTheirNames() {
    Map<String, PartialWindow> windows = new HashMap<>();
    EntryCells entries = new EntryCells(List.of(GroupingSet.of("feature", Dimension.FEATURE)));
    ScoreCells scores = new ScoreCells(List.of(GroupingSet.of("feature", Dimension.FEATURE)));
    LedgerEntry call = LedgerEntries.call("01", LedgerEntries.BASE_US);
    call.getLine().setTtftUs(5L);
    entries.read(call);
    scores.read(LedgerEntries.score("s", LedgerEntries.BASE_US, 0.5, null));
    CombinedPart part = new CombinedPart();
    entries.contribution(0).addTo(part);
    scores.addTo(part);
    windows.put(entries.key(0).recordKey(), part.sums());

    Window window =
        Windows.toRecord(scores.key(0).recordKey(), LedgerEntries.BASE_US, 1, false, part.sums());

    assertThat(windows).containsOnlyKeys(scores.key(0).recordKey());
    assertThat(window.getDistributions())
        .extracting(Distribution::getMetric)
        .containsExactly(
            "cost_usd",
            "input_tokens",
            "latency_us",
            "output_tokens",
            "score.evaluator.faithfulness",
            "ttft_us");
  }
}
