package dev.tributary.normalize.core;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A usage object inside an attribute, in the words of any provider or framework: one row for each
 * count, the first name present stands.
 */
final class UsageJson {
  private static final String[] INPUT = {
    "input_tokens",
    "prompt_tokens",
    "inputTokens",
    "promptTokens",
    "prompt_token_count",
    "promptTokenCount",
    "inputTokenCount",
    "input_token_count"
  };
  private static final String[] OUTPUT = {
    "output_tokens",
    "completion_tokens",
    "outputTokens",
    "completionTokens",
    "candidates_token_count",
    "candidatesTokenCount",
    "outputTokenCount",
    "output_token_count"
  };
  private static final String[] TOTAL = {
    "total_tokens", "totalTokens", "total_token_count", "totalTokenCount"
  };
  private static final String[] CACHE_READ = {
    "cache_read_input_tokens",
    "cacheReadInputTokens",
    "cacheReadInputTokenCount",
    "cached_content_token_count",
    "cachedContentTokenCount",
    "prompt_cache_hit_tokens",
    "cachedInputTokens",
    "cached_input_tokens",
    "cache_read_tokens",
    "cachedPromptTokens"
  };
  private static final String[] CACHE_WRITE = {
    "cache_creation_input_tokens",
    "cacheWriteInputTokens",
    "cacheWriteInputTokenCount",
    "cacheCreationInputTokens",
    "cache_write_tokens"
  };
  private static final String[] REASONING = {
    "reasoning_tokens", "reasoningTokens", "thoughts_token_count", "thoughtsTokenCount"
  };
  private static final String[] INPUT_DETAILS = {
    "input_token_details",
    "prompt_tokens_details",
    "input_tokens_details",
    "inputTokenDetails",
    "promptTokensDetails"
  };
  private static final String[] OUTPUT_DETAILS = {
    "output_token_details",
    "completion_tokens_details",
    "output_tokens_details",
    "outputTokenDetails",
    "completionTokensDetails"
  };
  private static final String[] DETAIL_READ = {
    "cache_read", "cached_tokens", "cacheReadTokens", "cacheRead", "cachedTokens"
  };
  private static final String[] DETAIL_WRITE = {
    "cache_creation", "cache_write_tokens", "cacheWriteTokens", "cache_creation_tokens"
  };
  private static final String[] DETAIL_REASONING = {
    "reasoning", "reasoning_tokens", "reasoningTokens"
  };
  private static final String[] DETAIL_AUDIO = {"audio", "audio_tokens", "audioTokens"};

  /** Names that only providers use which count cached input beside the input. */
  private static final String[] BESIDE = {"cacheReadInputTokens", "cacheWriteInputTokens"};

  private static final String[] THOUGHTS = {"thoughts_token_count", "thoughtsTokenCount"};
  private static final String[] TOOL_PROMPT = {
    "tool_use_prompt_token_count", "toolUsePromptTokenCount"
  };

  private UsageJson() {}

  /** The counts in an object; null: it holds none. */
  static @Nullable TokenCounts read(@Nullable JsonNode object) {
    if (object == null || !object.isObject()) {
      return null;
    }
    JsonNode billed = object.path("billed_units");
    JsonNode usage = billed.isObject() ? billed : object;
    TokenCounts counts = new TokenCounts();
    counts.input = first(usage, INPUT);
    counts.output = first(usage, OUTPUT);
    counts.total = first(usage, TOTAL);
    counts.cacheRead = first(usage, CACHE_READ);
    counts.cacheWrite = first(usage, CACHE_WRITE);
    counts.reasoning = first(usage, REASONING);
    readDetails(usage, counts);
    JsonNode lifetimes = usage.path("cache_creation");
    counts.cacheWrite5m = or(counts.cacheWrite5m, count(lifetimes, "ephemeral_5m_input_tokens"));
    counts.cacheWrite1h = or(counts.cacheWrite1h, count(lifetimes, "ephemeral_1h_input_tokens"));
    boolean isSplit = counts.cacheWrite5m != null || counts.cacheWrite1h != null;
    if (isSplit && counts.cacheWrite != null && counts.cacheWrite == 0) {
      counts.cacheWrite = null;
    }
    addGemini(usage, counts);
    counts.units = Units.of(object);
    boolean isRawAnthropic =
        counts.total == null
            && usage.has("input_tokens")
            && (usage.has("cache_read_input_tokens") || usage.has("cache_creation_input_tokens"));
    counts.isExclusive = isRawAnthropic || (counts.cached() > 0 && first(usage, BESIDE) != null);
    return counts.isEmpty() ? null : counts;
  }

  private static void readDetails(JsonNode usage, TokenCounts counts) {
    JsonNode input = member(usage, INPUT_DETAILS);
    // Details are parts of what they detail, in every API that has them.
    counts.isInclusive = first(input, DETAIL_READ) != null || first(input, DETAIL_WRITE) != null;
    counts.cacheRead = or(counts.cacheRead, first(input, DETAIL_READ));
    counts.cacheWrite = or(counts.cacheWrite, first(input, DETAIL_WRITE));
    counts.cacheWrite5m = count(input, "ephemeral_5m_input_tokens");
    counts.cacheWrite1h = count(input, "ephemeral_1h_input_tokens");
    counts.audioInput = first(input, DETAIL_AUDIO);
    JsonNode output = member(usage, OUTPUT_DETAILS);
    counts.reasoning = or(counts.reasoning, first(output, DETAIL_REASONING));
    counts.audioOutput = first(output, DETAIL_AUDIO);
  }

  /** Thoughts stand beside the candidates, tool prompts beside the prompt. */
  private static void addGemini(JsonNode usage, TokenCounts counts) {
    Long tools = first(usage, TOOL_PROMPT);
    if (tools != null && counts.input != null) {
      counts.input += tools;
    }
    if (first(usage, THOUGHTS) != null) {
      long output = counts.output == null ? 0 : counts.output;
      long input = counts.input == null ? 0 : counts.input;
      counts.output = output;
      // A framework's copy for another maker's model may hold them inside: its total tells.
      counts.isReasoningOutside = counts.total == null || counts.total > input + output;
    }
  }

  private static JsonNode member(JsonNode object, String[] names) {
    for (String name : names) {
      if (object.path(name).isObject()) {
        return object.path(name);
      }
    }
    return object.path("");
  }

  private static @Nullable Long first(JsonNode object, String[] names) {
    for (String name : names) {
      Long count = count(object, name);
      if (count != null) {
        return count;
      }
    }
    return null;
  }

  private static @Nullable Long count(JsonNode object, String name) {
    return Json.count(object.path(name));
  }

  private static @Nullable Long or(@Nullable Long first, @Nullable Long second) {
    return first == null ? second : first;
  }
}
