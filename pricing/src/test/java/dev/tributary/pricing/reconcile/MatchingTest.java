package dev.tributary.pricing.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What of a bill is compared with what of the ledger, in a few lines each. */
class MatchingTest {
  private static final LocalDate DAY = LocalDate.parse("2026-11-10");

  @Test
  void bucketThatTheBillDoesNotKnowIsPartOfItsWhole() {
    List<EstimatedUsage> usage =
        List.of(
            usage(Bucket.OUTPUT_TEXT, 600, "0.006", 10), usage(Bucket.REASONING, 400, "0.004", 10));

    assertThat(Reconciler.reconcile(bill("0.0100000000"), usage).byCause()).isEmpty();
  }

  @Test
  void usageOfOtherDaysIsADifferenceOnlyWhereAllOfItIsCompared() {
    List<EstimatedUsage> usage =
        List.of(
            usage(Bucket.OUTPUT_TEXT, 1_000, "0.01", 10),
            usage(Bucket.OUTPUT_TEXT, 500, "0.005", -2),
            usage(Bucket.OUTPUT_TEXT, 300, "0.003", 25));

    Reconciliation billedDays = Reconciler.reconcileBilledDays(bill("0.0100000000"), usage);
    Reconciliation all = Reconciler.reconcile(bill("0.0100000000"), usage);

    assertThat(billedDays.byCause()).isEmpty();
    assertThat(billedDays.estimated()).isEqualByComparingTo("0.01");
    assertThat(all.byCause())
        .containsOnlyKeys(Cause.PERIOD_CUTOFF_HEAD, Cause.PERIOD_CUTOFF_TAIL)
        .containsEntry(Cause.PERIOD_CUTOFF_HEAD, new BigDecimal("-0.005"))
        .containsEntry(Cause.PERIOD_CUTOFF_TAIL, new BigDecimal("-0.003"));
  }

  @Test
  void whatTheBillDoesNotPrintIsRounding() {
    List<EstimatedUsage> usage = List.of(usage(Bucket.OUTPUT_TEXT, 33_333, "0.33333", 10));

    assertThat(Reconciler.reconcile(bill("0.33"), usage).byCause())
        .containsOnlyKeys(Cause.ROUNDING);
  }

  @Test
  void centsDoNotTellPriceFromQuantity() {
    List<EstimatedUsage> usage = List.of(usage(Bucket.OUTPUT_TEXT, 33_333, "0.33333", 10));

    assertThat(Reconciler.reconcile(bill("0.40"), usage).byCause())
        .containsOnlyKeys(Cause.PRICE_OR_QUANTITY);
  }

  @Test
  void tokensWithoutAPriceBesideOthersAreWorthWhatThoseAre() {
    List<EstimatedUsage> usage =
        List.of(
            usage(Bucket.OUTPUT_TEXT, 600, "0.006", 10), usage(Bucket.OUTPUT_TEXT, 400, null, 11));

    assertThat(Reconciler.reconcile(bill("0.0100000000"), usage).byCause())
        .containsOnlyKeys(Cause.UNPRICED_USAGE);
  }

  /** A bill of one day and one line of output. */
  private static Bill bill(String amount) {
    return new Bill(
        "provider",
        DAY,
        DAY.plusDays(1),
        List.of(
            new BilledLine(
                DAY,
                null,
                Charge.USAGE,
                "model",
                Bucket.OUTPUT_TEXT,
                null,
                null,
                new BigDecimal(amount),
                "model, output")));
  }

  private static EstimatedUsage usage(
      Bucket bucket, long quantity, @Nullable String cost, int hour) {
    Instant at = DAY.atStartOfDay().toInstant(ZoneOffset.UTC).plus(Duration.ofHours(hour));
    return new EstimatedUsage(
        "provider",
        at,
        null,
        "model",
        bucket,
        ServiceTier.STANDARD,
        quantity,
        cost == null ? null : new BigDecimal(cost),
        false);
  }
}
