package dev.tributary.normalize.core;

import dev.tributary.normalize.core.Findings.Finding;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names of providers as OpenTelemetry spells them, from what dialects call them. */
final class Providers {
  /** The values that the GenAI conventions list. */
  private static final Set<String> LISTED =
      Set.of(
          "openai",
          "anthropic",
          "aws.bedrock",
          "azure.ai.openai",
          "azure.ai.inference",
          "gcp.gen_ai",
          "gcp.vertex_ai",
          "gcp.gemini",
          "cohere",
          "deepseek",
          "groq",
          "ibm.watsonx.ai",
          "mistral_ai",
          "moonshot_ai",
          "perplexity",
          "x_ai");

  /** Other spellings; dotted ones are tried from the longest prefix to the shortest. */
  private static final Map<String, String> OTHERWISE =
      Map.ofEntries(
          Map.entry("bedrock", "aws.bedrock"),
          Map.entry("bedrock_converse", "aws.bedrock"),
          Map.entry("amazon-bedrock", "aws.bedrock"),
          Map.entry("aws", "aws.bedrock"),
          Map.entry("azure", "azure.ai.openai"),
          Map.entry("azure_openai", "azure.ai.openai"),
          Map.entry("azure-openai", "azure.ai.openai"),
          Map.entry("az.ai.openai", "azure.ai.openai"),
          Map.entry("az.ai.inference", "azure.ai.inference"),
          Map.entry("vertex_ai", "gcp.vertex_ai"),
          Map.entry("vertexai", "gcp.vertex_ai"),
          Map.entry("google.vertex", "gcp.vertex_ai"),
          Map.entry("google_vertexai", "gcp.vertex_ai"),
          Map.entry("vertex.anthropic", "gcp.vertex_ai"),
          Map.entry("google_genai", "gcp.gemini"),
          Map.entry("gemini", "gcp.gemini"),
          Map.entry("google", "gcp.gemini"),
          Map.entry("google.generative-ai", "gcp.gemini"),
          Map.entry("mistral", "mistral_ai"),
          Map.entry("mistralai", "mistral_ai"),
          Map.entry("moonshot", "moonshot_ai"),
          Map.entry("xai", "x_ai"),
          Map.entry("watsonx", "ibm.watsonx.ai"));

  /** First word of a model's name, where nothing else names the provider. */
  private static final Map<String, String> BY_MODEL =
      Map.ofEntries(
          Map.entry("gpt", "openai"),
          Map.entry("chatgpt", "openai"),
          Map.entry("o1", "openai"),
          Map.entry("o3", "openai"),
          Map.entry("o4", "openai"),
          Map.entry("text", "openai"),
          Map.entry("claude", "anthropic"),
          Map.entry("gemini", "gcp.gemini"),
          Map.entry("mistral", "mistral_ai"),
          Map.entry("codestral", "mistral_ai"),
          Map.entry("command", "cohere"),
          Map.entry("deepseek", "deepseek"),
          Map.entry("grok", "x_ai"),
          Map.entry("sonar", "perplexity"),
          Map.entry("kimi", "moonshot_ai"));

  private Providers() {}

  /** The provider a span states, or its model's name gives away; null: neither. */
  static @Nullable String of(Facts facts, @Nullable String model, Findings findings) {
    for (Attr attr : Precedence.PROVIDER) {
      String stated = facts.identifier(attr);
      if (stated != null) {
        String provider = listed(stated.toLowerCase(Locale.ROOT));
        if (provider == null) {
          findings.note(Finding.UNKNOWN_PROVIDER, attr.attribute);
          return stated;
        }
        return provider;
      }
    }
    return model == null ? null : ofModel(model.toLowerCase(Locale.ROOT));
  }

  private static @Nullable String listed(String stated) {
    String name = stated;
    while (true) {
      if (LISTED.contains(name)) {
        return name;
      }
      String known = OTHERWISE.get(name);
      if (known != null) {
        return known;
      }
      int dot = name.lastIndexOf('.');
      if (dot <= 0) {
        return null;
      }
      name = name.substring(0, dot);
    }
  }

  private static @Nullable String ofModel(String model) {
    int slash = model.indexOf('/');
    if (slash > 0) {
      String prefix = listed(model.substring(0, slash));
      if (prefix != null) {
        return prefix;
      }
    }
    int end = slash + 1;
    while (end < model.length() && Character.isLetterOrDigit(model.charAt(end))) {
      end++;
    }
    String word = model.substring(slash + 1, end);
    // text-embedding-3-small, text-davinci-003; other makers' names begin with "text" as well.
    if (word.equals("text") && !model.startsWith("text-embedding-3", slash + 1)) {
      return model.startsWith("text-embedding-ada", slash + 1) ? "openai" : null;
    }
    return BY_MODEL.get(word);
  }
}
