package dev.tributary.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CostSumTest {

  static LongStream seeds() {
    return Seeds.all();
  }

  /** Amounts of any size and of any number of places, also where no long holds the sum. */
  @ParameterizedTest
  @MethodSource("seeds")
  void total_anyAmounts_isWhatBigDecimalGives(long seed) {
    Random random = new Random(seed);
    for (int bill = 0; bill < 200; bill++) {
      CostSum sum = new CostSum();
      BigDecimal expected = BigDecimal.ZERO;
      for (int i = random.nextInt(8); i > 0; i--) {
        long digits = random.nextLong() >>> (1 + random.nextInt(63));
        int places = random.nextInt(random.nextBoolean() ? 12 : 40);
        BigDecimal amount = BigDecimal.valueOf(digits, places);
        expected = expected.add(amount);
        if (random.nextInt(8) == 0) {
          sum.add(amount);
        } else {
          sum.add(digits, places);
        }
      }
      // Equal with their places, as the ledger's bytes depend on them.
      assertThat(sum.total()).as("seed %d, bill %d", seed, bill).isEqualTo(expected);
    }
  }

  @Test
  void total_ofNothing_isZero() {
    assertThat(new CostSum().total()).isEqualTo(BigDecimal.ZERO);
  }

  @Test
  void total_atTheEdgeOfALong_isExact() {
    CostSum sum = new CostSum();
    sum.add(Long.MAX_VALUE, 6);
    sum.add(1, 6);
    sum.add(1, 18);

    assertThat(sum.total()).isEqualTo(new BigDecimal("9223372036854.775808000000000001"));
  }
}
