package dev.tributary.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelResolutionTest {

  private static final Catalogue CATALOGUE =
      Catalogue.of(
          "v1",
          List.of(
              model("anthropic", "claude-sonnet-4-5").alias("claude-sonnet-4.5").build(),
              model("aws.bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0").build(),
              model("gcp.vertex_ai", "gemini-2.5-pro").build(),
              model("groq", "openai/gpt-oss-120b").build(),
              model("openai", "gpt-4o").names(List.of(ModelName.not("gpt-4o-2024-05-13"))).build(),
              model("openai", "gpt-5.4")
                  .names(
                      List.of(
                          ModelName.pattern("gpt-5.4-preview-*", 1),
                          ModelName.pattern("ft:gpt-5.4*", 9)))
                  .build(),
              model("openrouter", "meta/llama-4").build(),
              model("azure.ai.openai", "gpt-4o").build()),
          List.of(
              new ModelOverride("azure.ai.openai", "Chat-Prod", "gpt-4o"),
              new ModelOverride("openai", "gpt-5.4", "gpt-4o")));

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "anthropic, claude-sonnet-4-5, claude-sonnet-4-5, EXACT, -, -",
        "anthropic, claude-sonnet-4.5, claude-sonnet-4-5, ALIAS, -, -",
        "anthropic, claude-sonnet-4-5-20250929, claude-sonnet-4-5, CANONICAL, -, -",
        "anthropic, claude-sonnet-4-5@20250929, claude-sonnet-4-5, CANONICAL, -, -",
        "anthropic, claude-sonnet-4-5[1m], claude-sonnet-4-5, CANONICAL, -, -",
        "anthropic, Claude Sonnet 4.5, claude-sonnet-4-5, CANONICAL, -, -",
        "anthropic, anthropic/claude-sonnet-4-5-20250929, claude-sonnet-4-5, CANONICAL, -, -",
        "anthropic, litellm_proxy/anthropic/claude-sonnet-4-5, claude-sonnet-4-5, CANONICAL, -, -",
        "anthropic, claude-sonnet-4-5:batch, claude-sonnet-4-5, CANONICAL, -, BATCH",
        "anthropic, claude-sonnet-4-6, -, UNKNOWN, -, -",
        "anthropic, claude-sonnet-4-5-99999999, -, UNKNOWN, -, -",
        "aws.bedrock, us.anthropic.claude-sonnet-4-5-20250929-v1:0, anthropic.claude-sonnet-4-5-20250929-v1:0, CANONICAL, US, -",
        "aws.bedrock, us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0, anthropic.claude-sonnet-4-5-20250929-v1:0, CANONICAL, US_GOV, -",
        "aws.bedrock, bedrock/eu.anthropic.claude-sonnet-4-5-20250929-v1:0, anthropic.claude-sonnet-4-5-20250929-v1:0, CANONICAL, EU, -",
        "aws.bedrock, arn:aws:bedrock:us-east-1:1:inference-profile/global.anthropic.claude-sonnet-4-5-20250929-v1:0, anthropic.claude-sonnet-4-5-20250929-v1:0, CANONICAL, GLOBAL, -",
        "gcp.vertex_ai, models/gemini-2.5-pro, gemini-2.5-pro, CANONICAL, -, -",
        "gcp.vertex_ai, publishers/google/models/gemini-2.5-pro, gemini-2.5-pro, CANONICAL, -, -",
        "gcp.vertex_ai, projects/p/locations/l/publishers/google/models/gemini-2.5-pro@default, gemini-2.5-pro, CANONICAL, -, -",
        "groq, openai/gpt-oss-120b, openai/gpt-oss-120b, EXACT, -, -",
        "groq, groq/openai/gpt-oss-120b, openai/gpt-oss-120b, CANONICAL, -, -",
        "openai, gpt-4o-2024-08-06, gpt-4o, CANONICAL, -, -",
        "openai, gpt-4o-2024-05-13, -, EXCLUDED, -, -",
        "openai, gpt-4o-mini, -, UNKNOWN, -, -",
        "openai, gpt-5.4-preview-x, gpt-5.4, PATTERN, -, -",
        "openai, gpt-5x4-preview-x, -, UNKNOWN, -, -",
        "openai, ft:gpt-5.4:acme, gpt-5.4, PATTERN, -, -",
        "openrouter, meta/llama-4:free, meta/llama-4, CANONICAL, -, FREE",
        "azure.ai.openai, Chat-Prod, gpt-4o, OVERRIDE, -, -",
        "azure.ai.openai, chat-prod, -, UNKNOWN, -, -",
        "openai, gpt-5.4, gpt-4o, OVERRIDE, -, -",
        "nobody, gpt-4o, -, UNKNOWN, -, -"
      })
  void resolve_rawName_saysWhichStepDecided(
      String surface,
      String raw,
      String canonical,
      ModelStep step,
      RegionScope region,
      ServiceTier tier) {
    assertThat(CATALOGUE.resolve(surface, raw))
        .isEqualTo(new ModelResolution(canonical, region, tier, step));
  }

  @Test
  void resolve_sameNameTwice_isRememberedEvenWhenUnknown() {
    ModelResolution first = CATALOGUE.resolve("openai", "never-heard-of");

    assertThat(CATALOGUE.resolve("openai", "never-heard-of")).isSameAs(first);
  }

  @Test
  void resolve_endlessInventedNames_keepsTheCacheBounded() {
    SurfaceIndex index =
        new SurfaceIndex("openai", List.of(model("openai", "gpt-4o").build()), java.util.Map.of());

    for (int i = 0; i < 25_000; i++) {
      index.resolve("invented-" + i);
    }

    assertThat(index.cachedNames()).isBetween(1, 10_000);
    assertThat(index.resolve("gpt-4o").resolution().canonicalModel()).isEqualTo("gpt-4o");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "openai, openai",
        "OpenAI, openai",
        "azure.ai.openai, azure.ai.openai",
        "az.ai.openai, azure.ai.openai",
        "x_ai, x_ai",
        "xai, x_ai",
        "aws.bedrock, aws.bedrock",
        "gcp.vertex_ai, gcp.vertex_ai",
        "vertex_ai, gcp.vertex_ai",
        "gemini, gcp.gemini",
        "my-openai, -",
        "openai2, -",
        "-, -",
        "house-gateway, gateway"
      })
  void surfaceOf_provider_isLookedUpNeverGuessed(String provider, String surface) {
    SurfaceTable table = SurfaceTable.standard(java.util.Map.of("House-Gateway", "gateway"));

    assertThat(table.surfaceOf(provider)).isEqualTo(surface);
  }

  private static RateCardBuilder model(String surface, String model) {
    return RateCard.builder(surface, model).rate(Bucket.INPUT_UNCACHED, "1");
  }
}
