package dev.tributary.cost.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.cost.LedgerEntries;
import dev.tributary.schemas.CostLine;
import dev.tributary.schemas.Distribution;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LineKind;
import dev.tributary.schemas.LinePrice;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.Window;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a line that is no ordinary call adds to a window. */
class LineMeasuresTest {

  private static Window window(LedgerEntry entry) {
    EntryCells cells = new EntryCells(List.of(GroupingSet.of("feature", Dimension.FEATURE)));
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
}
