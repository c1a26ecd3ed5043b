package dev.tributary.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LinePriceTest {
  private static LedgerLine line(PriceStatus status, boolean hasCost) {
    LedgerLine line = new LedgerLine();
    line.setPriceStatus(status);
    line.setCost(hasCost ? BigDecimal.ONE : null);
    return line;
  }

  @ParameterizedTest
  @EnumSource
  void line_ofAnyStatus_isNeverBoth_andNeitherOnlyWhereAnotherHasTheUsage(PriceStatus status) {
    assertThat(LinePrice.isPriced(line(status, true))).isTrue();
    assertThat(LinePrice.isUnpriced(line(status, true))).isFalse();
    assertThat(LinePrice.isPriced(line(status, false))).isFalse();
    assertThat(LinePrice.isUnpriced(line(status, false)))
        .isEqualTo(status != PriceStatus.NOT_BILLABLE);
  }

  @ParameterizedTest
  @CsvSource({
    "PRICED, true, false",
    "FREE, true, false",
    "ALLOCATED, true, false",
    "STALE, true, false",
    "PARTIAL, true, true",
    "UNKNOWN, true, true",
    "UNKNOWN, false, true",
    "UNKNOWN_MODEL, false, true",
    "NOT_BILLABLE, false, false",
  })
  void sum_withALine_isALowerBoundWhereACostOrAPartOfItIsMissing(
      PriceStatus status, boolean hasCost, boolean isLowerBound) {
    assertThat(LinePrice.isLowerBound(line(status, hasCost))).isEqualTo(isLowerBound);
  }
}
