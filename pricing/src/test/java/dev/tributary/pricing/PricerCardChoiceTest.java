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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which card a call is priced by: its input size, tier, region, date, layer and model name. */
class PricerCardChoiceTest {

  private static final Catalogue PLAIN = catalogue(card().build());

  /** Hours around {@link TestCards#NOON}. */
  private static final TimeWindow MIDDAY =
      TimeWindow.daily(LocalTime.of(11, 0), LocalTime.of(13, 0));

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
  void price_inputOfKnownZeroOnTieredModel_isNotAssumed() {
    Catalogue tiered =
        catalogue(
            card().build(),
            card().context(new ContextTier(ContextTier.Op.GREATER, 200_000)).build());

    Priced priced =
        Pricer.price(tiered, request(usage(Bucket.INPUT_UNCACHED, 0, Bucket.OUTPUT_TEXT, 10)));

    assertThat(priced.flags()).isEmpty();
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

  /** The premium of a place is no price of a call that was routed anywhere, nor the other way. */
  @Test
  void price_globalCallWhereOnlyRegionsHaveACard_isUnknown() {
    Catalogue regional = catalogue(card().region(RegionScope.REGIONAL).build());
    Catalogue global = catalogue(card().region(RegionScope.GLOBAL).build());

    assertThat(status(regional, "global.claude-test-1", null)).isEqualTo(PriceStatus.UNKNOWN_MODEL);
    assertThat(status(regional, "claude-test-1", "global")).isEqualTo(PriceStatus.UNKNOWN_MODEL);
    assertThat(status(global, "us.claude-test-1", null)).isEqualTo(PriceStatus.UNKNOWN_MODEL);
    assertThat(status(global, "claude-test-1", null)).isEqualTo(PriceStatus.UNKNOWN_MODEL);
  }

  private static PriceStatus status(Catalogue catalogue, String model, String region) {
    return Pricer.price(
            catalogue,
            new PricingRequest(TestCards.SURFACE, model, null, region, null, input(1_000), NOON))
        .status();
  }

  @Test
  void price_regionInTheName_beatsTheOneOfTheCall() {
    Catalogue catalogue =
        catalogue(
            card().region(RegionScope.US).rate(Bucket.INPUT_UNCACHED, "3.3").build(),
            card().region(RegionScope.EU).rate(Bucket.INPUT_UNCACHED, "3.6").build());

    assertThat(cost(catalogue, "us.claude-test-1", "eu")).isEqualByComparingTo("3.3");
    assertThat(cost(catalogue, "claude-test-1", "eu")).isEqualByComparingTo("3.6");
  }

  @ParameterizedTest
  @CsvSource({"any", "regional", "none", "us-east-1"})
  void price_regionThatIsNoScopeOfACall_isNone(String region) {
    Catalogue catalogue =
        catalogue(
            card().region(RegionScope.NONE).build(),
            card().region(RegionScope.REGIONAL).rate(Bucket.INPUT_UNCACHED, "3.3").build());

    assertThat(cost(catalogue, TestCards.MODEL, region)).isEqualByComparingTo("3");
  }

  @Test
  void price_tierInTheName_beatsTheOneOfTheCall() {
    Catalogue catalogue =
        catalogue(
            card().build(),
            card().tier(ServiceTier.BATCH).rate(Bucket.INPUT_UNCACHED, "1.5").build());
    PricingRequest request =
        new PricingRequest(
            TestCards.SURFACE,
            TestCards.MODEL + ":batch",
            null,
            null,
            "default",
            input(1_000_000),
            NOON);

    assertThat(Pricer.price(catalogue, request).cost()).isEqualByComparingTo("1.5");
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

  @ParameterizedTest
  @ValueSource(strings = {"2026-08-21T00:00:00Z", "2026-08-21T00:00:00.5Z"})
  void price_history_keepsThePriceOfItsMoment(Instant change) {
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
  void price_contractForAnywhere_beatsThePublicPriceOfTheRegion() {
    Catalogue catalogue =
        catalogue(
            card().region(RegionScope.US).rate(Bucket.INPUT_UNCACHED, "3.3").build(),
            card().layer(Layer.CONTRACT).rate(Bucket.INPUT_UNCACHED, "2.4").build());

    assertThat(cost(catalogue, TestCards.MODEL, "us")).isEqualByComparingTo("2.4");
  }

  @Test
  void price_regionExactCard_beatsTheHoursOfTheOneForAnywhere() {
    Catalogue catalogue =
        catalogue(
            card().region(RegionScope.US).rate(Bucket.INPUT_UNCACHED, "3.3").build(),
            card().window(MIDDAY).rate(Bucket.INPUT_UNCACHED, "1.5").build());

    assertThat(cost(catalogue, TestCards.MODEL, "us")).isEqualByComparingTo("3.3");
    assertThat(cost(catalogue, TestCards.MODEL, "eu")).isEqualByComparingTo("1.5");
  }

  @Test
  void price_hours_beatTheInputSizeOfTheCardWithout() {
    Catalogue catalogue =
        catalogue(
            card()
                .context(new ContextTier(ContextTier.Op.GREATER, 200_000))
                .rate(Bucket.INPUT_UNCACHED, "6")
                .build(),
            card().window(MIDDAY).rate(Bucket.INPUT_UNCACHED, "1.5").build());

    assertThat(cost(catalogue, TestCards.MODEL, null)).isEqualByComparingTo("1.5");
  }

  @Test
  void price_inputSizeFromTheFirstToken_beatsTheCardWithout() {
    Catalogue catalogue =
        catalogue(
            card().build(),
            card()
                .context(new ContextTier(ContextTier.Op.AT_LEAST, 0))
                .rate(Bucket.INPUT_UNCACHED, "6")
                .build());

    assertThat(cost(catalogue, TestCards.MODEL, null)).isEqualByComparingTo("6");
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
