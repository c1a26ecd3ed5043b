package dev.tributary.standalone.prices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.normalize.reply.ReplyReading;
import dev.tributary.normalize.reply.ReplyTokens;
import dev.tributary.normalize.reply.ReplyUsage;
import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.CatalogueReader;
import dev.tributary.pricing.CostLine;
import dev.tributary.pricing.InclusiveUsage;
import dev.tributary.pricing.PriceStatus;
import dev.tributary.pricing.Priced;
import dev.tributary.pricing.Pricer;
import dev.tributary.pricing.PricingRequest;
import dev.tributary.pricing.Rate;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.Usage;
import dev.tributary.pricing.UsageResult;
import dev.tributary.pricing.curated.CuratedCatalogue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Twenty-four mistakes that public cost calculators have made, one test each; some of them in
 * {@link KnownPriceListBugsTest} and {@link KnownLedgerBugsTest}. The number is that of the list
 * they were collected in.
 */
class KnownBugsTest {
  static final String PRICES =
      """
      surface: acme
      sources: {list: {name: list, retrieved: 2026-11-01}}
      models:
        - model: writer-1.5
          aliases: [writer-latest]
          patterns: [{glob: "writer-1.5-*", priority: 1}]
          priced_as: {out.reasoning: out.text}
          cards:
            - {until: 2026-08-21, source: list, rates: {in.text.uncached: 5, in.cache_read: 0.5, in.cache_write_5m: 6.25, in.cache_write_1h: 10, out.text: 30}}
            - {from: 2026-08-21, source: list, uplifts: {us: 1.1}, rates: {in.text.uncached: 4, in.cache_read: 0.4, in.cache_write_5m: 5, in.cache_write_1h: 8, out.text: 20}}
            - {from: 2026-08-21, context: "> 200000", source: list, rates: {in.text.uncached: 8, in.cache_read: 0.8, in.cache_write_5m: 10, out.text: 30}}
            - {tier: batch, up_to: 200000, source: list, rates: {in.text.uncached: 2, in.cache_read: 0.3, out.text: 10}}
            - {tier: flex, source: list, rates: {in.text.uncached: 2.5, in.cache_read: 0.25, out.text: 12}}
        - model: reader-1
          patterns: [{glob: "writer-1.5-*-preview", priority: 2}, {glob: "reader-*-mini", priority: 1}]
          cards:
            - {source: list, rates: {in.text.uncached: 1, out.text: 2, request: {amount: 5, per: 1000}}}
            - {context: ">= 128000", source: list, rates: {in.text.uncached: 3, out.text: 2}}
      overrides:
        - {surface: acme, name: Prod-Deployment, model: writer-1.5}
      """;

  static final Catalogue CATALOGUE = CatalogueReader.read("v1", "prices.yaml", PRICES);
  static final Instant NOW = Instant.parse("2026-11-12T12:00:00Z");
  static final String WRITER = "writer-1.5";

  @Nested
  class Counting {
    @Test
    void bug01_anthropicCacheWrite_isChargedOnce() {
      Usage ofReply =
          reply(
              "anthropic",
              "{'usage':{'input_tokens':3,'cache_creation_input_tokens':1000,'cache_creation':"
                  + "{'ephemeral_5m_input_tokens':400,'ephemeral_1h_input_tokens':600},"
                  + "'output_tokens':0}}");
      UsageResult ofTotals =
          Usage.fromInclusive(
              new InclusiveUsage(
                  1_003L, null, 1_000L, 400L, 600L, null, null, null, null, null, 0L, null, null,
                  null, Map.of()));

      // Of the total only the part of an hour is told apart: the rest is of five minutes.
      Usage ofTotalAndPart =
          reply(
              "anthropic",
              "{'usage':{'input_tokens':3,'cache_creation_input_tokens':1000,'cache_creation':"
                  + "{'ephemeral_1h_input_tokens':600},'output_tokens':0}}");

      for (Usage usage : List.of(ofReply, ofTotalAndPart, ((UsageResult.Valid) ofTotals).usage())) {
        Priced priced = price(WRITER, usage);
        assertThat(priced.cost()).isEqualByComparingTo("0.006812");
        assertThat(priced.lines()).extracting(CostLine::quantity).containsExactly(3L, 400L, 600L);
      }
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
      for (String body :
          List.of(
              "{'usage':{'input_tokens':10,'cache_read_input_tokens':1000,'output_tokens':0}}",
              "{'usage':{'inputTokens':10,'cacheReadInputTokens':1000,'outputTokens':0}}")) {
        Usage usage = reply("aws.bedrock", body);

        assertThat(usage.count(Bucket.INPUT_UNCACHED)).as(body).isEqualTo(10);
        assertThat(price(WRITER, usage).cost()).as(body).isEqualByComparingTo("0.00044");
      }
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
      String openAi =
          "{'usage':{'prompt_tokens':1000,'completion_tokens':0,"
              + "'prompt_tokens_details':{'cached_tokens':900}}}";
      Map<String, String> replies = new HashMap<>();
      for (String provider : List.of("openai", "azure.ai.openai", "fireworks_ai", "groq", "x_ai")) {
        replies.put(provider, openAi);
      }
      replies.put(
          "deepseek",
          "{'usage':{'prompt_tokens':1000,'completion_tokens':0,'prompt_cache_hit_tokens':900,"
              + "'prompt_cache_miss_tokens':100}}");
      replies.put(
          "moonshot_ai",
          "{'usage':{'prompt_tokens':1000,'completion_tokens':0,'cached_tokens':900}}");
      replies.put(
          "gcp.gemini",
          "{'usageMetadata':{'promptTokenCount':1000,'candidatesTokenCount':0,"
              + "'cachedContentTokenCount':900}}");
      replies.put(
          "anthropic",
          "{'usage':{'input_tokens':100,'cache_read_input_tokens':900,'output_tokens':0}}");
      replies.put(
          "aws.bedrock",
          "{'usage':{'inputTokens':100,'cacheReadInputTokens':900,'outputTokens':0}}");
      replies.forEach(
          (provider, body) ->
              assertThat(price(WRITER, reply(provider, body)).cost())
                  .as(provider)
                  .isEqualByComparingTo("0.00076"));
    }

    @Test
    void bug12_cachedRateOfEveryCuratedCard_isTheOneThatIsBilled() {
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
      String stream =
          "data: {\"model\":\"writer-1.5\",\"choices\":[{\"delta\":{\"content\":\"hi\"}}],"
              + "\"usage\":null}\n\n"
              + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
              + "data: [DONE]\n\n";

      assertThat(ReplyUsage.read("openai", "chat", stream))
          .isInstanceOf(ReplyReading.NoUsage.class);
      for (Priced priced :
          List.of(
              Pricer.price(CATALOGUE, request(WRITER, null), new UsageResult.Missing()),
              Pricer.price(CATALOGUE, request(WRITER, new Usage(Map.of()))),
              Pricer.price(CATALOGUE, request(WRITER, null)))) {
        assertThat(priced.status()).isEqualTo(PriceStatus.NO_USAGE);
        assertThat(priced.cost()).isNull();
      }
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
      // This product comes out of 64 bits as 20, which looks like a price.
      assertThat(price(WRITER, usage(Bucket.OUTPUT_TEXT, (1L << 62) + 1)).cost())
          .isEqualByComparingTo("92233720368547.7581");
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
      assertThat(CATALOGUE.resolve("acme", "reader-2-minimal").canonicalModel()).isNull();
      assertThat(CATALOGUE.resolve("acme", "reader-2").canonicalModel()).isNull();
      assertThat(CATALOGUE.resolve("acme", "reader-2-mini").canonicalModel()).isEqualTo("reader-1");
      List<RateCard> reversed = new ArrayList<>(CATALOGUE.cards());
      Collections.reverse(reversed);
      for (Catalogue catalogue : List.of(CATALOGUE, Catalogue.of("v1", reversed))) {
        assertThat(catalogue.resolve("acme", "writer-1.5-x-preview").canonicalModel())
            .isEqualTo("reader-1");
      }
    }
  }

  static Priced price(String model, Usage usage) {
    return price(model, null, usage);
  }

  static Priced price(String model, @Nullable String tier, Usage usage) {
    return Pricer.price(CATALOGUE, new PricingRequest("acme", model, null, null, tier, usage, NOW));
  }

  private static PricingRequest request(String model, @Nullable Usage usage) {
    return new PricingRequest("acme", model, null, null, null, usage, NOW);
  }

  /** The disjoint counts of a provider's reply. */
  private static Usage reply(String provider, String body) {
    ReplyReading reading = ReplyUsage.read(provider, null, body.replace('\'', '"'));
    assertThat(reading).as(body).isInstanceOf(ReplyReading.Counted.class);
    ReplyTokens tokens = ((ReplyReading.Counted) reading).tokens();
    Map<Bucket, Long> counts = new EnumMap<>(Bucket.class);
    put(counts, Bucket.INPUT_UNCACHED, tokens.inputUncached());
    put(counts, Bucket.CACHE_READ, tokens.cacheRead());
    put(counts, Bucket.CACHE_WRITE_5M, tokens.cacheWrite5m());
    put(counts, Bucket.CACHE_WRITE_1H, tokens.cacheWrite1h());
    put(counts, Bucket.OUTPUT_TEXT, tokens.outputText());
    return new Usage(counts);
  }

  private static void put(Map<Bucket, Long> counts, Bucket bucket, @Nullable Long count) {
    if (count != null) {
      counts.put(bucket, count);
    }
  }

  static Usage usage(Object... bucketsAndCounts) {
    Map<Bucket, Long> counts = new EnumMap<>(Bucket.class);
    for (int i = 0; i < bucketsAndCounts.length; i += 2) {
      counts.put((Bucket) bucketsAndCounts[i], ((Number) bucketsAndCounts[i + 1]).longValue());
    }
    return new Usage(counts);
  }
}
