package dev.tributary.evaldispatch.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which episodes and traces a filter is about. */
class TraceFilterTest {
  private static boolean touches(String pattern, String feature) {
    return new TraceFilter(Map.of("feature", List.of(pattern))).touches(Map.of("feature", feature));
  }

  @ParameterizedTest
  @CsvSource({
    "check*t, checkout, true",
    "check*t, check, false",
    "Checkout, checkout, false",
    "*, '', true",
  })
  void pattern_starIsAnyText(String pattern, String feature, boolean expected) {
    assertThat(touches(pattern, feature)).isEqualTo(expected);
  }

  /** A tag is a caller's text and a pattern an operator's: neither may hold up a partition. */
  @Test
  void manyStarsOverALongValue_comeToAnEnd() {
    assertThat(touches("*a".repeat(40) + "b", "a".repeat(100_000))).isFalse();
  }
}
