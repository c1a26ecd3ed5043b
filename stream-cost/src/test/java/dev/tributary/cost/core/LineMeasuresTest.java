package dev.tributary.cost.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.cost.LedgerEntries;
import dev.tributary.schemas.CostLine;
import dev.tributary.schemas.Distribution;
import dev.tributary.schemas.FinishReason;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LineKind;
import dev.tributary.schemas.LinePrice;
import dev.tributary.schemas.Measures;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.Retrieval;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.Window;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a line that is no ordinary call adds to a window. */
class LineMeasuresTest {

  private static Window window(LedgerEntry entry) {
    return window(entry, LowScores.DEFAULT);
  }

  private static Window window(LedgerEntry entry, LowScores lowScores) {
    EntryCells cells =
        new EntryCells(
            List.of(GroupingSet.of("feature", Dimension.FEATURE)), lowScores, false, List.of());
    CombinedPart part = new CombinedPart();
    cells.read(entry);
    assertThat(cells.enters(0)).isTrue();
    cells.contribution(0).addTo(part);
    return Windows.toRecord(
        cells.key(0).recordKey(), cells.key(0).startUs(), 1, false, part.sums());
  }

  /** Shares of a pool and differences to an invoice. */
  @ParameterizedTest
  @EnumSource(names = {"ALLOCATION", "TRUE_UP"})
  void spreadMoney_isNoCostOfACall(LineKind kind) {
    LedgerEntry allocated =
        LedgerEntries.booked(LedgerEntries.line("01", LedgerEntries.BASE_US, SpanKind.OTHER));
    allocated.getLine().setKind(kind);
    allocated.getLine().setCost(new BigDecimal("98.000000000000000000"));

    Window window = window(allocated);

    assertThat(window.getMeasures().getCost()).isEqualByComparingTo("98");
    assertThat(window.getMeasures().getCostByBucket()).containsOnlyKeys("other");
    assertThat(window.getMeasures().getPricedCalls()).isZero();
    assertThat(window.getDistributions())
        .extracting(Distribution::getMetric)
        .doesNotContain("cost_usd");
  }

  /** The names are those of price buckets in the ledger: one that differs sends money to others. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "in.text.uncached",
        "in.cache_read",
        "in.cache_write_5m",
        "in.cache_write_1h",
        "in.audio",
        "in.image",
        "out.text",
        "out.reasoning",
        "out.audio",
        "out.image",
        "tool.web_search",
        "request"
      })
  void costByBucket_bucketWithASlot_isUnderItsOwnName(String bucket) {
    LedgerEntry entry = LedgerEntries.call("01", LedgerEntries.BASE_US);
    entry
        .getLine()
        .setCostLines(
            List.of(new CostLine(bucket, 1L, null, 1_000_000L, entry.getLine().getCost())));

    assertThat(window(entry).getMeasures().getCostByBucket())
        .containsOnly(Map.entry(bucket, entry.getLine().getCost()));
  }

  @Test
  void callWhoseCostWasMadeNegative_countsAndIsInNoBucket() {
    LedgerEntry credited = LedgerEntries.call("01", LedgerEntries.BASE_US);
    credited.getLine().setCost(new BigDecimal("-0.500000000000000000"));

    Window window = window(credited);

    assertThat(window.getMeasures().getCost()).isEqualByComparingTo("-0.5");
    assertThat(window.getMeasures().getPricedCalls()).isEqualTo(1);
    assertThat(window.getDistributions())
        .extracting(Distribution::getMetric)
        .contains("latency_us")
        .doesNotContain("cost_usd");
  }

  /** What the views count, a window counts: the definition is in one place. */
  @ParameterizedTest
  @EnumSource
  void call_ofAnyStatus_isPricedByItsCost(PriceStatus status) {
    LedgerEntry with = LedgerEntries.call("01", LedgerEntries.BASE_US);
    LedgerEntry without = LedgerEntries.call("01", LedgerEntries.BASE_US);
    without.getLine().setCost(null);
    for (LedgerEntry entry : List.of(with, without)) {
      entry.getLine().setPriceStatus(status);

      Window window = window(entry);

      assertThat(window.getMeasures().getPricedCalls() == 1)
          .isEqualTo(LinePrice.isPriced(entry.getLine()));
      assertThat(window.getMeasures().getUnpricedCalls() == 1)
          .isEqualTo(LinePrice.isUnpriced(entry.getLine()));
    }
  }

  /**
   * Beyond 9.22 an amount at scale 18 has the highest bit of its lower half set, or a higher one.
   */
  @ParameterizedTest
  @ValueSource(strings = {"9.22", "10", "18.45", "30", "1000"})
  void costOfADearCall_isInTheBucketOfItsAmount(String cost) {
    LedgerEntry entry = LedgerEntries.call("01", LedgerEntries.BASE_US);
    entry.getLine().setCost(new BigDecimal(cost).setScale(18));

    Distribution costs =
        window(entry).getDistributions().stream()
            .filter(of -> of.getMetric().equals("cost_usd"))
            .findFirst()
            .orElseThrow();

    assertThat(SketchMapping.value(costs.getIndexes().get(0)).doubleValue())
        .isCloseTo(Double.parseDouble(cost), Percentage.withPercentage(1));
  }

  @Test
  void cost_atTheEdgeOf128Bits_isExactOrRefused() {
    BigInteger beyond = BigInteger.TWO.pow(127);
    LedgerEntry entry = LedgerEntries.call("01", LedgerEntries.BASE_US);
    BigDecimal largest = new BigDecimal(beyond.subtract(BigInteger.ONE), 18);
    BigDecimal least = new BigDecimal(beyond.negate(), 18);

    entry.getLine().setCost(largest);
    assertThat(window(entry).getMeasures().getCost()).isEqualTo(largest);
    entry.getLine().setCost(least);
    assertThat(window(entry).getMeasures().getCost()).isEqualTo(least);
    entry.getLine().setCost(new BigDecimal(beyond, 18));
    assertThatThrownBy(() -> window(entry))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageStartingWith("amount beyond 128 bits");
  }

  private static LedgerEntry step(SpanKind kind) {
    return LedgerEntries.booked(LedgerEntries.line("01", LedgerEntries.BASE_US, kind));
  }

  /** Outcomes are free text: they are told by how they begin, in any case. */
  @ParameterizedTest
  @CsvSource({
    "pass, 0, 0, 0",
    "Allowed, 0, 0, 0",
    "mask, 1, 1, 0",
    "redacted, 1, 1, 0",
    "anonymized, 1, 1, 0",
    "modified, 1, 1, 0",
    "rewritten, 1, 1, 0",
    "transform, 1, 1, 0",
    "flag, 1, 0, 1",
    "WARNING, 1, 0, 1",
    "block, 1, 0, 0",
    "not allowed, 1, 0, 0",
    ", 0, 0, 0"
  })
  void guardrailOutcome_isToldByItsBeginning(String outcome, long blocks, long masks, long flags) {
    LedgerEntry guardrail = step(SpanKind.GUARDRAIL);
    guardrail.getLine().setGuardrailOutcome(outcome);

    Measures measures = window(guardrail).getMeasures();

    assertThat(measures.getGuardrails()).isEqualTo(1);
    assertThat(measures.getGuardrailBlocks()).isEqualTo(blocks);
    assertThat(measures.getGuardrailMasks()).isEqualTo(masks);
    assertThat(measures.getGuardrailFlags()).isEqualTo(flags);
  }

  /** Scores are in the scale of their source, and a score at the limit is good enough. */
  @ParameterizedTest
  @CsvSource({
    "wiki, 0.69, 1",
    "wiki, 0.7, 0",
    "faq=new, 11.9, 1",
    "faq=new, 12, 0",
    "other, 0.69, 1",
    ", 0.7, 0",
    "wiki, NaN, 0",
    "wiki, -Infinity, 0"
  })
  void lowScore_isBelowTheLimitOfItsSource(String source, double best, long low) {
    LowScores limits = LowScores.parse(List.of("0.7", "faq=new=12", " odd = 3 "));
    LedgerEntry retrieval = step(SpanKind.RETRIEVAL);
    retrieval
        .getLine()
        .setRetrieval(Retrieval.newBuilder().setSource(source).setScoreMax(best).build());

    Measures measures = window(retrieval, limits).getMeasures();

    assertThat(measures.getScoredRetrievals()).isEqualTo(1);
    assertThat(measures.getLowScoreRetrievals()).isEqualTo(low);
    assertThat(limits.bySource()).containsOnlyKeys("faq=new", "odd");
    assertThat(LowScores.parse(List.of("wiki=3")).limit()).isEqualByComparingTo("0.5");
  }

  @Test
  void lowScore_thatIsNoNumber_refusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LowScores.parse(List.of("wiki=half")))
        .withMessageContaining("\"wiki=half\"");
  }

  /** A call of several choices that end alike ended so once. */
  @Test
  void finishReason_statedTwice_countsOnce() {
    LedgerEntry call = LedgerEntries.call("01", LedgerEntries.BASE_US);
    call.getLine()
        .setFinishReasons(List.of(FinishReason.LENGTH, FinishReason.LENGTH, FinishReason.REFUSAL));

    Measures measures = window(call).getMeasures();

    assertThat(measures.getLengthStops()).isEqualTo(1);
    assertThat(measures.getRefusals()).isEqualTo(1);
    assertThat(measures.getFinishedCalls()).isEqualTo(1);
  }
}
