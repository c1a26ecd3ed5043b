package dev.tributary.cost.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tributary.runtime.testing.Seeds;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Percentiles by nearest rank over signed buckets. */
class SignedBucketsTest {
  private static final int[] PER_MILLE = {0, 1, 250, 500, 900, 950, 990, 999, 1_000};

  static Stream<Long> seeds() {
    return Seeds.many(20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void percentile_positiveData_withinOnePercentOfNearestRank(long seed) {
    Seeds.with(
        seed,
        generator -> {
          long[] values = new long[generator.between(1, 3_000)];
          SignedBuckets buckets = new SignedBuckets();
          for (int i = 0; i < values.length; i++) {
            double tail = generator.chance(2) ? 8 : 1;
            values[i] = 1 + (long) (tail * Math.exp(generator.random().nextGaussian() * 2 + 9));
            buckets.add(SketchMapping.index(values[i]), 1);
          }
          Arrays.sort(values);
          for (int perMille : PER_MILLE) {
            int rank = Math.max(1, (values.length * perMille + 999) / 1_000);
            BigDecimal exact = BigDecimal.valueOf(values[rank - 1]);
            BigDecimal found = buckets.percentile(perMille, 1_000).orElseThrow();
            // A value is rounded to 12 digits; so is the limit.
            assertThat(found.subtract(exact).abs().divide(exact, new MathContext(9)))
                .as("p%d of %d values: %s, exactly %s", perMille, values.length, found, exact)
                .isLessThanOrEqualTo(SketchMapping.ACCURACY);
          }
        });
  }

  @Test
  void percentile_valuesRetracted_asIfNeverAdded() {
    SignedBuckets buckets = new SignedBuckets();
    buckets.add(SketchMapping.index(100), 3);
    buckets.add(SketchMapping.index(1_000_000), 5);
    buckets.add(SketchMapping.index(1_000_000), -5);

    assertThat(buckets.size()).isEqualTo(1);
    assertThat(buckets.percentile(99, 100)).contains(SketchMapping.value(SketchMapping.index(100)));
  }

  @Test
  void percentile_zeros_sortBelowEverything() {
    SignedBuckets buckets = new SignedBuckets();
    buckets.addZero(3);
    buckets.add(SketchMapping.index(1), 1);

    assertThat(buckets.percentile(75, 100)).contains(BigDecimal.ZERO);
    assertThat(buckets.percentile(76, 100)).contains(SketchMapping.value(SketchMapping.index(1)));
  }

  @Test
  void percentile_nothing_empty() {
    assertThat(new SignedBuckets().percentile(1, 2)).isEmpty();
  }

  @Test
  void percentile_aboveOne_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SignedBuckets().percentile(3, 2))
        .withMessageContaining("3/2");
  }

  @Test
  void amount_bucketOfItsValue() {
    long[] pairs = new long[2];
    Int128.set(pairs, 0, new BigDecimal("12345678901234.5"));

    int index = SketchMapping.indexOfAmount(pairs[0], pairs[1]);

    assertThat(SketchMapping.value(index))
        .isBetween(new BigDecimal("12222222112222"), new BigDecimal("12469135690247"));
  }
}
