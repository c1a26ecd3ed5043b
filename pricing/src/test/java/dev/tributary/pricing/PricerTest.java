package dev.tributary.pricing;

import static dev.tributary.pricing.TestCards.NOON;
import static dev.tributary.pricing.TestCards.card;
import static dev.tributary.pricing.TestCards.catalogue;
import static dev.tributary.pricing.TestCards.input;
import static dev.tributary.pricing.TestCards.request;
import static dev.tributary.pricing.TestCards.tier;
import static dev.tributary.pricing.TestCards.usage;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
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

    Priced priced = Pricer.price(catalogue(free), request(usage(Bucket.OUTPUT_TEXT, 5)));

    assertThat(priced.status()).isEqualTo(PriceStatus.PARTIAL);
  }

  @ParameterizedTest
  @CsvSource({
    "GREATER, 199999, 3", "GREATER, 200000, 3", "GREATER, 200001, 6",
    "AT_LEAST, 199999, 3", "AT_LEAST, 200000, 6", "AT_LEAST, 200001, 6"
  })
  void price_contextBoundary_followsTheOperator(ContextTier.Op op, long tokens, String amount) {
    Catalogue tiered =
        catalogue(
            card().build(),
            card().context(new ContextTier(op, 200_000)).rate(Bucket.INPUT_UNCACHED, "6").build());

    Priced priced = Pricer.price(tiered, request(input(tokens)));

    assertThat(priced.lines().get(0).rateAmount()).isEqualByComparingTo(amount);
  }

  @Test
  void price_contextTier_isChosenOnAllInputAndAppliedToEveryBucket() {
    Catalogue tiered =
        catalogue(
            card().build(),
            card()
                .context(new ContextTier(ContextTier.Op.GREATER, 200_000))
                .rate(Bucket.OUTPUT_TEXT, "22.5")
                .build());

    Priced priced =
        Pricer.price(
            tiered,
            request(
                usage(
                    Bucket.INPUT_UNCACHED,
                    1,
                    Bucket.CACHE_READ,
                    200_000,
                    Bucket.OUTPUT_TEXT,
                    1_000_000)));

    assertThat(priced.lines().get(2).cost()).isEqualByComparingTo("22.5");
  }

  @Test
  void price_inputUnknownOnTieredModel_isFlagged() {
    Catalogue tiered =
        catalogue(
            card().build(),
            card().context(new ContextTier(ContextTier.Op.GREATER, 200_000)).build());

    Priced priced = Pricer.price(tiered, request(usage(Bucket.OUTPUT_TEXT, 10)));

    assertThat(priced.flags()).containsExactly(PriceFlag.CONTEXT_TIER_ASSUMED);
  }

  @Test
  void price_batchStatedForShortInputOnly_hasNoPriceAbove() {
    Catalogue catalogue =
        catalogue(
            card().build(),
            card()
                .tier(ServiceTier.BATCH)
                .upTo(272_000L)
                .rate(Bucket.INPUT_UNCACHED, "1.5")
                .build());

    Priced within = Pricer.price(catalogue, tier("batch", input(272_000)));
    Priced above = Pricer.price(catalogue, tier("batch", input(272_001)));

    assertThat(within.cost()).isEqualByComparingTo("0.408");
    assertThat(above.status()).isEqualTo(PriceStatus.UNKNOWN_MODEL);
    assertThat(above.reason()).isEqualTo("no card for this input size or time of day");
  }

  @ParameterizedTest
  @CsvSource({"flex, flex", "priority, priority", "scale, scale", "BATCH, batch"})
  void price_missingServiceTier_doesNotFallBackToStandard(String tier, String named) {
    Priced priced = Pricer.price(PLAIN, tier(tier, input(5)));

    assertThat(priced.status()).isEqualTo(PriceStatus.UNKNOWN_MODEL);
    assertThat(priced.cost()).isNull();
    assertThat(priced.reason()).isEqualTo("no card for service tier " + named);
    assertThat(priced.canonicalModel()).isEqualTo(TestCards.MODEL);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {"null", "standard", "default", "auto", "Standard", "on_demand"})
  void price_noSpecialTier_isStandard(String tier) {
    assertThat(Pricer.price(PLAIN, tier(tier, input(1_000_000))).cost()).isEqualByComparingTo("3");
  }

  @Test
  void price_cachedInsideBatch_usesTheBatchCacheRate() {
    Catalogue catalogue =
        catalogue(
            card().build(), card().tier(ServiceTier.BATCH).rate(Bucket.CACHE_READ, "0.15").build());

    Priced priced = Pricer.price(catalogue, tier("batch", usage(Bucket.CACHE_READ, 1_000_000)));

    assertThat(priced.cost()).isEqualByComparingTo("0.15");
  }

  @Test
  void price_regionalProfile_carriesItsPremium() {
    Catalogue catalogue =
        catalogue(
            card().region(RegionScope.GLOBAL).build(),
            card().region(RegionScope.REGIONAL).rate(Bucket.INPUT_UNCACHED, "3.3").build());

    assertThat(cost(catalogue, "global.claude-test-1", null)).isEqualByComparingTo("3");
    assertThat(cost(catalogue, "us.claude-test-1", null)).isEqualByComparingTo("3.3");
    assertThat(cost(catalogue, "claude-test-1", null)).isEqualByComparingTo("3.3");
    assertThat(cost(catalogue, "claude-test-1", "eu-west-1")).isEqualByComparingTo("3.3");
  }

  @Test
  void price_regionWithoutCard_doesNotFallBack() {
    Catalogue catalogue = catalogue(card().region(RegionScope.GLOBAL).build());

    Priced priced =
        Pricer.price(catalogue, request(TestCards.SURFACE, "eu.claude-test-1", input(1)));

    assertThat(priced.status()).isEqualTo(PriceStatus.UNKNOWN_MODEL);
    assertThat(priced.reason()).isEqualTo("no card for region scope eu");
  }

  @Test
  void price_regionExactCard_beatsTheOneForAnywhere() {
    Catalogue catalogue =
        catalogue(
            card().build(),
            card().region(RegionScope.US).rate(Bucket.INPUT_UNCACHED, "3.3").build());

    assertThat(cost(catalogue, "claude-test-1", "us")).isEqualByComparingTo("3.3");
    assertThat(cost(catalogue, "claude-test-1", "eu")).isEqualByComparingTo("3");
  }

  @Test
  void price_history_keepsThePriceOfItsDay() {
    Instant change = Instant.parse("2026-08-21T00:00:00Z");
    Catalogue catalogue =
        catalogue(
            card().until(change).rate(Bucket.INPUT_UNCACHED, "5").build(),
            card().from(change).rate(Bucket.INPUT_UNCACHED, "4").build());

    assertThat(Pricer.price(catalogue, TestCards.at(change.minusNanos(1), input(1_000_000))).cost())
        .isEqualByComparingTo("5");
    assertThat(Pricer.price(catalogue, TestCards.at(change, input(1_000_000))).cost())
        .isEqualByComparingTo("4");
  }

  @Test
  void price_beforeTheFirstCard_isUnknown() {
    Catalogue catalogue = catalogue(card().from(NOON.plusSeconds(1)).build());

    Priced priced = Pricer.price(catalogue, request(input(1)));

    assertThat(priced.status()).isEqualTo(PriceStatus.UNKNOWN_MODEL);
    assertThat(priced.reason()).isEqualTo("no card valid at 2026-11-12T12:00:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-12T16:29:59Z, 3",
    "2026-11-12T16:30:00Z, 1.5",
    "2026-11-13T00:29:59Z, 1.5",
    "2026-11-13T00:30:00Z, 3"
  })
  void price_timeOfDay_overMidnight(Instant at, String perMillion) {
    Catalogue catalogue =
        catalogue(
            card().build(),
            card()
                .window(TimeWindow.daily(LocalTime.of(16, 30), LocalTime.of(0, 30)))
                .rate(Bucket.INPUT_UNCACHED, "1.5")
                .build());

    assertThat(Pricer.price(catalogue, TestCards.at(at, input(1_000_000))).cost())
        .isEqualByComparingTo(perMillion);
  }

  @Test
  void price_contractLayer_beatsThePublicPrice() {
    Catalogue catalogue =
        catalogue(
            card().build(),
            card().layer(Layer.CONTRACT).rate(Bucket.INPUT_UNCACHED, "2.4").build());

    assertThat(cost(catalogue, TestCards.MODEL, null)).isEqualByComparingTo("2.4");
  }

  @Test
  void price_responseModelUnknown_usesTheRequestModel() {
    PricingRequest request =
        new PricingRequest(
            TestCards.SURFACE, "router-internal", TestCards.MODEL, null, null, input(1), NOON);

    Priced priced = Pricer.price(PLAIN, request);

    assertThat(priced.status()).isEqualTo(PriceStatus.PRICED);
    assertThat(priced.modelStep()).isEqualTo("request.exact");
  }

  @Test
  void price_responseModelIsAnotherUnpricedModel_isNotPricedAsRequested() {
    Catalogue catalogue =
        catalogue(card().names(List.of(ModelName.not("claude-test-1-20250101"))).build());
    PricingRequest request =
        new PricingRequest(
            TestCards.SURFACE,
            "claude-test-1-20250101",
            TestCards.MODEL,
            null,
            null,
            input(1),
            NOON);

    Priced priced = Pricer.price(catalogue, request);

    assertThat(priced.status()).isEqualTo(PriceStatus.UNKNOWN_MODEL);
    assertThat(priced.modelStep()).isEqualTo("response.excluded");
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
  void price_reasoningWithoutRule_isPartial() {
    RateCard noRule =
        RateCard.builder(TestCards.SURFACE, TestCards.MODEL).rate(Bucket.OUTPUT_TEXT, "8").build();

    assertThat(Pricer.price(catalogue(noRule), request(usage(Bucket.REASONING, 1))).status())
        .isEqualTo(PriceStatus.PARTIAL);
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

    assertThat(cost(catalogue, TestCards.MODEL, null)).isEqualByComparingTo("2.9999900000000002");
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

  private static BigDecimal cost(Catalogue catalogue, String model, String region) {
    Priced priced =
        Pricer.price(
            catalogue,
            new PricingRequest(
                TestCards.SURFACE, model, null, region, null, input(1_000_000), NOON));
    assertThat(priced.cost()).as(priced.reason()).isNotNull();
    return priced.cost();
  }
}
