package dev.tributary.pricing.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExactSharesTest {
  static LongStream seeds() {
    Long chosen = Long.getLong("tributary.seed");
    return chosen == null ? LongStream.rangeClosed(1, 200) : LongStream.of(chosen);
  }

  @Test
  void of_costsOfDifferentScale_areWeighedByTheirValue() {
    assertThat(shares("8", Map.of("a", "3", "b", "1.00", "c", "0", "d", "4E0")))
        .containsExactly(
            Map.entry("a", new BigDecimal("3.000000000000000000")),
            Map.entry("b", new BigDecimal("1.000000000000000000")),
            Map.entry("d", new BigDecimal("4.000000000000000000")));
  }

  @Test
  void of_negativeAmount_isTheOppositeOfThePositiveOne() {
    assertThat(shares("-1", Map.of("a", "2", "b", "1")))
        .containsExactly(
            Map.entry("a", new BigDecimal("-0.666666666666666667")),
            Map.entry("b", new BigDecimal("-0.333333333333333333")));
  }

  @Test
  void of_lessThanAUnitEach_goesToTheHeaviest() {
    assertThat(shares("0.000000000000000001", Map.of("a", "1", "b", "2")))
        .containsExactly(
            Map.entry("a", new BigDecimal("0E-18")),
            Map.entry("b", new BigDecimal("0.000000000000000001")));
  }

  @Test
  void of_noWeight_isEmpty() {
    assertThat(shares("1", Map.of())).isEmpty();
    assertThat(shares("1", Map.of("a", "0.00"))).isEmpty();
  }

  @Test
  void of_whatCannotBeSplit_isRefused() {
    assertThatThrownBy(() -> shares("1", Map.of("a", "-0.1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a weight must not be negative: -0.1 of a");
    assertThatThrownBy(() -> shares("0.1234567890123456789", Map.of("a", "1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an amount has more than 18 places: 0.1234567890123456789");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void of_anyAmountAndCosts_partsAddUpAndAreNotOffByAUnit(long seed) {
    Random random = new Random(seed);
    BigInteger units = new BigInteger(1 + random.nextInt(90), random);
    BigDecimal amount = new BigDecimal(random.nextBoolean() ? units : units.negate(), 18);
    Map<Integer, BigDecimal> costs = new TreeMap<>();
    int parties = 1 + random.nextInt(30);
    for (int i = 0; i < parties; i++) {
      costs.put(
          i, new BigDecimal(new BigInteger(1 + random.nextInt(80), random), random.nextInt(19)));
    }
    costs.put(parties, BigDecimal.ONE);
    BigDecimal total = costs.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);

    SortedMap<Integer, BigDecimal> parts = ExactShares.of(amount, costs);

    BigDecimal sum = parts.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(sum).as("seed %d", seed).isEqualByComparingTo(amount);
    parts.forEach(
        (party, part) -> {
          BigDecimal exact =
              amount.multiply(costs.get(party)).divide(total, 40, RoundingMode.HALF_EVEN);
          assertThat(part.subtract(exact).abs())
              .as("seed %d, %s", seed, party)
              .isLessThan(new BigDecimal("1e-18"));
          assertThat(part.scale()).isEqualTo(18);
        });
  }

  private static SortedMap<String, BigDecimal> shares(String amount, Map<String, String> weights) {
    Map<String, BigDecimal> costs = new TreeMap<>();
    weights.forEach((key, weight) -> costs.put(key, new BigDecimal(weight)));
    return ExactShares.of(new BigDecimal(amount), costs);
  }
}
