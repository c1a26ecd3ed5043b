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
          Map.entry("watsonx", "ibm.watsonx.ai"),
          Map.entry("watson", "ibm.watsonx.ai"),
          Map.entry("ibm.watson.ai", "ibm.watsonx.ai"),
          Map.entry("bedrock_converse_stream", "aws.bedrock"),
          Map.entry("aws_bedrock", "aws.bedrock"),
          Map.entry("awsbedrock", "aws.bedrock"),
          Map.entry("amazon_bedrock", "aws.bedrock"),
          Map.entry("anthropic_bedrock", "aws.bedrock"),
          Map.entry("azure_ai", "azure.ai.inference"),
          Map.entry("azure_ai_inference", "azure.ai.inference"),
          Map.entry("azure.openai", "azure.ai.openai"),
          Map.entry("azureopenai", "azure.ai.openai"),
          Map.entry("azure_openai_chat", "azure.ai.openai"),
          Map.entry("openai_responses", "openai"),
          Map.entry("text-completion-openai", "openai"),
          Map.entry("vertex_ai_beta", "gcp.vertex_ai"),
          Map.entry("vertex-ai", "gcp.vertex_ai"),
          Map.entry("google-vertex", "gcp.vertex_ai"),
          Map.entry("google_anthropic_vertex", "gcp.vertex_ai"),
          Map.entry("google-gla", "gcp.gemini"),
          Map.entry("google-genai", "gcp.gemini"),
          Map.entry("google_generative_ai", "gcp.gemini"),
          Map.entry("google_ai_studio", "gcp.gemini"),
          Map.entry("googleai", "gcp.gemini"),
          Map.entry("mistral-ai", "mistral_ai"),
          Map.entry("moonshotai", "moonshot_ai"),
          Map.entry("cohere_chat", "cohere"),
          Map.entry("claude", "anthropic"));

  /** Frameworks and gateways that name themselves where the provider belongs. */
  private static final Set<String> FRAMEWORKS =
      Set.of(
          "langchain",
          "langgraph",
          "llama_index",
          "llamaindex",
          "crewai",
          "haystack",
          "strands-agents",
          "strands_agents",
          "gcp.vertex.agent",
          "google_adk",
          "spring_ai",
          "microsoft.agent_framework",
          "agent_framework",
          "openai_agents",
          "pydantic_ai",
          "litellm",
          "litellm_proxy",
          "claude_agent_sdk",
          "smolagents",
          "dspy",
          "unknown",
          "function",
          "test");

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
      String key = stated == null ? "" : stated.toLowerCase(Locale.ROOT);
      if (stated != null && !FRAMEWORKS.contains(key)) {
        String provider = listed(key);
        if (provider == null) {
          findings.note(Finding.UNKNOWN_PROVIDER, attr.attribute);
          return stated;
        }
        return provider;
      }
    }
    return model == null ? null : ofModel(model.toLowerCase(Locale.ROOT));
  }

  /** Bedrock's model ids: {@code us.anthropic.claude-…-v1:0}, {@code amazon.nova-pro-v1:0}. */
  private static boolean isBedrock(String model) {
    if (model.startsWith("arn:aws:bedrock:") || model.startsWith("amazon.")) {
      return true;
    }
    int maker = model.indexOf("anthropic.claude");
    maker = maker < 0 ? model.indexOf("meta.llama") : maker;
    maker = maker < 0 ? model.indexOf("amazon.nova") : maker;
    return maker >= 0 && (maker == 0 || model.charAt(maker - 1) == '.');
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
      int end = Math.max(name.lastIndexOf('.'), name.lastIndexOf(':'));
      if (end <= 0) {
        return null;
      }
      name = name.substring(0, end);
    }
  }

  private static @Nullable String ofModel(String model) {
    if (isBedrock(model)) {
      return "aws.bedrock";
    }
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
