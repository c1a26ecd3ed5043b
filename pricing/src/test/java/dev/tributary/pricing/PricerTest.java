package dev.tributary.pricing;

import static dev.tributary.pricing.TestCards.card;
import static dev.tributary.pricing.TestCards.catalogue;
import static dev.tributary.pricing.TestCards.input;
import static dev.tributary.pricing.TestCards.request;
import static dev.tributary.pricing.TestCards.usage;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PricerTest {

  private static final Catalogue PLAIN = catalogue(card().build());

  @Test
  void price_everyBucket_isTheSumOfItsLines() {
    Usage counts =
        usage(
            Bucket.INPUT_UNCACHED, 1_000,
            Bucket.CACHE_READ, 20_000,
            Bucket.CACHE_WRITE_5M, 300,
            Bucket.CACHE_WRITE_1H, 40,
            Bucket.OUTPUT_TEXT, 7,
            Bucket.REASONING, 2);

    Priced priced = Pricer.price(PLAIN, request(counts));

    assertThat(priced.status()).isEqualTo(PriceStatus.PRICED);
    assertThat(priced.cost()).isEqualByComparingTo("0.0105");
    assertThat(priced.lines()).hasSize(6);
    assertThat(priced.rateCardId()).isEqualTo("anthropic|claude-test-1|standard");
    assertThat(priced.catalogueVersion()).isEqualTo("v1");
    assertThat(priced.currency()).isEqualTo("USD");
    assertThat(priced.modelStep()).isEqualTo("response.exact");
    assertThat(priced.unpricedTokens()).isZero();
    assertThat(priced.reason()).isNull();
  }

  @Test
  void price_anthropicCacheWrite_isChargedOnce() {
    UsageResult usage =
        Usage.fromInclusive(InclusiveUsage.text(21_000L, 6_000L, 12_000L, 500L, null));

    Priced priced = Pricer.price(PLAIN, request(input(0)), usage);

    // 3000 x 3 + 6000 x 0.3 + 12000 x 3.75 + 500 x 15, per million.
    assertThat(priced.cost()).isEqualByComparingTo("0.0633");
  }

  @Test
  void price_inclusiveInput_countsCachedTokensOnce() {
    UsageResult usage =
        Usage.fromInclusive(InclusiveUsage.text(130_213L, 130_208L, null, 0L, null));

    Priced priced = Pricer.price(PLAIN, request(input(0)), usage);

    assertThat(priced.lines().stream().mapToLong(CostLine::quantity).sum()).isEqualTo(130_213);
  }

  @Test
  void price_exclusiveInput_isNotSubtractedAgain() {
    Usage exclusive =
        usage(Bucket.INPUT_UNCACHED, 100, Bucket.CACHE_READ, 900, Bucket.OUTPUT_TEXT, 1);

    Priced priced = Pricer.price(PLAIN, request(exclusive));

    assertThat(priced.cost()).isEqualByComparingTo("0.000585");
  }

  @Test
  void price_missingCacheWriteRate_isPartialAndReported() {
    RateCard noCacheWrite =
        RateCard.builder(TestCards.SURFACE, TestCards.MODEL)
            .rate(Bucket.INPUT_UNCACHED, "3")
            .rate(Bucket.OUTPUT_TEXT, "15")
            .build();

    Priced priced =
        Pricer.price(
            catalogue(noCacheWrite),
            request(usage(Bucket.INPUT_UNCACHED, 1_000, Bucket.CACHE_WRITE_5M, 85_000)));

    assertThat(priced.status()).isEqualTo(PriceStatus.PARTIAL);
    assertThat(priced.cost()).isEqualByComparingTo("0.003");
    assertThat(priced.unpricedTokens()).isEqualTo(85_000);
    assertThat(priced.unpricedBuckets()).containsExactly(Bucket.CACHE_WRITE_5M);
    assertThat(priced.reason()).isEqualTo("no rate for in.cache_write_5m");
  }

  @Test
  void price_unknownModel_isNullNeverZero() {
    Priced priced = Pricer.price(PLAIN, request(TestCards.SURFACE, "jev-9", input(12)));

    assertThat(priced.status()).isEqualTo(PriceStatus.UNKNOWN_MODEL);
    assertThat(priced.cost()).isNull();
    assertThat(priced.booked()).isNull();
    assertThat(priced.unpricedTokens()).isEqualTo(12);
    assertThat(priced.modelStep()).isEqualTo("unknown");
  }

  @Test
  void price_unknownModel_inventsNoDefaultPrice() {
    assertThat(
            Pricer.price(PLAIN, request(TestCards.SURFACE, "claude-test-11", input(12))).status())
        .isEqualTo(PriceStatus.UNKNOWN_MODEL);
    assertThat(Pricer.price(PLAIN, request(TestCards.SURFACE, null, input(12))).reason())
        .isEqualTo("no model named");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {"null", "openai", "anthropic2", "Anthropic"})
  void price_unknownSurface_isNull(String surface) {
    Priced priced = Pricer.price(PLAIN, request(surface, TestCards.MODEL, input(12)));

    assertThat(priced.status()).isEqualTo(PriceStatus.UNKNOWN_SURFACE);
    assertThat(priced.cost()).isNull();
    assertThat(priced.unpricedTokens()).isEqualTo(12);
  }

  @Test
  void price_streamWithoutUsage_isNoUsage() {
    Priced priced = Pricer.price(PLAIN, request(TestCards.SURFACE, TestCards.MODEL, null));

    assertThat(priced.status()).isEqualTo(PriceStatus.NO_USAGE);
    assertThat(priced.cost()).isNull();
    assertThat(priced.canonicalModel()).isEqualTo(TestCards.MODEL);
  }

  @Test
  void price_noBucketKnown_isNoUsage() {
    assertThat(Pricer.price(PLAIN, request(new Usage(Map.of()))).status())
        .isEqualTo(PriceStatus.NO_USAGE);
    assertThat(Pricer.price(PLAIN, request(input(1)), new UsageResult.Missing()).status())
        .isEqualTo(PriceStatus.NO_USAGE);
  }

  @Test
  void price_invalidUsage_isNullWithItsReason() {
    Priced priced =
        Pricer.price(
            PLAIN,
            request(input(1)),
            Usage.fromInclusive(InclusiveUsage.text(1L, 2L, null, 1L, null)));

    assertThat(priced.status()).isEqualTo(PriceStatus.INVALID_USAGE);
    assertThat(priced.cost()).isNull();
    assertThat(priced.reason()).contains("less than its parts");
  }

  @Test
  void price_knownZeros_areAPriceOfZero() {
    Priced priced =
        Pricer.price(PLAIN, request(usage(Bucket.INPUT_UNCACHED, 0, Bucket.OUTPUT_TEXT, 0)));

    assertThat(priced.status()).isEqualTo(PriceStatus.PRICED);
    assertThat(priced.cost()).isEqualByComparingTo("0");
  }

  @Test
  void price_freeCard_isFree() {
    RateCard free =
        RateCard.builder(TestCards.SURFACE, TestCards.MODEL)
            .rate(Bucket.INPUT_UNCACHED, "0")
            .free(true)
            .build();

    Priced priced = Pricer.price(catalogue(free), request(input(1_000)));

    assertThat(priced.status()).isEqualTo(PriceStatus.FREE);
    assertThat(priced.cost()).isEqualByComparingTo("0");
  }

  @Test
  void price_freeCardWithUnpricedBucket_isPartial() {
    RateCard free =
        RateCard.builder(TestCards.SURFACE, TestCards.MODEL)
            .rate(Bucket.INPUT_UNCACHED, "0")
            .free(true)
            .build();

    Priced priced =
        Pricer.price(
            catalogue(free), request(usage(Bucket.INPUT_UNCACHED, 1, Bucket.OUTPUT_TEXT, 5)));

    assertThat(priced.status()).isEqualTo(PriceStatus.PARTIAL);
    assertThat(priced.cost()).isEqualByComparingTo("0");
  }

  @Test
  void price_usageKeyWithoutRate_isReportedEvenWhenItCountsNoTokens() {
    Priced priced =
        Pricer.price(PLAIN, request(usage(Bucket.INPUT_UNCACHED, 1, Bucket.TOOL_WEB_SEARCH, 3)));

    assertThat(priced.status()).isEqualTo(PriceStatus.PARTIAL);
    assertThat(priced.unpricedBuckets()).isEqualTo(Set.of(Bucket.TOOL_WEB_SEARCH));
    assertThat(priced.unpricedTokens()).isZero();
  }

  @Test
  void price_requestFee_isChargedOnceWithoutBeingCounted() {
    Catalogue catalogue =
        catalogue(card().rate(Bucket.REQUEST, new Rate(new BigDecimal("12"), 1_000)).build());

    assertThat(Pricer.price(catalogue, request(input(0))).cost()).isEqualByComparingTo("0.012");
    assertThat(
            Pricer.price(catalogue, request(usage(Bucket.INPUT_UNCACHED, 0, Bucket.REQUEST, 3)))
                .cost())
        .isEqualByComparingTo("0.036");
  }

  @Test
  void price_requestFeeThatNobodyCounted_standsInBucketOrder() {
    Catalogue catalogue =
        catalogue(
            card()
                .rate(Bucket.REQUEST, new Rate(new BigDecimal("12"), 1_000))
                .rate(Bucket.SECONDS, new Rate(new BigDecimal("0.04"), 1))
                .build());

    Priced priced =
        Pricer.price(catalogue, request(usage(Bucket.SECONDS, 2, Bucket.OUTPUT_TEXT, 1)));

    assertThat(priced.lines())
        .extracting(CostLine::bucket)
        .containsExactly(Bucket.OUTPUT_TEXT, Bucket.REQUEST, Bucket.SECONDS);
  }

  @Test
  void price_requestsOfKnownZero_haveNoFee() {
    Catalogue catalogue =
        catalogue(card().rate(Bucket.REQUEST, new Rate(new BigDecimal("12"), 1_000)).build());

    Priced priced =
        Pricer.price(catalogue, request(usage(Bucket.INPUT_UNCACHED, 0, Bucket.REQUEST, 0)));

    assertThat(priced.cost()).isEqualByComparingTo("0");
  }

  @Test
  void price_reasoningWithoutRule_isPartial() {
    RateCard noRule =
        RateCard.builder(TestCards.SURFACE, TestCards.MODEL).rate(Bucket.OUTPUT_TEXT, "8").build();

    Priced priced =
        Pricer.price(
            catalogue(noRule), request(usage(Bucket.OUTPUT_TEXT, 1_000_000, Bucket.REASONING, 1)));

    assertThat(priced.status()).isEqualTo(PriceStatus.PARTIAL);
    assertThat(priced.cost()).isEqualByComparingTo("8");
  }

  @Test
  void price_noUsedBucketHasARate_isNullAndNotTheSumOfNothing() {
    RateCard outputOnly =
        RateCard.builder(TestCards.SURFACE, TestCards.MODEL).rate(Bucket.OUTPUT_TEXT, "8").build();

    Priced priced = Pricer.price(catalogue(outputOnly), request(input(1_000)));

    assertThat(priced.status()).isEqualTo(PriceStatus.UNKNOWN_MODEL);
    assertThat(priced.cost()).isNull();
    assertThat(priced.unpricedTokens()).isEqualTo(1_000);
    assertThat(priced.unpricedBuckets()).containsExactly(Bucket.INPUT_UNCACHED);
    assertThat(priced.reason()).isEqualTo("no rate for in.text.uncached");
  }

  @Test
  void price_hugeCounts_doNotOverflow() {
    Priced priced = Pricer.price(PLAIN, request(usage(Bucket.OUTPUT_TEXT, Long.MAX_VALUE)));

    assertThat(priced.cost()).isEqualByComparingTo("138350580552821.637105");
  }

  @Test
  void price_floatNoiseInRate_survivesExactly() {
    Catalogue catalogue =
        catalogue(
            card()
                .rate(
                    Bucket.INPUT_UNCACHED, new Rate(new BigDecimal("0.0000029999900000000002"), 1))
                .build());

    assertThat(Pricer.price(catalogue, request(input(1_000_000))).cost())
        .isEqualByComparingTo("2.9999900000000002");
  }

  @Test
  void price_rateOfMoreDigitsThanALong_isExact() {
    Catalogue catalogue =
        catalogue(card().rate(Bucket.INPUT_UNCACHED, "9.999999999999999999").build());

    assertThat(Pricer.price(catalogue, request(input(1_000_000))).cost())
        .isEqualByComparingTo("9.999999999999999999");
  }

  @Test
  void price_terminatingResultBeyondScale18_isNotRounded() {
    Catalogue catalogue =
        catalogue(
            card()
                .rate(Bucket.INPUT_UNCACHED, new Rate(new BigDecimal("0.00000000000000000003"), 1))
                .build());

    Priced priced = Pricer.price(catalogue, request(input(7)));

    assertThat(priced.cost()).isEqualByComparingTo("0.00000000000000000021");
    assertThat(priced.booked()).isEqualTo(new BigDecimal("0E-18"));
    assertThat(priced.flags()).isEmpty();
  }

  @Test
  void price_endlessDivision_isRoundedOnceAndFlagged() {
    Catalogue catalogue =
        catalogue(card().rate(Bucket.SECONDS, new Rate(new BigDecimal("0.04"), 3_600)).build());

    Priced seven = Pricer.price(catalogue, request(usage(Bucket.SECONDS, 7)));
    Priced hour = Pricer.price(catalogue, request(usage(Bucket.SECONDS, 3_600)));

    assertThat(seven.cost()).isEqualTo(new BigDecimal("0.000077777777777778"));
    assertThat(seven.flags()).containsExactly(PriceFlag.DIVISION_ROUNDED);
    assertThat(hour.cost()).isEqualByComparingTo("0.04");
    assertThat(hour.flags()).isEmpty();
  }

  @Test
  void booked_isTheSumOfBookedBuckets() {
    Rate tiny = new Rate(new BigDecimal("0.0000000000000000005"), 1);
    Catalogue catalogue =
        catalogue(card().rate(Bucket.INPUT_UNCACHED, tiny).rate(Bucket.OUTPUT_TEXT, tiny).build());

    Priced priced =
        Pricer.price(catalogue, request(usage(Bucket.INPUT_UNCACHED, 1, Bucket.OUTPUT_TEXT, 1)));

    // Each half of the last place rounds to even, which is 0; the exact sum would have rounded to
    // 1.
    assertThat(priced.cost()).isEqualByComparingTo("0.000000000000000001");
    assertThat(priced.booked()).isEqualByComparingTo("0");
  }

  /** Half a last place after a whole one: rounded with the sum before it, it would become one. */
  @Test
  void booked_isRoundedByBucket_notAsTheSumGrows() {
    Catalogue catalogue =
        catalogue(
            card()
                .rate(Bucket.INPUT_UNCACHED, new Rate(new BigDecimal("1E-18"), 1))
                .rate(Bucket.OUTPUT_TEXT, new Rate(new BigDecimal("5E-19"), 1))
                .build());

    Priced priced =
        Pricer.price(catalogue, request(usage(Bucket.INPUT_UNCACHED, 1, Bucket.OUTPUT_TEXT, 1)));

    assertThat(priced.booked()).isEqualByComparingTo("1E-18");
  }
}
