package dev.tributary.pricing.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PoolAllocationTest {
  private static final Instant NOON = Instant.parse("2026-11-12T12:00:00Z");
  private static final Consumer SEARCH = new Consumer(null, "search", "discovery", "acme");
  private static final Consumer CHAT = new Consumer(null, "chat", "support", "acme");
  private static final Consumer UNTAGGED = new Consumer(null, null, null, null);

  static LongStream seeds() {
    Long chosen = Long.getLong("tributary.seed");
    return chosen == null ? LongStream.rangeClosed(1, 200) : LongStream.of(chosen);
  }

  @Test
  void spread_byShareOfTokens() {
    List<AllocatedLine> lines =
        PoolAllocation.spread(hour("12"), Map.of(SEARCH, 300L, CHAT, 100L, UNTAGGED, 200L));

    assertThat(lines)
        .containsExactly(
            line("12", UNTAGGED, 200, "4.000000000000000000"),
            line("12", CHAT, 100, "2.000000000000000000"),
            line("12", SEARCH, 300, "6.000000000000000000"));
  }

  @Test
  void spread_thirds_theRemainderGoesToTheFirstOfEqualFractions() {
    List<AllocatedLine> lines =
        PoolAllocation.spread(hour("1"), Map.of(SEARCH, 1L, CHAT, 1L, UNTAGGED, 1L));

    assertThat(lines)
        .containsExactly(
            line("1", UNTAGGED, 1, "0.333333333333333334"),
            line("1", CHAT, 1, "0.333333333333333333"),
            line("1", SEARCH, 1, "0.333333333333333333"));
  }

  @Test
  void spread_remainder_goesToTheLargestFraction() {
    // 2/3 is cut by more than 1/3.
    List<AllocatedLine> lines = PoolAllocation.spread(hour("1"), Map.of(SEARCH, 2L, CHAT, 1L));

    assertThat(lines)
        .containsExactly(
            line("1", CHAT, 1, "0.333333333333333333"),
            line("1", SEARCH, 2, "0.666666666666666667"));
  }

  @Test
  void spread_hourThatNobodyUsed_isOneLineWithoutAConsumer() {
    List<AllocatedLine> lines = PoolAllocation.spread(hour("12.5"), Map.of(SEARCH, 0L));

    assertThat(lines).containsExactly(line("12.5", null, 0, "12.500000000000000000"));
  }

  @Test
  void spread_negativeTokens_areRefused() {
    assertThatThrownBy(() -> PoolAllocation.spread(hour("1"), Map.of(SEARCH, -1L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "must not be negative: -1 of Consumer[environment=null, feature=search");
  }

  @Test
  void spread_hugeCounts_doNotOverflow() {
    List<AllocatedLine> lines =
        PoolAllocation.spread(
            hour("999999999.999999999999999999"), Map.of(SEARCH, Long.MAX_VALUE - 1, CHAT, 1L));

    assertThat(sum(lines)).isEqualByComparingTo("999999999.999999999999999999");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void spread_anyUse_partsAddUpAndAreNotOffByAUnit(long seed) {
    Random random = new Random(seed);
    BigDecimal cost = new BigDecimal(new java.math.BigInteger(1 + random.nextInt(70), random), 18);
    Map<Consumer, Long> tokens = tokens(random);
    long total = tokens.values().stream().mapToLong(Long::longValue).sum();

    List<AllocatedLine> lines = PoolAllocation.spread(hour(cost.toPlainString()), tokens);

    assertThat(sum(lines)).as("seed %d", seed).isEqualByComparingTo(cost);
    assertThat(lines.stream().mapToLong(AllocatedLine::tokens).sum()).isEqualTo(total);
    for (AllocatedLine line : lines) {
      BigDecimal exact =
          total == 0
              ? cost
              : cost.multiply(BigDecimal.valueOf(line.tokens()))
                  .divide(BigDecimal.valueOf(total), 40, RoundingMode.HALF_EVEN);
      assertThat(line.amount().subtract(exact).abs())
          .as("seed %d %s", seed, line)
          .isLessThan(new BigDecimal("1e-18"));
      assertThat(line.amount().scale()).isEqualTo(18);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void spread_orderOfConsumers_doesNotMatter(long seed) {
    Random random = new Random(seed);
    Map<Consumer, Long> tokens = tokens(random);
    List<Consumer> shuffled = new ArrayList<>(tokens.keySet());
    Collections.shuffle(shuffled, random);
    Map<Consumer, Long> other = new LinkedHashMap<>();
    shuffled.forEach(consumer -> other.put(consumer, tokens.get(consumer)));

    assertThat(PoolAllocation.spread(hour("7.31"), other))
        .as("seed %d", seed)
        .isEqualTo(PoolAllocation.spread(hour("7.31"), tokens));
  }

  @Test
  void hourAt_terms_chooseThePriceOfTheHour() {
    Instant raised = Instant.parse("2026-11-12T13:00:00Z");
    CapacityPool pool =
        new CapacityPool(
            "ptu-east",
            List.of(
                new CapacityPool.Term(100, new BigDecimal("0.013"), null, raised, "old"),
                new CapacityPool.Term(
                    150,
                    new BigDecimal("0.02"),
                    raised,
                    Instant.parse("2026-12-01T00:00:00Z"),
                    "new")));

    CapacityPool.Hour before = pool.hourAt(Instant.parse("2026-11-12T12:59:59.999Z"));
    CapacityPool.Hour after = pool.hourAt(raised);

    assertThat(before)
        .isEqualTo(new CapacityPool.Hour("ptu-east", NOON, new BigDecimal("1.300"), "USD", "old"));
    assertThat(before.end()).isEqualTo(raised);
    assertThat(after.cost()).isEqualByComparingTo("3");
    assertThat(pool.hourAt(Instant.parse("2026-12-01T00:00:00Z"))).isNull();
  }

  @Test
  void pool_contradictions_areRefused() {
    BigDecimal price = BigDecimal.ONE;
    Instant later = NOON.plus(CapacityPool.HOUR);
    assertThatThrownBy(() -> new CapacityPool.Term(0, price, null, null, "c"))
        .hasMessage("units must be above 0: 0");
    assertThatThrownBy(() -> new CapacityPool.Term(1, price.negate(), null, null, "c"))
        .hasMessageContaining("must not be negative: -1");
    assertThatThrownBy(() -> new CapacityPool.Term(1, price, NOON.plusSeconds(1), null, "c"))
        .hasMessageContaining("from must be a whole hour");
    assertThatThrownBy(() -> new CapacityPool.Term(1, price, later, NOON, "c"))
        .hasMessageContaining("a term is empty");
    assertThatThrownBy(
            () ->
                new CapacityPool(
                    "p",
                    List.of(
                        new CapacityPool.Term(1, price, null, later, "a"),
                        new CapacityPool.Term(1, price, NOON, null, "b"))))
        .hasMessage("terms 1 and 2 of p overlap");
    assertThatThrownBy(() -> hour("0.0000000000000000001")).hasMessageContaining("18 places");
  }

  private static Map<Consumer, Long> tokens(Random random) {
    Map<Consumer, Long> tokens = new LinkedHashMap<>();
    int count = random.nextInt(40);
    for (int i = 0; i < count; i++) {
      tokens.put(
          new Consumer(
              null,
              random.nextInt(5) == 0 ? null : "f" + random.nextInt(9),
              random.nextInt(5) == 0 ? null : "t" + random.nextInt(4),
              "w" + random.nextInt(9)),
          (long) random.nextInt(random.nextBoolean() ? 3 : 1_000_000));
    }
    return tokens;
  }

  private static BigDecimal sum(List<AllocatedLine> lines) {
    return lines.stream().map(AllocatedLine::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static AllocatedLine line(String cost, Consumer consumer, long tokens, String amount) {
    return new AllocatedLine(hour(cost), consumer, tokens, new BigDecimal(amount));
  }

  private static CapacityPool.Hour hour(String cost) {
    return new CapacityPool.Hour("pool", NOON, new BigDecimal(cost), "USD", "card");
  }
}
