package dev.tributary.pricing.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  @Test
  void tokensWithoutAPriceAreWorthNoMoreThanTheDifference() {
    Map<Cause, BigDecimal> byCause = withoutAPrice("0.0080000000");

    assertThat(byCause).containsOnlyKeys(Cause.UNPRICED_USAGE);
    assertThat(byCause.get(Cause.UNPRICED_USAGE)).isEqualByComparingTo("0.002");
  }

  @Test
  void whatIsBilledBeyondTokensWithoutAPriceIsComparedAsAllElse() {
    Map<Cause, BigDecimal> byCause = withoutAPrice("0.0123000000");

    assertThat(byCause).containsOnlyKeys(Cause.UNPRICED_USAGE, Cause.UNTRACKED_USAGE);
    assertThat(byCause.get(Cause.UNPRICED_USAGE)).isEqualByComparingTo("0.004");
    assertThat(byCause.get(Cause.UNTRACKED_USAGE)).isEqualByComparingTo("0.0023");
  }

  @Test
  void tokensWithoutAPriceExplainNothingWhereLessIsBilledThanThoseWithOne() {
    Map<Cause, BigDecimal> byCause = withoutAPrice("0.0050000000");

    assertThat(byCause).containsOnlyKeys(Cause.NOT_BILLED);
    assertThat(byCause.get(Cause.NOT_BILLED)).isEqualByComparingTo("-0.001");
  }

  /** 600 tokens at a price, and 400 of the same bucket at none. */
  private static Map<Cause, BigDecimal> withoutAPrice(String billed) {
    List<EstimatedUsage> usage =
        List.of(
            usage(Bucket.OUTPUT_TEXT, 600, "0.006", 10), usage(Bucket.OUTPUT_TEXT, 400, null, 11));
    return Reconciler.reconcile(bill(billed), usage).byCause();
  }

  @Test
  void whatOnlyOneSideHasIsItsUsageAlone() {
    Reconciliation onlyBilled = Reconciler.reconcile(bill("0.01"), List.of());
    Reconciliation onlySeen =
        Reconciler.reconcile(bill("0"), List.of(usage(Bucket.OUTPUT_TEXT, 600, "0.006", 10)));
    Reconciliation withoutAnyPrice =
        Reconciler.reconcile(bill("0.01"), List.of(usage(Bucket.OUTPUT_TEXT, 600, null, 10)));

    assertThat(onlyBilled.byCause())
        .containsExactly(entry(Cause.UNTRACKED_USAGE, new BigDecimal("0.01")));
    assertThat(onlySeen.byCause())
        .containsExactly(entry(Cause.NOT_BILLED, new BigDecimal("-0.006")));
    assertThat(withoutAnyPrice.byCause())
        .containsExactly(entry(Cause.UNPRICED_USAGE, new BigDecimal("0.01")));
  }

  /** Or the check of what has no price would hold whatever the ledger lacks. */
  @Test
  void billedUsageIsCoveredWhereTheLedgerHasAPriceForAPart() {
    assertThat(
            Reconciler.reconcile(bill("0.01"), List.of(usage(Bucket.OUTPUT_TEXT, 600, "0.006", 10)))
                .covered())
        .isEqualByComparingTo("0.01");
    assertThat(
            Reconciler.reconcile(bill("0.01"), List.of(usage(Bucket.OUTPUT_TEXT, 600, null, 10)))
                .covered())
        .isZero();
    assertThat(Reconciler.reconcile(bill("0.01"), List.of()).covered()).isZero();
  }

  @Test
  void usageOfAnotherProviderIsIgnored() {
    EstimatedUsage own = usage(Bucket.OUTPUT_TEXT, 1_000, "0.01", 10);
    EstimatedUsage other =
        new EstimatedUsage(
            "another",
            own.at(),
            null,
            "model",
            Bucket.OUTPUT_TEXT,
            ServiceTier.STANDARD,
            500,
            new BigDecimal("0.005"),
            false);

    Reconciliation found = Reconciler.reconcile(bill("0.0100000000"), List.of(own, other));

    assertThat(found.byCause()).isEmpty();
    assertThat(found.estimated()).isEqualByComparingTo("0.01");
  }

  /** It adds nothing to the estimate, so there is nothing to take off. */
  @Test
  void responseReportedTwiceWithoutAPriceIsNoDifference() {
    EstimatedUsage own = usage(Bucket.OUTPUT_TEXT, 1_000, "0.01", 10);
    EstimatedUsage repeated =
        new EstimatedUsage(
            "provider",
            own.at(),
            null,
            "unheard of",
            Bucket.OUTPUT_TEXT,
            ServiceTier.STANDARD,
            500,
            null,
            true);

    assertThat(Reconciler.reconcile(bill("0.0100000000"), List.of(own, repeated)).byCause())
        .isEmpty();
  }

  @Test
  void projectsThatOnlyOneSideKnowsAreSummed() {
    List<EstimatedUsage> ofNobody = List.of(of(null, 600), of(null, 400));
    List<EstimatedUsage> ofOthers = List.of(of("proj_a", 600), of("proj_b", 400));
    Bill ofProjects = projects(Map.of("Search", "0.0070000000", "Support", "0.0030000000"));

    assertThat(Reconciler.reconcile(ofProjects, ofNobody).byCause()).isEmpty();
    assertThat(Reconciler.reconcile(ofProjects, ofOthers).byCause()).isEmpty();
    assertThat(Reconciler.reconcile(bill("0.0100000000"), ofOthers).byCause()).isEmpty();
  }

  @Test
  void projectsThatBothSidesKnowAreComparedEach() {
    List<EstimatedUsage> usage = List.of(of("search", 600), of("support", 400));
    Bill bill = projects(Map.of("search", "0.0070000000", "support", "0.0030000000"));

    Map<Cause, BigDecimal> byCause = Reconciler.reconcile(bill, usage).byCause();

    assertThat(byCause.get(Cause.UNTRACKED_USAGE)).isEqualByComparingTo("0.001");
    assertThat(byCause.get(Cause.NOT_BILLED)).isEqualByComparingTo("-0.001");
  }

  private static EstimatedUsage of(@Nullable String project, long tokens) {
    EstimatedUsage usage =
        usage(Bucket.OUTPUT_TEXT, tokens, BigDecimal.valueOf(tokens, 5).toPlainString(), 10);
    return new EstimatedUsage(
        usage.provider(),
        usage.at(),
        project,
        usage.model(),
        usage.bucket(),
        usage.tier(),
        tokens,
        usage.cost(),
        false);
  }

  private static Bill projects(Map<String, String> amounts) {
    List<BilledLine> lines = new ArrayList<>();
    amounts.forEach(
        (project, amount) -> {
          BilledLine line = bill(amount).lines().get(0);
          lines.add(
              new BilledLine(
                  DAY,
                  project,
                  Charge.USAGE,
                  line.model(),
                  line.bucket(),
                  null,
                  null,
                  line.amount(),
                  line.description()));
        });
    return new Bill("provider", DAY, DAY.plusDays(1), lines);
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
