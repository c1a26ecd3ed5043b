package dev.tributary.normalize.core;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who bills a call and where it ran, as far as the server's address proves it.
 *
 * @param surface null: the address proves nothing
 * @param region null: the address names none
 */
record Endpoint(@Nullable String surface, @Nullable String region) {
  private static final Endpoint UNKNOWN = new Endpoint(null, null);

  private static final Map<String, String> HOSTS =
      Map.of(
          "api.openai.com", "openai",
          "api.anthropic.com", "anthropic",
          "generativelanguage.googleapis.com", "gcp.gemini",
          "api.deepseek.com", "deepseek",
          "api.mistral.ai", "mistral_ai",
          "api.groq.com", "groq",
          "api.x.ai", "x_ai",
          "api.perplexity.ai", "perplexity",
          "openrouter.ai", "openrouter");

  private static String host(String stated) {
    int scheme = stated.indexOf("://");
    int start = scheme < 0 ? 0 : scheme + 3;
    int end = start;
    while (end < stated.length() && ":/?#".indexOf(stated.charAt(end)) < 0) {
      end++;
    }
    return stated.substring(start, end).toLowerCase(Locale.ROOT);
  }

  private static final String BEDROCK = "bedrock-runtime.";
  private static final String AMAZON = ".amazonaws.com";
  private static final String VERTEX = "-aiplatform.googleapis.com";
  private static final String AZURE = ".openai.azure.com";

  /**
   * The endpoint of a host's name or a URL.
   *
   * @param stated null: none stated
   */
  static Endpoint of(@Nullable String stated) {
    if (stated == null) {
      return UNKNOWN;
    }
    String address = host(stated);
    String surface = HOSTS.get(address);
    if (surface != null) {
      return new Endpoint(surface, null);
    }
    if (address.startsWith(BEDROCK) && address.endsWith(AMAZON)) {
      int end = address.length() - AMAZON.length();
      boolean isRegional = end > BEDROCK.length();
      return new Endpoint(
          "aws.bedrock", isRegional ? address.substring(BEDROCK.length(), end) : null);
    }
    if (address.endsWith(VERTEX)) {
      return new Endpoint(
          "gcp.vertex_ai", address.substring(0, address.length() - VERTEX.length()));
    }
    return address.endsWith(AZURE) ? new Endpoint("azure.ai.openai", null) : UNKNOWN;
  }
}
