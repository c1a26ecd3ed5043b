package dev.tributary.standalone.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.CatalogueException;
import dev.tributary.pricing.CatalogueReader;
import dev.tributary.pricing.CostLine;
import dev.tributary.pricing.InclusiveUsage;
import dev.tributary.pricing.PriceStatus;
import dev.tributary.pricing.Priced;
import dev.tributary.pricing.Pricer;
import dev.tributary.pricing.PricingRequest;
import dev.tributary.pricing.Rate;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.ServiceTier;
import dev.tributary.pricing.Usage;
import dev.tributary.pricing.UsageResult;
import dev.tributary.pricing.curated.CuratedCatalogue;
import dev.tributary.pricing.importer.GatePolicy;
import dev.tributary.pricing.importer.ImportGates;
import dev.tributary.pricing.importer.LiteLlmImporter;
import dev.tributary.pricing.importer.Quarantined;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Twenty-four mistakes that public cost calculators have made, one test each; four of them in
 * {@link KnownLedgerBugsTest}. The number is that of the list they were collected in.
 */
class KnownBugsTest {
  private static final String PRICES =
      """
      surface: acme
      sources: {list: {name: list, retrieved: 2026-11-01}}
      models:
        - model: writer-1.5
          aliases: [writer-latest]
          patterns: [{glob: "writer-1.5-*-preview", priority: 2}, {glob: "writer-1.5-*", priority: 1}]
          priced_as: {out.reasoning: out.text}
          cards:
            - {until: 2026-08-21, source: list, rates: {in.text.uncached: 5, in.cache_read: 0.5, in.cache_write_5m: 6.25, in.cache_write_1h: 10, out.text: 30}}
            - {from: 2026-08-21, source: list, uplifts: {us: 1.1}, rates: {in.text.uncached: 4, in.cache_read: 0.4, in.cache_write_5m: 5, in.cache_write_1h: 8, out.text: 20}}
            - {from: 2026-08-21, context: "> 200000", source: list, rates: {in.text.uncached: 8, in.cache_read: 0.8, in.cache_write_5m: 10, out.text: 30}}
            - {tier: batch, up_to: 200000, source: list, rates: {in.text.uncached: 2, in.cache_read: 0.3, out.text: 10}}
            - {tier: flex, source: list, rates: {in.text.uncached: 2.5, in.cache_read: 0.25, out.text: 12}}
        - model: reader-1
          cards:
            - {source: list, rates: {in.text.uncached: 1, out.text: 2, request: {amount: 5, per: 1000}}}
            - {context: ">= 128000", source: list, rates: {in.text.uncached: 3, out.text: 2}}
      overrides:
        - {surface: acme, name: Prod-Deployment, model: writer-1.5}
      """;

  private static final Catalogue CATALOGUE = CatalogueReader.read("v1", "prices.yaml", PRICES);
  private static final Instant NOW = Instant.parse("2026-11-12T12:00:00Z");
  private static final String WRITER = "writer-1.5";

  @Nested
  class Counting {
    @Test
    void bug01_anthropicCacheWrite_isChargedOnce() {
      Priced priced = price(WRITER, usage(Bucket.INPUT_UNCACHED, 3, Bucket.CACHE_WRITE_5M, 1_000));

      assertThat(priced.cost()).isEqualByComparingTo("0.005012");
      assertThat(priced.lines()).extracting(CostLine::quantity).containsExactly(3L, 1_000L);
    }

    @Test
    void bug02_inclusiveInput_isNotCountedInCacheBucketsAgain() {
      UsageResult split =
          Usage.fromInclusive(InclusiveUsage.text(130_213L, 130_208L, null, 0L, null));

      Usage usage = ((UsageResult.Valid) split).usage();
      assertThat(usage.tokens()).isEqualTo(130_213);
      assertThat(price(WRITER, usage).cost()).isEqualByComparingTo("0.0521032");
    }

    @Test
    void bug03_exclusiveInput_isNotSubtractedAgain() {
      Usage usage = usage(Bucket.INPUT_UNCACHED, 10, Bucket.CACHE_READ, 1_000);

      assertThat(price(WRITER, usage).cost()).isEqualByComparingTo("0.00044");
    }

    @Test
    void bug04_missingCacheWriteRate_isPartialAndNotCheap() {
      Priced priced =
          price("reader-1", usage(Bucket.INPUT_UNCACHED, 10, Bucket.CACHE_WRITE_5M, 9_000));

      assertThat(priced.status()).isEqualTo(PriceStatus.PARTIAL);
      assertThat(priced.unpricedTokens()).isEqualTo(9_000);
      assertThat(priced.unpricedBuckets()).containsExactly(Bucket.CACHE_WRITE_5M);
    }

    @Test
    void bug12_cacheDiscount_holdsOnEveryProvidersPath() {
      Catalogue curated = CuratedCatalogue.load();
      int checked = 0;
      for (RateCard card : curated.cards()) {
        Rate cached = card.rates().get(Bucket.CACHE_READ);
        if (cached == null || card.effectiveUntil() != null || card.timeWindow() != null) {
          continue;
        }
        long input = card.contextTier() == null ? 1_000 : card.contextTier().minimumInput();
        Priced priced =
            Pricer.price(
                curated,
                new PricingRequest(
                    card.surface(),
                    card.canonicalModel(),
                    null,
                    card.regionScope().wireName(),
                    card.serviceTier().wireName(),
                    usage(Bucket.CACHE_READ, input),
                    Instant.parse("2027-06-01T12:00:00Z")));
        assertThat(priced.lines()).as("%s %s", card.id(), priced).isNotEmpty();
        assertThat(priced.lines().get(0).rateAmount())
            .as(card.id())
            .isEqualByComparingTo(
                curated
                    .card(String.valueOf(priced.rateCardId()))
                    .rates()
                    .get(Bucket.CACHE_READ)
                    .amount());
        checked++;
      }
      assertThat(checked).isGreaterThan(150);
    }

    @Test
    void bug14_streamWithoutUsage_isNoUsageAndNotZero() {
      Priced priced = Pricer.price(CATALOGUE, request(WRITER, null), new UsageResult.Missing());

      assertThat(priced.status()).isEqualTo(PriceStatus.NO_USAGE);
      assertThat(priced.cost()).isNull();
    }

    @Test
    void bug19_usageKeyWithoutARate_isReported() {
      Priced priced = price(WRITER, usage(Bucket.INPUT_UNCACHED, 10, Bucket.TOOL_WEB_SEARCH, 3));

      assertThat(priced.status()).isEqualTo(PriceStatus.PARTIAL);
      assertThat(priced.unpricedBuckets()).containsExactly(Bucket.TOOL_WEB_SEARCH);
      assertThat(priced.reason()).isEqualTo("no rate for tool.web_search");
    }

    @Test
    void bug22_hugeCounts_doNotOverflow() {
      Priced priced = price(WRITER, usage(Bucket.OUTPUT_TEXT, Long.MAX_VALUE));

      assertThat(priced.cost()).isEqualByComparingTo("184467440737095.51614");
    }

    @Test
    void bug24_applicationCacheHit_isNotPricedAsACall() {
      // The provider saw nothing: no token, and no request to charge a fee for.
      Usage hit = usage(Bucket.INPUT_UNCACHED, 0, Bucket.OUTPUT_TEXT, 0, Bucket.REQUEST, 0);

      assertThat(price("reader-1", hit).cost()).isEqualByComparingTo("0");
      assertThat(price("reader-1", usage(Bucket.INPUT_UNCACHED, 0)).cost())
          .isEqualByComparingTo("0.005");
      assertThat(Pricer.price(CATALOGUE, request("reader-1", null)).cost()).isNull();
    }
  }

  @Nested
  class Names {
    @Test
    void bug05_unknownModel_isNullNeverZero() {
      Priced priced = price("nobody-knows", usage(Bucket.INPUT_UNCACHED, 1_000));

      assertThat(priced.status()).isEqualTo(PriceStatus.UNKNOWN_MODEL);
      assertThat(priced.cost()).isNull();
      assertThat(priced.unpricedTokens()).isEqualTo(1_000);
    }

    @Test
    void bug06_unknownModelOrProvider_getsNoInventedDefaultPrice() {
      Catalogue curated = CuratedCatalogue.load();
      for (RateCard card : curated.cards()) {
        Priced priced =
            Pricer.price(
                curated,
                new PricingRequest(
                    card.surface(),
                    card.canonicalModel() + "-nobody-sells",
                    null,
                    null,
                    null,
                    usage(Bucket.INPUT_UNCACHED, 1_000),
                    NOW));
        assertThat(priced.cost()).as(card.canonicalModel()).isNull();
      }
    }

    @Test
    void bug07_prefixesDatesAliasesAndDeployments_areOneModel() {
      for (String name :
          List.of(
              "us.writer-1.5",
              "Writer-1.5@20251001",
              "writer-1.5[1m]",
              "writer-1.5-20251001",
              "writer-1.5-2025-10-01",
              "models/writer-1.5",
              "publishers/acme/models/writer-1.5",
              "openai/writer-1.5",
              "litellm_proxy/writer-1.5",
              "writer-latest",
              "Prod-Deployment")) {
        assertThat(CATALOGUE.resolve("acme", name).canonicalModel()).as(name).isEqualTo(WRITER);
      }
    }

    @Test
    void bug18_dotsAreDots_andTheOrderOfPatternsIsIrrelevant() {
      assertThat(CATALOGUE.resolve("acme", "writer-1x5-fast").canonicalModel()).isNull();
      assertThat(CATALOGUE.resolve("acme", "my-writer-1.5-fast").canonicalModel()).isNull();
      assertThat(CATALOGUE.resolve("acme", "writer-1.5-fast").canonicalModel()).isEqualTo(WRITER);
      List<RateCard> reversed = new ArrayList<>(CATALOGUE.cards());
      Collections.reverse(reversed);
      assertThat(Catalogue.of("v1", reversed).resolve("acme", "writer-1.5-fast"))
          .isEqualTo(CATALOGUE.resolve("acme", "writer-1.5-fast"));
    }
  }

  @Nested
  class Tiers {
    @Test
    void bug08_regionalProfile_carriesItsPremium() {
      Usage usage = usage(Bucket.INPUT_UNCACHED, 1_000, Bucket.OUTPUT_TEXT, 100);

      assertThat(price("us.writer-1.5", usage).cost())
          .isEqualByComparingTo(price(WRITER, usage).cost().multiply(new BigDecimal("1.1")));
    }

    @Test
    void bug09_flexBatchAndCachedInBatch_haveTheirOwnPriceAndLongBatchHasNone() {
      Usage usage = usage(Bucket.INPUT_UNCACHED, 1_000, Bucket.CACHE_READ, 1_000);

      assertThat(price(WRITER, "flex", usage).cost()).isEqualByComparingTo("0.00275");
      assertThat(price(WRITER, "batch", usage).cost()).isEqualByComparingTo("0.0023");
      assertThat(price(WRITER, "batch", usage(Bucket.INPUT_UNCACHED, 200_001)).cost()).isNull();
      Priced unknownWrite = price(WRITER, "batch", usage(Bucket.CACHE_WRITE_5M, 10));
      assertThat(unknownWrite.cost()).isNull();
      assertThat(CATALOGUE.resolve("acme", "writer-1.5:batch").serviceTier())
          .isEqualTo(ServiceTier.BATCH);
    }

    @Test
    void bug10_contextBoundary_followsItsOperator() {
      assertThat(perMillion(WRITER, 199_999)).isEqualByComparingTo("4");
      assertThat(perMillion(WRITER, 200_000)).isEqualByComparingTo("4");
      assertThat(perMillion(WRITER, 200_001)).isEqualByComparingTo("8");
      assertThat(perMillion("reader-1", 127_999)).isEqualByComparingTo("1");
      assertThat(perMillion("reader-1", 128_000)).isEqualByComparingTo("3");
      assertThat(perMillion("reader-1", 128_001)).isEqualByComparingTo("3");
    }

    @Test
    void bug11_missingTier_doesNotFallBackToStandard() {
      for (String tier : List.of("priority", "provisioned", "turbo")) {
        Priced priced = price(WRITER, tier, usage(Bucket.INPUT_UNCACHED, 10));

        assertThat(priced.cost()).as(tier).isNull();
        assertThat(priced.reason()).contains("no card for service tier " + tier);
      }
    }

    private BigDecimal perMillion(String model, long input) {
      return price(model, usage(Bucket.INPUT_UNCACHED, input)).lines().get(0).rateAmount();
    }
  }

  @Nested
  class Catalogues {
    @Test
    void bug13_history_keepsThePriceOfItsDay() {
      Usage usage = usage(Bucket.INPUT_UNCACHED, 1_000_000 / 8);

      assertThat(priceAt("2026-08-20T23:59:59.999999Z", usage).cost())
          .isEqualByComparingTo("0.625");
      assertThat(priceAt("2026-08-21T00:00:00Z", usage).cost()).isEqualByComparingTo("0.5");
    }

    @Test
    void bug20_unitMixUp_isCaughtAtImport() {
      String map =
          "{\"m\":{\"litellm_provider\":\"openai\",\"input_cost_per_token\":%s,"
              + "\"output_cost_per_token\":%s}}";
      Catalogue before =
          LiteLlmImporter.read("v1", "map", map.formatted("1.5e-07", "6e-07")).catalogue();
      Catalogue mixedUp =
          LiteLlmImporter.read("v2", "map", map.formatted("0.00015", "0.0006")).catalogue();

      assertThat(
              ImportGates.check(mixedUp, before, new GatePolicy(List.of(), List.of(), NOW))
                  .quarantined())
          .extracting(Quarantined::reason)
          .containsExactly(Quarantined.Reason.JUMP);
    }

    @Test
    void bug21_floatNoiseInRates_survivesParsingExactly() {
      Catalogue catalogue =
          LiteLlmImporter.read(
                  "v",
                  "map",
                  "{\"m\":{\"litellm_provider\":\"openai\","
                      + "\"input_cost_per_token\":0.0000029999900000000002}}")
              .catalogue();

      assertThat(
              Pricer.price(
                      catalogue,
                      new PricingRequest(
                          "openai", "m", null, null, null, usage(Bucket.INPUT_UNCACHED, 3), NOW))
                  .cost())
          .isEqualByComparingTo("0.0000089999700000000006");
      assertThatThrownBy(
              () ->
                  CatalogueReader.read(
                      "v",
                      "p.yaml",
                      PRICES.replace("in.text.uncached: 5,", "in.text.uncached: 5e0,")))
          .isInstanceOf(CatalogueException.class);
    }
  }

  private static Priced price(String model, Usage usage) {
    return price(model, null, usage);
  }

  private static Priced price(String model, @Nullable String tier, Usage usage) {
    return Pricer.price(CATALOGUE, new PricingRequest("acme", model, null, null, tier, usage, NOW));
  }

  private static Priced priceAt(String at, Usage usage) {
    return Pricer.price(
        CATALOGUE, new PricingRequest("acme", WRITER, null, null, null, usage, Instant.parse(at)));
  }

  private static PricingRequest request(String model, @Nullable Usage usage) {
    return new PricingRequest("acme", model, null, null, null, usage, NOW);
  }

  private static Usage usage(Object... bucketsAndCounts) {
    Map<Bucket, Long> counts = new EnumMap<>(Bucket.class);
    for (int i = 0; i < bucketsAndCounts.length; i += 2) {
      counts.put((Bucket) bucketsAndCounts[i], ((Number) bucketsAndCounts[i + 1]).longValue());
    }
    return new Usage(counts);
  }
}
