package dev.tributary.normalize.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.schemas.UsageConvention;
import org.jspecify.annotations.Nullable;

/** What AI SDK's {@code ai.response.providerMetadata} says beyond the common attributes. */
record ProviderMetadata(
    @Nullable Long uncachedInput,
    @Nullable Long cacheRead,
    @Nullable Long cacheWrite,
    @Nullable Long cacheWrite5m,
    @Nullable Long cacheWrite1h,
    @Nullable Long reasoning,
    @Nullable Long total,
    @Nullable String responseId,
    @Nullable String serviceTier,
    Units units) {
  /** Nothing said. */
  static final ProviderMetadata NONE =
      new ProviderMetadata(null, null, null, null, null, null, null, null, null, Units.NONE);

  static ProviderMetadata of(Facts facts) {
    JsonNode root = Json.tree(facts.text(Attr.AI_RESPONSE_PROVIDER_METADATA));
    if (root == null || !root.isObject()) {
      return NONE;
    }
    JsonNode anthropic = root.path("anthropic");
    JsonNode usage = anthropic.path("usage");
    JsonNode writes = usage.path("cache_creation");
    Long written = count(usage.path("cache_creation_input_tokens"));
    Long read = count(usage.path("cache_read_input_tokens"));
    // Before version 5 the provider's own object is not there.
    read = read == null ? count(anthropic.path("cacheReadInputTokens")) : read;
    Long thought = null;
    Long total = null;
    String responseId = null;
    String tier = word(usage.path("service_tier"));
    Units units = Units.NONE;
    for (JsonNode provider : root) {
      responseId = responseId == null ? word(provider.path("responseId")) : responseId;
      tier = tier == null ? word(provider.path("serviceTier")) : tier;
      read = read == null ? count(provider.path("cachedPromptTokens")) : read;
      read = read == null ? count(provider.path("promptCacheHitTokens")) : read;
      thought = thought == null ? count(provider.path("reasoningTokens")) : thought;
      JsonNode camel = provider.path("usage");
      read = read == null ? count(camel.path("cacheReadInputTokens")) : read;
      written = written == null ? count(camel.path("cacheWriteInputTokens")) : written;
      total = total == null ? count(camel.path("totalTokens")) : total;
      units = units.or(Units.of(camel));
      JsonNode google = provider.path("usageMetadata");
      read = read == null ? count(google.path("cachedContentTokenCount")) : read;
      thought = thought == null ? count(google.path("thoughtsTokenCount")) : thought;
    }
    return new ProviderMetadata(
        count(usage.path("input_tokens")),
        read,
        written == null ? count(anthropic.path("cacheCreationInputTokens")) : written,
        count(writes.path("ephemeral_5m_input_tokens")),
        count(writes.path("ephemeral_1h_input_tokens")),
        thought,
        total,
        responseId,
        tier,
        units);
  }

  /** What Anthropic's own input, which never holds cached tokens, proves; null: nothing. */
  @Nullable UsageConvention conventionOf(TokenCounts counts) {
    if (uncachedInput == null || counts.input == null || counts.cached() == 0) {
      return null;
    }
    if (counts.input.equals(uncachedInput)) {
      return UsageConvention.EXCLUSIVE;
    }
    return counts.input == uncachedInput + counts.cached() ? UsageConvention.INCLUSIVE : null;
  }

  private static @Nullable Long count(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : null;
  }

  private static @Nullable String word(JsonNode node) {
    String text = node.textValue();
    return text != null && Coercion.isWord(text, Coercion.MAX_IDENTIFIER) ? text : null;
  }
}
