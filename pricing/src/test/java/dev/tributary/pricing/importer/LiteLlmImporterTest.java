package dev.tributary.pricing.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.pricing.CatalogueException;
import dev.tributary.pricing.InclusiveUsage;
import dev.tributary.pricing.PriceStatus;
import dev.tributary.pricing.Priced;
import dev.tributary.pricing.PricingRequest;
import dev.tributary.pricing.TestData;
import dev.tributary.pricing.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @Test
  void read_whatNoCardCanSay_isListed() {
    assertThat(book.leftOut())
        .containsExactly(
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
