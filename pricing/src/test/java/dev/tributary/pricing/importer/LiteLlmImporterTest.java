package dev.tributary.pricing.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.CatalogueException;
import dev.tributary.pricing.InclusiveUsage;
import dev.tributary.pricing.PriceStatus;
import dev.tributary.pricing.Priced;
import dev.tributary.pricing.PricingRequest;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.TestData;
import dev.tributary.pricing.Usage;
import dev.tributary.pricing.UsageResult;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiteLlmImporterTest {
  private static final String MAP =
      """
      {'sample_spec': {'input_cost_per_token': 0.0, 'litellm_provider': 'one of'},
       'gemini/g-1': {'litellm_provider': 'gemini', 'input_cost_per_token': 2e-06,
         'input_cost_per_token_above_200k_tokens': 4e-06, 'output_cost_per_token': 1.2e-05,
         'input_cost_per_token_batches': 1e-06, 'input_cost_per_token_priority': 3.6e-06,
         'input_cost_per_token_above_200k_tokens_priority': 7.2e-06,
         'search_context_cost_per_query': {'low': 0.014, 'high': 0.014}},
       'xai/x-1': {'litellm_provider': 'xai', 'input_cost_per_token': 1e-06,
         'input_cost_per_token_above_200k_tokens': 2e-06},
       'c-1': {'litellm_provider': 'anthropic', 'input_cost_per_token': 0.0000029999900000000002,
         'cache_creation_input_token_cost': 3.75e-06,
         'cache_creation_input_token_cost_above_1hr': 6e-06},
       'eu.anthropic.c-1': {'litellm_provider': 'bedrock', 'input_cost_per_token': 3.3e-06},
       'anthropic.c-1': {'litellm_provider': 'bedrock', 'input_cost_per_token': 3e-06},
       'far': {'litellm_provider': 'openai', 'input_cost_per_token': 2e-06,
         'output_cost_per_token': 8e-06, 'search_context_cost_per_query': {'low': 0.01},
         'regional_processing_uplift_multiplier_eu': 1.1,
         'provider_specific_entry': {'fast': 6.0, 'priority': 2.0, 'moon': 3.0}},
       'xai/x-2': {'litellm_provider': 'xai', 'input_cost_per_token': 1e-06,
         'input_cost_per_token_above_200k_tokens': 2e-06, 'input_cost_per_token_batches': 5e-07},
       'azure/eu/d-1': {'litellm_provider': 'azure', 'input_cost_per_token': 1.1e-06},
       'azure/d-1': {'litellm_provider': 'azure', 'input_cost_per_token': 1e-06,
         'regional_processing_uplift_multiplier_us': 1.2},
       'azure/eu/d-2': {'litellm_provider': 'azure', 'input_cost_per_token': 1e-06,
         'regional_processing_uplift_multiplier_us': 1.2},
       'vertex_ai/v-1': {'litellm_provider': 'vertex_ai-language-models',
         'input_cost_per_token': 1e-06},
       'whisper': {'litellm_provider': 'openai', 'output_cost_per_second': 0.5,
         'input_cost_per_second': 0.25},
       'whisper-2': {'litellm_provider': 'openai', 'input_cost_per_second': 0.25,
         'output_cost_per_second': 0.5},
       'sized': {'litellm_provider': 'openai', 'input_cost_per_token': 1e-06,
         'search_context_cost_per_query': {'low': 0.01, 'high': 0.02},
         'input_cost_per_step': 0, 'output_cost_per_token': null},
       'openai/sized': {'litellm_provider': 'openai', 'input_cost_per_token': 9e-06},
       'nobody': {'input_cost_per_token': 1e-06},
       'gift': {'litellm_provider': 'openai', 'input_cost_per_token': 0},
       'steps': {'litellm_provider': 'openai', 'input_cost_per_step': 1e-08}}
      """
          .replace('\'', '"');

  private final PriceBook book = LiteLlmImporter.read("v", "map.json", MAP);

  @ParameterizedTest
  @CsvSource({
    "gemini, g-1,, 1000, 0.002",
    "gcp.gemini, gemini/g-1,, 200000, 0.4",
    "gemini, g-1,, 200001, 0.800004",
    "gemini, g-1, batch, 1000, 0.001",
    "gemini, g-1, priority, 200001, 1.4400072",
    "gemini, g-1, batch, 200000, 0.2",
    "xai, x-2, batch, 199999, 0.0999995",
    "openai, far, fast, 1000, 0.012",
    "openai, far, priority, 1000, 0.004",
    "azure, eu/d-1,, 1000, 0.0011",
    "azure, d-1,, 1000, 0.001",
    "azure, eu/d-2,, 1000, 0.001",
    "vertex_ai, v-1,, 1000, 0.001",
    "openai, sized,, 1000, 0.001",
    "xai, x-1,, 199999, 0.199999",
    "xai, x-1,, 200000, 0.4",
    "anthropic, c-1,, 1, 0.0000029999900000000002",
    "aws.bedrock, eu.anthropic.c-1,, 10, 0.000033",
    "aws.bedrock, anthropic.c-1,, 10, 0.00003",
    "aws.bedrock, us.anthropic.c-1,, 10, 0.00003"
  })
  void price_field_becomesTheCard(
      String provider, String model, @Nullable String tier, long input, BigDecimal expected) {
    assertThat(price(provider, model, tier, input, null).cost()).isEqualByComparingTo(expected);
  }

  @Test
  void price_bucketWithoutAFieldOfItsTier_isNotGuessed() {
    Priced priced = price("gemini", "g-1", "batch", 1_000, 10L);

    assertThat(priced.status()).isEqualTo(PriceStatus.PARTIAL);
    assertThat(priced.cost()).isEqualByComparingTo("0.001");
  }

  /** Half of the small price would be half the bill. */
  @ParameterizedTest
  @CsvSource({"gemini, g-1, batch, 200001", "xai, x-2, batch, 200000"})
  void price_tierBeyondAnInputSizeThatItDoesNotState_isUnknown(
      String provider, String model, String tier, long input) {
    assertThat(price(provider, model, tier, input, null).cost()).isNull();
  }

  @ParameterizedTest
  @CsvSource({", 0.012, 0.02", "eu, 0.0132, 0.02", "us, 0.012, 0.02"})
  void price_ofARegion_raisesTokensAndNoFees(
      @Nullable String region, BigDecimal tokens, BigDecimal searches) {
    PricingRequest request =
        new PricingRequest(
            null, "far", null, region, null, null, Instant.parse("2026-01-01T12:00:00Z"));

    Priced priced =
        book.price(
            "openai",
            request,
            Usage.fromInclusive(InclusiveUsage.text(2_000L, null, null, 1_000L, null)),
            UnitCounts.of(Map.of(Bucket.TOOL_WEB_SEARCH, new BigDecimal(2))));

    assertThat(priced.cost()).isEqualByComparingTo(tokens.add(searches));
  }

  /** A region raises what a tier costs, too. */
  @Test
  void price_ofARegionAndATier_isRaisedByBoth() {
    PricingRequest request =
        new PricingRequest(
            null, "far", null, "eu", "fast", null, Instant.parse("2026-01-01T12:00:00Z"));

    Priced priced =
        book.price(
            "openai",
            request,
            Usage.fromInclusive(InclusiveUsage.text(1_000L, null, null, null, null)),
            UnitCounts.none());

    assertThat(priced.cost()).isEqualByComparingTo("0.0132");
  }

  /** Of two fields for one bucket the order of the file must not decide. */
  @ParameterizedTest
  @ValueSource(strings = {"whisper", "whisper-2"})
  void price_severalFieldsForSeconds_inputBeforeOutput(String model) {
    PricingRequest request =
        new PricingRequest(
            null, model, null, null, null, null, Instant.parse("2026-01-01T12:00:00Z"));

    Priced priced =
        book.price(
            "openai",
            request,
            new UsageResult.Missing(),
            UnitCounts.of(Map.of(Bucket.SECONDS, BigDecimal.TEN)));

    assertThat(priced.cost()).isEqualByComparingTo("2.5");
  }

  @Test
  void read_withZeros_modelThatCostsNothingIsFree() {
    PriceBook zeros = LiteLlmImporter.read("v", "map.json", MAP, true);

    assertThat(zeros.catalogue().cards())
        .filteredOn(RateCard::free)
        .extracting(RateCard::canonicalModel)
        .containsExactly("gift");
    assertThat(zeros.leftOut()).doesNotContain("gift: every price is 0");
  }

  @Test
  void read_whatNoCardCanSay_isListed() {
    assertThat(book.leftOut())
        .containsExactly(
            "far: no rule for provider_specific_entry.moon",
            "sized: searches cost by their size",
            "openai/sized: another entry has the same provider, model and region",
            "nobody: no provider",
            "gift: every price is 0",
            "steps: no bucket for input_cost_per_step",
            "steps: no price");
    assertThat(price("openai", "gift", null, 1, null).cost()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "'[]'",
    "'{'",
    "'{\"m\":{\"litellm_provider\":\"p\",\"input_cost_per_token\":\"1\"}}'"
  })
  void read_wrongMap_isRefused(String json) {
    assertThatThrownBy(() -> LiteLlmImporter.read("v", "map.json", json))
        .isInstanceOf(CatalogueException.class)
        .hasMessageContaining("map.json");
  }

  @Test
  void read_publishedExcerpt_hasCards() {
    PriceBook excerpt =
        LiteLlmImporter.read("2026-07-24", "litellm", TestData.read("pricing/litellm-sample.json"));

    assertThat(excerpt.catalogue().cards()).hasSizeGreaterThan(99);
    assertThat(excerpt.catalogue().surfaces())
        .contains("openai", "anthropic", "aws.bedrock", "gcp.vertex_ai", "gcp.gemini", "x_ai");
  }

  private Priced price(
      String provider, String model, @Nullable String tier, long input, @Nullable Long output) {
    PricingRequest request =
        new PricingRequest(
            null, model, null, null, tier, null, Instant.parse("2026-01-01T12:00:00Z"));
    return book.price(
        provider,
        request,
        Usage.fromInclusive(InclusiveUsage.text(input, null, null, output, null)),
        UnitCounts.none());
  }
}
