package dev.tributary.pricing.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What few amounts show, of which companies have too many. */
class PriceOrQuantityTest {
  private static final LocalDate DAY = LocalDate.parse("2026-11-10");
  private static final BigDecimal PRICE = new BigDecimal("0.00001");

  private final List<BilledLine> lines = new ArrayList<>();
  private final List<EstimatedUsage> usage = new ArrayList<>();

  @Test
  void oneAmountAtARatioThatPriceListsHaveIsAPrice() {
    output("search", 12_347, "0.1358170");

    assertThat(byCause()).containsOnlyKeys(Cause.PRICE_DIFFERENCE);
  }

  @Test
  void oneAmountAtAnotherRatioIsOpen() {
    output("search", 12_347, "0.13952110001");

    assertThat(byCause()).containsOnlyKeys(Cause.PRICE_OR_QUANTITY);
  }

  @Test
  void oneAmountOfWholeTokensIsAQuantity() {
    output("search", 12_347, "0.13993000000000001");

    assertThat(byCause()).containsOnlyKeys(Cause.UNTRACKED_USAGE);
  }

  @Test
  void lessInputIsNotBilledWhereNoneIsCached() {
    add("search", Bucket.INPUT_UNCACHED, 12_347, tokens(12_001));

    assertThat(byCause()).containsOnlyKeys(Cause.NOT_BILLED);
  }

  @Test
  void someCallsAtHalfThePriceAreThoseOfBatch() {
    output("search", 12_345, "0.1000050000");
    output("support", 20_000, "0.1500050000");

    assertThat(byCause()).containsOnlyKeys(Cause.PRICE_DIFFERENCE_SERVICE_TIER);
  }

  @Test
  void halfThePriceOfOneBucketForSomeCallsIsAPrice() {
    output("search", 12_345, "0.1000050000");
    add("search", Bucket.INPUT_UNCACHED, 30_000, "0.3");

    assertThat(byCause()).containsOnlyKeys(Cause.PRICE_DIFFERENCE);
  }

  @Test
  void amountsThatAreWholeTokensAtAPriceOfTheListsAreBoth() {
    // 12,400 and 20,001 tokens at 1.1 times the price.
    output("search", 12_347, "0.1364");
    output("support", 19_874, "0.2200110000");

    Map<Cause, BigDecimal> byCause = byCause();

    assertThat(byCause).containsOnlyKeys(Cause.UNTRACKED_USAGE, Cause.PRICE_DIFFERENCE);
    assertThat(byCause.get(Cause.UNTRACKED_USAGE)).isEqualByComparingTo("0.0018");
    assertThat(byCause.get(Cause.PRICE_DIFFERENCE)).isEqualByComparingTo("0.032401");
  }

  @Test
  void aPriceOfTheListsAtWhichFarMoreWasBoughtIsNone() {
    // 40,000 and 60,001 tokens at 1.1 times the price, and half a token less of each.
    output("search", 12_347, "0.4399945");
    output("support", 19_874, "0.6600055");

    assertThat(byCause()).doesNotContainKey(Cause.UNTRACKED_USAGE);
  }

  /** Of whole tokens alone these would be more than twice what the ledger has. */
  @Test
  void amountsThatShareADivisorAreOfAMultipleOfThePrice() {
    for (int i = 0; i < 9; i++) {
      output("project" + i, 10_001 + 97 * i, tokens(2 * (10_401 + 101 * i)));
    }

    Map<Cause, BigDecimal> byCause = byCause();

    assertThat(byCause.get(Cause.UNTRACKED_USAGE)).isEqualByComparingTo(tokens(9 * 400 + 4 * 36));
    assertThat(byCause.get(Cause.PRICE_DIFFERENCE))
        .isEqualByComparingTo(tokens(9 * 10_401 + 101 * 36));
  }

  @Test
  void amountsThatShareADivisorByChanceAreQuantities() {
    for (int i = 0; i < 8; i++) {
      output("project" + i, 10_001 + 97 * i, tokens(2 * (10_401 + 101 * i)));
    }

    assertThat(byCause()).containsOnlyKeys(Cause.UNTRACKED_USAGE);
  }

  /** As of a check of health, whose every call is of an even number of tokens. */
  @Test
  void amountsOfCallsWhoseTokensShareADivisorAreQuantities() {
    for (int i = 0; i < 12; i++) {
      output("project" + i, 2 * (5_001 + 7 * i), tokens(2 * (9_203 + 11 * i)));
    }

    assertThat(byCause()).containsOnlyKeys(Cause.UNTRACKED_USAGE);
  }

  @Test
  void aMultipleAtWhichOneWouldHaveBoughtHalfIsNotThePriceOfAll() {
    for (int i = 0; i < 11; i++) {
      output("project" + i, 10_001 + 97 * i, tokens(2 * (10_401 + 101 * i)));
    }
    output("other", 10_007, tokens(2 * 5_501));

    assertThat(byCause()).doesNotContainKey(Cause.NOT_BILLED);
  }

  /** 5,000 tokens in batch, and 7,347 at a tier whose price amounts cannot tell. */
  @Test
  void amountsOfATierThatTelemetryDoesNotStateAreOpen() {
    bill("search", Bucket.OUTPUT_TEXT, ServiceTier.BATCH, tokens(2_500));
    bill("search", Bucket.OUTPUT_TEXT, ServiceTier.PRIORITY, tokens(2 * 7_347));
    see("search", Bucket.OUTPUT_TEXT, ServiceTier.STANDARD, 12_347);

    assertThat(byCause()).containsOnlyKeys(Cause.PRICE_OR_QUANTITY);
  }

  /** The ledger has the price of batch already: its tokens are not twice as many. */
  @Test
  void amountsOfBatchThatTelemetryStatesAreOfItsPrice() {
    bill("search", Bucket.OUTPUT_TEXT, ServiceTier.BATCH, tokens(13_993));
    see("search", Bucket.OUTPUT_TEXT, ServiceTier.BATCH, 12_347);

    assertThat(byCause()).containsOnlyKeys(Cause.UNTRACKED_USAGE);
  }

  @Test
  void amountsOfATierThatTelemetryStatesAreOfItsPrice() {
    bill("search", Bucket.OUTPUT_TEXT, ServiceTier.PRIORITY, tokens(13_993));
    see("search", Bucket.OUTPUT_TEXT, ServiceTier.PRIORITY, 12_347);

    assertThat(byCause()).containsOnlyKeys(Cause.UNTRACKED_USAGE);
  }

  /** 13,000 tokens at 1.1 times the price: the formula, whatever amounts would show. */
  @Test
  void quantityThatTheBillStatesTellsPriceFromQuantity() {
    BilledLine line =
        new BilledLine(
            DAY,
            "search",
            Charge.USAGE,
            "model",
            Bucket.OUTPUT_TEXT,
            null,
            new BigDecimal(13_000),
            new BigDecimal("0.1430000000"),
            "output");
    lines.add(line);
    see("search", Bucket.OUTPUT_TEXT, ServiceTier.STANDARD, 12_347);

    Map<Cause, BigDecimal> byCause = byCause();

    assertThat(byCause).containsOnlyKeys(Cause.UNTRACKED_USAGE, Cause.PRICE_DIFFERENCE);
    assertThat(byCause.get(Cause.UNTRACKED_USAGE)).isEqualByComparingTo(tokens(653));
    assertThat(byCause.get(Cause.PRICE_DIFFERENCE)).isEqualByComparingTo("0.013");
  }

  /** The other line may be of any quantity. */
  @Test
  void quantityOfOneLineOfTwoTellsNothing() {
    lines.add(
        new BilledLine(
            DAY,
            "search",
            Charge.USAGE,
            "model",
            Bucket.OUTPUT_TEXT,
            null,
            new BigDecimal(5_000),
            new BigDecimal("0.0500000000"),
            "output"));
    output("search", 12_347, "0.08993000000000001");

    Map<Cause, BigDecimal> byCause = byCause();

    assertThat(byCause).containsOnlyKeys(Cause.UNTRACKED_USAGE);
    assertThat(byCause.get(Cause.UNTRACKED_USAGE)).isEqualByComparingTo("0.01646000000000001");
  }

  /** Buckets and projects of two amounts each show no unit; the four of the day do. */
  @Test
  void aDayThatTheLedgerBeginsLateInShowsItsPriceByItself() {
    int more = 0;
    for (Bucket bucket : List.of(Bucket.OUTPUT_TEXT, Bucket.INPUT_UNCACHED)) {
      for (String project : List.of("search", "support")) {
        int seen = 0;
        for (int i = 0; i < 36; i++) {
          int count = 311 + 17 * i + project.length() + more;
          seen += count;
          see(project, bucket, ServiceTier.STANDARD, count, DAY.atTime(6, 0).plusMinutes(30L * i));
        }
        int lost = seen / 8;
        lost += 1 - (seen + lost) % 2;
        more += lost;
        BigDecimal quarter = PRICE.multiply(new BigDecimal("0.25"));
        bill(project, bucket, null, quarter.multiply(BigDecimal.valueOf(seen + lost)).toString());
      }
    }

    Map<Cause, BigDecimal> byCause = byCause();

    assertThat(byCause).containsOnlyKeys(Cause.PERIOD_CUTOFF_HEAD, Cause.PRICE_DIFFERENCE);
    assertThat(byCause.get(Cause.PERIOD_CUTOFF_HEAD)).isEqualByComparingTo(tokens(more));
  }

  private static String tokens(int count) {
    return PRICE.multiply(BigDecimal.valueOf(count)).setScale(10).toPlainString();
  }

  /** Adds what the ledger has at {@link #PRICE}, and what was billed. */
  private void output(String project, long tokens, String billed) {
    add(project, Bucket.OUTPUT_TEXT, tokens, billed);
  }

  private void add(String project, Bucket bucket, long tokens, String billed) {
    bill(project, bucket, null, billed);
    see(project, bucket, ServiceTier.STANDARD, tokens);
  }

  private void bill(String project, Bucket bucket, @Nullable ServiceTier tier, String billed) {
    lines.add(
        new BilledLine(
            DAY,
            project,
            Charge.USAGE,
            "model",
            bucket,
            tier,
            null,
            new BigDecimal(billed),
            bucket.wireName()));
  }

  private void see(String project, Bucket bucket, ServiceTier tier, long tokens) {
    see(project, bucket, tier, tokens, DAY.atTime(12, 0));
  }

  private void see(String project, Bucket bucket, ServiceTier tier, long tokens, LocalDateTime at) {
    usage.add(
        new EstimatedUsage(
            "provider",
            at.toInstant(ZoneOffset.UTC),
            project,
            "model",
            bucket,
            tier,
            tokens,
            PRICE.multiply(BigDecimal.valueOf(tokens)),
            false));
  }

  private Map<Cause, BigDecimal> byCause() {
    return Reconciler.reconcile(new Bill("provider", DAY, DAY.plusDays(1), lines), usage).byCause();
  }
}
