package dev.tributary.pricing;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who bills for a call, from what telemetry calls the provider. Explicit on purpose: matching parts
 * of names takes {@code azure.ai.openai} for {@code openai}, which has other prices.
 */
public final class SurfaceTable {

  private static final Map<String, String> STANDARD = standard();

  private final Map<String, String> surfaces;

  private SurfaceTable(Map<String, String> surfaces) {
    this.surfaces = surfaces;
  }

  /** The table of well-known provider names and their common older spellings. */
  public static SurfaceTable standard(Map<String, String> additions) {
    Map<String, String> all = new HashMap<>(STANDARD);
    additions.forEach((provider, surface) -> all.put(provider.toLowerCase(Locale.ROOT), surface));
    return new SurfaceTable(Map.copyOf(all));
  }

  /**
   * The surface of a provider name, in any case.
   *
   * @return null where the name is absent or unknown: the call is then {@link
   *     PriceStatus#UNKNOWN_SURFACE}
   */
  public @Nullable String surfaceOf(@Nullable String provider) {
    if (provider == null) {
      return null;
    }
    String surface = surfaces.get(provider);
    return surface != null ? surface : surfaces.get(provider.strip().toLowerCase(Locale.ROOT));
  }

  /** Every provider name the standard table knows, lower case. */
  static Set<String> providerNames() {
    return STANDARD.keySet();
  }

  private static Map<String, String> standard() {
    Map<String, String> table = new HashMap<>();
    names(table, "openai", "open_ai");
    names(table, "anthropic", "claude");
    names(
        table,
        "azure.ai.openai",
        "azure",
        "azure_openai",
        "az.ai.openai",
        "azure-openai",
        "azure.openai");
    names(table, "azure.ai.inference", "az.ai.inference", "azure_ai", "azure_ai_inference");
    names(
        table,
        "aws.bedrock",
        "aws_bedrock",
        "bedrock",
        "bedrock_converse",
        "amazon_bedrock",
        "aws",
        "amazon-bedrock");
    names(
        table,
        "gcp.vertex_ai",
        "vertex_ai",
        "vertexai",
        "vertex",
        "google_vertexai",
        "google-vertex",
        "google.vertex");
    names(
        table,
        "gcp.gemini",
        "gemini",
        "google_genai",
        "google_ai",
        "google.generative-ai",
        "google-gla",
        "google");
    names(table, "gcp.gen_ai", "gcp_gen_ai");
    names(table, "x_ai", "xai", "x-ai", "x.ai");
    names(table, "deepseek");
    names(table, "mistral_ai", "mistralai", "mistral");
    names(table, "groq");
    names(table, "cohere");
    names(table, "perplexity");
    names(table, "moonshot_ai", "moonshotai", "moonshot");
    names(table, "minimax");
    names(table, "zhipu_ai", "zhipuai", "zai", "z-ai", "z.ai");
    names(table, "voyage_ai", "voyageai", "voyage");
    names(table, "openrouter");
    names(table, "ibm.watsonx.ai", "watsonx");
    names(table, "fireworks_ai", "fireworks");
    names(table, "together_ai", "together", "togetherai");
    names(table, "ollama");
    return Map.copyOf(table);
  }

  private static void names(Map<String, String> table, String surface, String... others) {
    table.put(surface, surface);
    for (String other : others) {
      table.put(other, surface);
    }
  }
}
