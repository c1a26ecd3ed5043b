package dev.tributary.anomaly.core.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Percentiles of what sketches say. */
class BucketsTest {
  private static final double GAMMA = 1.01 / 0.99;

  /** Of 100 values the 95th is the 95th smallest, of 20 the 19th, of 21 the 20th. */
  @Test
  void percentile_isTheNearestRank() {
    assertThat(p95(94, 6)).isCloseTo(value(700), within(1e-6));
    assertThat(p95(95, 5)).isCloseTo(value(100), within(1e-9));
    assertThat(p95(19, 1)).isCloseTo(value(100), within(1e-9));
    assertThat(p95(18, 2)).isCloseTo(value(700), within(1e-6));
    assertThat(p95(20, 1)).isCloseTo(value(100), within(1e-9));
    assertThat(p95(19, 2)).isCloseTo(value(700), within(1e-6));
    assertThat(p95(0, 1)).isCloseTo(value(700), within(1e-6));
  }

  /** Bucket i holds the values from gamma^i to gamma^(i+1), and is told within 1 % of each. */
  @Test
  void percentile_isWithinAPercentOfTheValues() {
    for (double value : new double[] {0.0003, 0.7, 1, 42, 812_345}) {
      Buckets buckets = new Buckets();
      buckets.add((int) Math.floor(Math.log(value) / Math.log(GAMMA)), 10);

      assertThat(buckets.percentile(95)).isCloseTo(value, within(0.0101 * value));
    }
  }

  @Test
  void percentile_mostlyZeros_isZero() {
    Buckets buckets = new Buckets();
    buckets.addZeros(95);
    buckets.add(100, 5);
    assertThat(buckets.percentile(95)).isZero();

    buckets.add(100, 1);
    assertThat(buckets.percentile(95)).isPositive();
  }

  /** A correction can take from a bucket what has not come yet. */
  @Test
  void negativeBuckets_countAsNone() {
    Buckets buckets = new Buckets();
    buckets.addZeros(-3);
    buckets.add(100, 4);
    buckets.add(700, -2);

    assertThat(buckets.total()).isEqualTo(4);
    assertThat(buckets.percentile(95)).isCloseTo(value(100), within(1e-9));
  }

  private static double p95(long low, long high) {
    Buckets buckets = new Buckets();
    buckets.add(100, low);
    buckets.add(700, high);
    return buckets.percentile(95);
  }

  private static double value(int bucket) {
    return Math.pow(GAMMA, bucket) * 1.01;
  }
}
