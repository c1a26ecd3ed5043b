package dev.tributary.normalize.reply;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who answered and through which API, as far as it decides what a count means.
 *
 * @param isNamed whether the provider is stated
 * @param flavor lower case; empty: not stated
 */
record ReplySource(Family family, boolean isNamed, String flavor) {
  /** Providers whose counts follow rules of their own. */
  enum Family {
    /** Cached input stands beside {@code input_tokens}. */
    ANTHROPIC,
    /** Hosts several makers' replies in their own shapes. */
    HOST,
    /** Reasoning stands beside {@code completion_tokens} where the total does not say otherwise. */
    XAI,
    /** Reasoning and citations stand beside {@code completion_tokens}. */
    PERPLEXITY,
    OTHER
  }

  static ReplySource of(@Nullable String providerId, @Nullable String apiFlavor) {
    String provider = lower(providerId);
    return new ReplySource(family(provider), !provider.isEmpty(), lower(apiFlavor));
  }

  /** Whether input_tokens without further evidence is Anthropic's. */
  boolean speaksAnthropic() {
    return flavor.startsWith("anthropic")
        || flavor.startsWith("messages")
        || (!flavor.startsWith("responses")
            && (family == Family.ANTHROPIC || family == Family.HOST));
  }

  private static Family family(String provider) {
    if (provider.contains("anthropic") || provider.equals("claude")) {
      return Family.ANTHROPIC;
    }
    if (provider.contains("bedrock") || provider.equals("aws") || provider.contains("vertex")) {
      return Family.HOST;
    }
    if (provider.equals("google") || provider.contains("minimax")) {
      return Family.HOST;
    }
    if (provider.equals("x-ai") || provider.equals("x_ai") || provider.equals("xai")) {
      return Family.XAI;
    }
    return provider.contains("perplexity") ? Family.PERPLEXITY : Family.OTHER;
  }

  private static String lower(@Nullable String text) {
    return text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
  }
}
