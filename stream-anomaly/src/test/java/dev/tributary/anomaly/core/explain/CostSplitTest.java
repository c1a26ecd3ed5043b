package dev.tributary.anomaly.core.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CostSplitTest {
  private static final BigDecimal INPUT_RATE = new BigDecimal("0.000003");
  private static final BigDecimal CACHE_RATE = new BigDecimal("0.0000003");
  private static final BigDecimal OUTPUT_RATE = new BigDecimal("0.000015");

  private static CellCost cell(long calls, long input, long cached, long output) {
    return cell(calls, input, cached, output, BigDecimal.ONE);
  }

  private static CellCost cell(
      long calls, long input, long cached, long output, BigDecimal priceFactor) {
    return new CellCost(
        calls,
        List.of(
            bucket("input_uncached", true, input, INPUT_RATE.multiply(priceFactor)),
            bucket("cache_read", true, cached, CACHE_RATE.multiply(priceFactor)),
            bucket("output_text", false, output, OUTPUT_RATE.multiply(priceFactor))));
  }

  private static BucketCost bucket(String name, boolean isInput, long tokens, BigDecimal rate) {
    BigDecimal count = BigDecimal.valueOf(tokens);
    return new BucketCost(name, isInput, count, count.multiply(rate));
  }

  private static CostSplit split(CellCost before, CellCost after) {
    return CostSplit.of(Map.of("chat", before), Map.of("chat", after));
  }

  private static void assertOnly(CostSplit split, Factor factor) {
    assertThat(split.change().signum()).isNotZero();
    split
        .effects()
        .forEach(
            (other, effect) -> {
              if (other == factor) {
                assertThat(effect).isEqualByComparingTo(split.change());
              } else {
                assertThat(effect.abs()).as(other.name()).isLessThan(new BigDecimal("1e-15"));
              }
            });
    assertThat(split.leading()).isEqualTo(factor);
  }

  @Test
  void of_twiceTheCalls_isVolume() {
    assertOnly(
        split(cell(100, 70_000, 30_000, 9_000), cell(200, 140_000, 60_000, 18_000)), Factor.VOLUME);
  }

  @Test
  void of_dearerRates_isPrice() {
    assertOnly(
        split(
            cell(100, 70_000, 30_000, 9_000),
            cell(100, 70_000, 30_000, 9_000, new BigDecimal("1.25"))),
        Factor.PRICE);
  }

  @Test
  void of_threeTimesTheTokens_isTokensPerCall() {
    assertOnly(
        split(cell(100, 70_000, 30_000, 9_000), cell(100, 210_000, 90_000, 27_000)),
        Factor.TOKENS_PER_CALL);
  }

  @Test
  void of_lostCacheHits_isCache() {
    assertOnly(split(cell(100, 10_000, 90_000, 9_000), cell(100, 100_000, 0, 9_000)), Factor.CACHE);
  }

  @Test
  void of_callsMovedToTheDearCell_isMix() {
    CostSplit split =
        CostSplit.of(
            Map.of("small", cell(90, 9_000, 0, 900), "large", cell(10, 10_000, 0, 5_000)),
            Map.of("small", cell(50, 5_000, 0, 500), "large", cell(50, 50_000, 0, 25_000)));

    assertOnly(split, Factor.MIX);
  }

  @Test
  void of_cellsOnOneSide_areNewAndGone() {
    CostSplit split =
        CostSplit.of(
            Map.of("old", cell(10, 1_000, 0, 100)), Map.of("new", cell(20, 9_000, 0, 900)));

    assertThat(split.effects().get(Factor.GONE))
        .isEqualByComparingTo(cell(10, 1_000, 0, 100).cost().negate());
    assertThat(split.effects().get(Factor.NEW))
        .isEqualByComparingTo(cell(20, 9_000, 0, 900).cost());
    assertThat(split.effects().get(Factor.PRICE)).isZero();
  }

  @Test
  void of_nothingChanged_isAllZero() {
    CellCost same = cell(7, 123, 45, 6);
    CostSplit split = split(same, same);

    assertThat(split.effects().values()).allMatch(effect -> effect.signum() == 0);
    assertThat(split.leading()).isNull();
  }

  static Stream<Long> seeds() {
    return Seeds.many(60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void of_anyCells_sumsToTheChangeToTheLastDigit(long seed) {
    Seeds.with(
        seed,
        random -> {
          Map<String, CellCost> before = cells(random);
          Map<String, CellCost> after = cells(random);

          CostSplit split = CostSplit.of(before, after);

          BigDecimal sum =
              split.effects().values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
          assertThat(sum).isEqualByComparingTo(split.change());
          assertThat(split.change()).isEqualByComparingTo(cost(after).subtract(cost(before)));
        });
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void of_sidesSwapped_isTheNegative(long seed) {
    Seeds.with(
        seed,
        random -> {
          Map<String, CellCost> before = cells(random);
          Map<String, CellCost> after = cells(random);

          CostSplit there = CostSplit.of(before, after);
          CostSplit back = CostSplit.of(after, before);

          for (Factor factor : Factor.values()) {
            Factor mirror =
                factor == Factor.NEW ? Factor.GONE : factor == Factor.GONE ? Factor.NEW : factor;
            assertThat(there.effects().get(factor).add(back.effects().get(mirror)).abs())
                .as(factor.name())
                .isLessThan(new BigDecimal("1e-16"));
          }
        });
  }

  private static BigDecimal cost(Map<String, CellCost> cells) {
    return cells.values().stream().map(CellCost::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static Map<String, CellCost> cells(Generator random) {
    Map<String, CellCost> cells = new HashMap<>();
    for (String key : List.of("a", "b", "c", "d", "e")) {
      if (random.chance(80)) {
        List<BucketCost> buckets = new ArrayList<>();
        for (String name : List.of("input_uncached", "cache_read", "output_text", "reasoning")) {
          if (random.chance(80)) {
            BigDecimal tokens =
                BigDecimal.valueOf(random.chance(15) ? 0 : random.between(1, 999_999));
            BigDecimal cost =
                BigDecimal.valueOf(random.between(0L, 1L << 50), random.between(12, 18));
            boolean isInput = name.startsWith("input") || name.startsWith("cache");
            buckets.add(new BucketCost(name, isInput, tokens, cost));
          }
        }
        cells.put(key, new CellCost(random.chance(10) ? 0 : random.between(1, 5_000), buckets));
      }
    }
    return cells;
  }
}
