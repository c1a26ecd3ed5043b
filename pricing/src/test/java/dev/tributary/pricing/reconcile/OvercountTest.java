package dev.tributary.pricing.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When too much uncached input is cached input counted twice, and when it is calls not billed. */
class OvercountTest {
  private static final LocalDate DAY = LocalDate.parse("2026-11-10");
  private static final BigDecimal PRICE = new BigDecimal("0.00001");
  private static final Cause TWICE = Cause.QUANTITY_OVERCOUNT_UNCACHED_INPUT;

  private final List<BilledLine> lines = new ArrayList<>();
  private final List<EstimatedUsage> usage = new ArrayList<>();

  @Test
  void inputTooHighByAllThatWasCached_isCountedTwice() {
    add(Bucket.INPUT_UNCACHED, 1_407, 1_003);
    add(Bucket.CACHE_READ, 404, 404);
    add(Bucket.OUTPUT_TEXT, 311, 311);

    assertParts(Map.of(TWICE, -404));
  }

  /** Reads are in the inclusive count of some providers, and writes are not. */
  @Test
  void inputTooHighByWhatWasReadFromTheCache_isThatAlone() {
    add(Bucket.INPUT_UNCACHED, 1_407, 1_003);
    add(Bucket.CACHE_READ, 404, 404);
    add(Bucket.CACHE_WRITE_5M, 207, 207);

    assertParts(Map.of(TWICE, -404));
  }

  @Test
  void inputTooHighByReadsAndWrites_isBoth() {
    add(Bucket.INPUT_UNCACHED, 1_614, 1_003);
    add(Bucket.CACHE_READ, 404, 404);
    add(Bucket.CACHE_WRITE_5M, 207, 207);

    assertParts(Map.of(TWICE, -611));
  }

  /** Whole calls get lost, and not their input alone. */
  @Test
  void inputThatIsLackedBesides_isUntracked_whereOutputIsLackedToo() {
    add(Bucket.INPUT_UNCACHED, 1_407, 1_104);
    add(Bucket.CACHE_READ, 404, 404);
    add(Bucket.OUTPUT_TEXT, 311, 352);

    assertParts(Map.of(TWICE, -404, Cause.UNTRACKED_USAGE, 101 + 41));
  }

  @Test
  void inputTooHighByAPartOfWhatWasCached_andNothingElse_isCountedTwiceInPart() {
    add(Bucket.INPUT_UNCACHED, 1_407, 1_104);
    add(Bucket.CACHE_READ, 404, 404);
    add(Bucket.OUTPUT_TEXT, 311, 311);

    assertParts(Map.of(TWICE, -303));
  }

  @Test
  void inputTooHighByMoreThanWasCached_isNotBilled() {
    add(Bucket.INPUT_UNCACHED, 1_507, 1_003);
    add(Bucket.CACHE_READ, 404, 404);
    add(Bucket.OUTPUT_TEXT, 311, 311);

    assertParts(Map.of(Cause.NOT_BILLED, -504));
  }

  @Test
  void inputTooHighWhereOutputIsTooHighAsWell_isNotBilled() {
    add(Bucket.INPUT_UNCACHED, 1_407, 1_104);
    add(Bucket.CACHE_READ, 404, 404);
    add(Bucket.OUTPUT_TEXT, 311, 280);

    assertParts(Map.of(Cause.NOT_BILLED, -303 - 31));
  }

  /** Other calls than those that were lost are on one side only: nothing says that input is. */
  @Test
  void inputTooHighWhereOtherBucketsAreMoreAndLess_isNotBilled() {
    add(Bucket.INPUT_UNCACHED, 1_407, 1_104);
    add(Bucket.CACHE_READ, 404, 404);
    add(Bucket.OUTPUT_TEXT, 311, 352);
    add(Bucket.OUTPUT_AUDIO, 205, 180);

    assertParts(Map.of(Cause.NOT_BILLED, -303 - 25, Cause.UNTRACKED_USAGE, 41));
  }

  @Test
  void inputTooLow_isNeverCountedTwice() {
    add(Bucket.INPUT_UNCACHED, 1_003, 1_407);
    add(Bucket.CACHE_READ, 404, 404);
    add(Bucket.OUTPUT_TEXT, 311, 311);

    assertParts(Map.of(Cause.UNTRACKED_USAGE, 404));
  }

  private void add(Bucket bucket, long seen, long billed) {
    lines.add(
        new BilledLine(
            DAY,
            "search",
            Charge.USAGE,
            "model",
            bucket,
            null,
            null,
            PRICE.multiply(BigDecimal.valueOf(billed)).setScale(10),
            bucket.wireName()));
    usage.add(
        new EstimatedUsage(
            "provider",
            DAY.atTime(12, 0).toInstant(ZoneOffset.UTC),
            "search",
            "model",
            bucket,
            ServiceTier.STANDARD,
            seen,
            PRICE.multiply(BigDecimal.valueOf(seen)),
            false));
  }

  /** The parts of the difference in tokens. */
  private void assertParts(Map<Cause, Integer> tokens) {
    Map<Cause, BigDecimal> byCause =
        Reconciler.reconcile(new Bill("provider", DAY, DAY.plusDays(1), lines), usage).byCause();

    assertThat(byCause).containsOnlyKeys(tokens.keySet());
    tokens.forEach(
        (cause, count) ->
            assertThat(byCause.get(cause))
                .as("%s", cause)
                .isEqualByComparingTo(PRICE.multiply(BigDecimal.valueOf(count))));
  }
}
