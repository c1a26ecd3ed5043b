package dev.tributary.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {

  static java.util.stream.LongStream seeds() {
    return Seeds.all();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void fromInclusive_anyConsistentCounts_partitionsTheTotals(long seed) {
    Random random = new Random(seed);
    long[] in = parts(random, 9);
    long[] out = parts(random, 4);
    long cachedAudio = in[4];
    long cachedImage = in[5];
    InclusiveUsage inclusive =
        new InclusiveUsage(
            sum(in),
            in[1] + cachedAudio + cachedImage,
            in[2] + in[3],
            in[2],
            in[3],
            in[6] + cachedAudio,
            in[7] + cachedImage,
            in[8],
            cachedAudio,
            cachedImage,
            sum(out),
            out[1],
            out[2],
            out[3],
            Map.of(Bucket.TOOL_WEB_SEARCH, 2L));

    UsageResult result = Usage.fromInclusive(inclusive);

    assertThat(result).as("seed %d", seed).isInstanceOf(UsageResult.Valid.class);
    Usage usage = ((UsageResult.Valid) result).usage();
    assertThat(usage.inputTotal()).as("seed %d", seed).isEqualTo(sum(in));
    assertThat(usage.outputTotal()).as("seed %d", seed).isEqualTo(sum(out));
    assertThat(usage.tokens()).as("seed %d", seed).isEqualTo(sum(in) + sum(out));
    assertThat(usage.count(Bucket.INPUT_UNCACHED)).as("seed %d", seed).isEqualTo(in[0]);
    assertThat(usage.count(Bucket.CACHE_READ)).as("seed %d", seed).isEqualTo(in[1]);
    assertThat(usage.count(Bucket.INPUT_AUDIO)).as("seed %d", seed).isEqualTo(in[6]);
    assertThat(usage.count(Bucket.OUTPUT_TEXT)).as("seed %d", seed).isEqualTo(out[0]);
    assertThat(usage.count(Bucket.TOOL_WEB_SEARCH)).as("seed %d", seed).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void fromInclusive_partLargerThanItsWhole_isInvalid(long seed) {
    Random random = new Random(seed);
    long whole = random.nextInt(1_000_000);
    long part = whole + 1 + random.nextInt(1_000);

    assertThat(Usage.fromInclusive(InclusiveUsage.text(whole, part, null, 1L, null)))
        .as("seed %d", seed)
        .isInstanceOf(UsageResult.Invalid.class);
    assertThat(Usage.fromInclusive(InclusiveUsage.text(1L, null, null, whole, part)))
        .as("seed %d", seed)
        .isInstanceOf(UsageResult.Invalid.class);
  }

  @Test
  void fromInclusive_reasonNamesCountsAndFields() {
    UsageResult result = Usage.fromInclusive(InclusiveUsage.text(100L, 130L, null, 1L, null));

    assertThat(result).isEqualTo(new UsageResult.Invalid("input is 100, less than its parts 130"));
  }

  @Test
  void fromInclusive_partsWithoutWhole_isInvalid() {
    UsageResult result = Usage.fromInclusive(InclusiveUsage.text(null, 5L, null, 1L, null));

    assertThat(result).isEqualTo(new UsageResult.Invalid("input is missing, but its parts are 5"));
  }

  @Test
  void fromInclusive_negativeCount_isInvalid() {
    UsageResult result = Usage.fromInclusive(InclusiveUsage.text(-1L, null, null, 1L, null));

    assertThat(result).isEqualTo(new UsageResult.Invalid("input is negative: -1"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
  void fromInclusive_negativeCountOfAnyField_isInvalid(int field) {
    Long[] counts = new Long[14];
    counts[0] = 100L;
    counts[10] = 100L;
    counts[field] = -1L;

    assertThat(Usage.fromInclusive(inclusive(counts, Map.of())))
        .isInstanceOfSatisfying(
            UsageResult.Invalid.class,
            invalid -> assertThat(invalid.reason()).endsWith(" is negative: -1"));
  }

  @Test
  void fromInclusive_negativeUnits_isInvalid() {
    UsageResult result = Usage.fromInclusive(inclusive(new Long[14], Map.of(Bucket.SECONDS, -1L)));

    assertThat(result).isEqualTo(new UsageResult.Invalid("seconds is negative: -1"));
  }

  private static InclusiveUsage inclusive(Long[] counts, Map<Bucket, Long> units) {
    return new InclusiveUsage(
        counts[0],
        counts[1],
        counts[2],
        counts[3],
        counts[4],
        counts[5],
        counts[6],
        counts[7],
        counts[8],
        counts[9],
        counts[10],
        counts[11],
        counts[12],
        counts[13],
        units);
  }

  @Test
  void fromInclusive_overflow_isInvalid() {
    InclusiveUsage huge =
        new InclusiveUsage(
            Long.MAX_VALUE,
            1L,
            null,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            Map.of());

    assertThat(Usage.fromInclusive(huge)).isInstanceOf(UsageResult.Invalid.class);
  }

  @Test
  void fromInclusive_nothingReported_isMissing() {
    UsageResult result = Usage.fromInclusive(InclusiveUsage.text(null, null, null, null, null));

    assertThat(result).isEqualTo(new UsageResult.Missing());
  }

  @Test
  void fromInclusive_knownZeros_areNotMissing() {
    UsageResult result = Usage.fromInclusive(InclusiveUsage.text(0L, null, null, 0L, null));

    assertThat(result)
        .isEqualTo(
            new UsageResult.Valid(
                TestCards.usage(Bucket.INPUT_UNCACHED, 0, Bucket.OUTPUT_TEXT, 0), false));
  }

  @Test
  void fromInclusive_unreportedBuckets_stayAbsent() {
    UsageResult result = Usage.fromInclusive(InclusiveUsage.text(10L, null, null, 3L, null));

    Usage usage = ((UsageResult.Valid) result).usage();
    assertThat(usage.count(Bucket.CACHE_READ)).isNull();
    assertThat(usage.count(Bucket.REASONING)).isNull();
  }

  @Test
  void fromInclusive_cacheWriteWithoutLifetime_isFiveMinutesAndFlagged() {
    UsageResult result = Usage.fromInclusive(InclusiveUsage.text(100L, null, 40L, 1L, null));

    assertThat(result)
        .isEqualTo(
            new UsageResult.Valid(
                TestCards.usage(
                    Bucket.INPUT_UNCACHED, 60, Bucket.CACHE_WRITE_5M, 40, Bucket.OUTPUT_TEXT, 1),
                true));
  }

  @Test
  void fromInclusive_cacheWriteFullySplit_isNotFlagged() {
    InclusiveUsage split =
        new InclusiveUsage(
            100L, null, 40L, null, 40L, null, null, null, null, null, 1L, null, null, null,
            Map.of());

    UsageResult result = Usage.fromInclusive(split);

    assertThat(result)
        .isEqualTo(
            new UsageResult.Valid(
                TestCards.usage(
                    Bucket.INPUT_UNCACHED,
                    60,
                    Bucket.CACHE_WRITE_5M,
                    0,
                    Bucket.CACHE_WRITE_1H,
                    40,
                    Bucket.OUTPUT_TEXT,
                    1),
                false));
  }

  @Test
  void constructor_negativeCount_isRefused() {
    assertThatThrownBy(() -> TestCards.usage(Bucket.OUTPUT_TEXT, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("out.text must not be negative: -1");
  }

  private static long[] parts(Random random, int count) {
    long[] parts = new long[count];
    for (int i = 0; i < count; i++) {
      parts[i] = random.nextInt(4) == 0 ? 0 : random.nextInt(1_000_000);
    }
    return parts;
  }

  private static long sum(long[] parts) {
    long sum = 0;
    for (long part : parts) {
      sum += part;
    }
    return sum;
  }
}
