package dev.tributary.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {
  /** Too much is as wrong as too little; zeros at the end are no digits. */
  @ParameterizedTest
  @CsvSource({
    "2.50, 2.5, true",
    "2.5, 2.500000000000000001, false",
    "2.5, 2.499999999999999999, false",
  })
  void row_isEqualToTheLastDigit(BigDecimal expected, BigDecimal found, boolean isEqual) {
    assertThat(new Comparison.Row("cost, $", expected, found).isEqual()).isEqualTo(isEqual);
  }
}
