package dev.tributary.normalize.reply;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** The shapes of usage blocks that many providers share. */
final class BlockShapes {
  private BlockShapes() {}

  /**
   * OpenAI's shape: totals that include their parts, parts in {@code *_details} under the names
   * that OpenAI and its imitators use.
   */
  static void openAi(JsonNode block, UsageCounts counts, String input, String output) {
    String prompt = input.substring(0, input.indexOf('_'));
    String completion = output.substring(0, output.indexOf('_'));
    counts.isInclusive = true;
    counts.setInput(counts.number(block, input));
    counts.setOutput(counts.number(block, output));
    counts.setTotal(counts.number(block, "total_tokens"));
    inputDetails(block, details(block, prompt), counts);
    outputDetails(block, details(block, completion), counts);
    counts.setUnits("tool.web_search", counts.number(block, "num_search_queries"));
    counts.setUnits("tool.web_search", webSearches(block, counts));
    hostedTools(block.path("server_side_tool_usage_details"), counts);
    counts.setCitation(counts.number(block, "citation_tokens"));
    counts.setUnits("seconds", counts.fraction(block, "prompt_audio_seconds"));
    voiceSession(block, counts);
  }

  /** xAI bills a voice session by its seconds and its text messages, beside or without tokens. */
  static void voiceSession(JsonNode block, UsageCounts counts) {
    counts.setUnits("seconds", counts.fraction(block, "billable_audio_seconds"));
    counts.setUnits("messages", counts.number(block, "input_text_messages"));
  }

  /** xAI's searches by kind. */
  private static void hostedTools(JsonNode details, UsageCounts counts) {
    String inside = "server_side_tool_usage_details";
    counts.setUnits("tool.web_search", counts.number(details, "web_search_calls", inside));
    counts.setUnits("tool.social_search", counts.number(details, "x_search_calls", inside));
    counts.setUnits("tool.file_search", counts.number(details, "file_search_calls", inside));
  }

  private static void inputDetails(JsonNode block, JsonNode details, UsageCounts counts) {
    // Each is read, so that none is lost from the raw numbers; the first one stated counts.
    counts.setCacheRead(
        first(
            counts.number(details, "cached_tokens", "input_details"),
            counts.number(block, "prompt_cache_hit_tokens"),
            counts.number(block, "cached_prompt_text_tokens"),
            counts.number(block, "cache_read_input_tokens"),
            counts.number(block, "cached_tokens")));
    counts.number(block, "prompt_cache_miss_tokens");
    counts.setCacheWrite(
        first(
            counts.number(details, "cache_write_tokens", "input_details"),
            counts.number(details, "cache_creation_tokens", "input_details"),
            counts.number(block, "cache_creation_input_tokens")));
    cacheLifetimes(details.path("cache_creation_token_details"), counts);
    cacheLifetimes(block.path("cache_creation"), counts);
    counts.setInputAudio(counts.number(details, "audio_tokens", "input_details"));
    counts.setInputImage(counts.number(details, "image_tokens", "input_details"));
    counts.setInputVideo(counts.number(details, "video_tokens", "input_details"));
    JsonNode cachedDetails = details.path("cached_tokens_details");
    counts.setCachedAudio(counts.number(cachedDetails, "audio_tokens", "cached_details"));
    counts.setCachedImage(counts.number(cachedDetails, "image_tokens", "cached_details"));
  }

  private static void outputDetails(JsonNode block, JsonNode details, UsageCounts counts) {
    counts.setReasoning(
        first(
            counts.number(details, "reasoning_tokens", "output_details"),
            counts.number(block, "reasoning_tokens")));
    counts.setOutputAudio(counts.number(details, "audio_tokens", "output_details"));
    counts.setOutputImage(counts.number(details, "image_tokens", "output_details"));
    // Predicted tokens are inside the completion, accepted or not.
    counts.number(details, "accepted_prediction_tokens", "output_details");
    counts.number(details, "rejected_prediction_tokens", "output_details");
  }

  /** Anthropic's shape: cached input stands beside the input. */
  static void anthropic(JsonNode block, UsageCounts counts) {
    counts.isExclusive = true;
    counts.setInput(counts.number(block, "input_tokens"));
    counts.setCacheRead(counts.number(block, "cache_read_input_tokens"));
    counts.setCacheWrite(counts.number(block, "cache_creation_input_tokens"));
    cacheLifetimes(block.path("cache_creation"), counts);
    counts.setOutput(counts.number(block, "output_tokens"));
    counts.setReasoning(
        counts.number(block.path("output_tokens_details"), "thinking_tokens", "output_details"));
    counts.setUnits("tool.web_search", webSearches(block, counts));
    // What compacting the context took is billed, and not in the totals above.
    long input = 0;
    long output = 0;
    for (JsonNode iteration : block.path("iterations")) {
      if (iteration.path("type").asText().equals("compaction")) {
        input += orZero(counts.number(iteration, "input_tokens", "compaction"));
        output += orZero(counts.number(iteration, "output_tokens", "compaction"));
      }
    }
    counts.setCompaction(input, output);
  }

  private static @Nullable Long webSearches(JsonNode block, UsageCounts counts) {
    return counts.number(block.path("server_tool_use"), "web_search_requests", "server_tool_use");
  }

  private static void cacheLifetimes(JsonNode writes, UsageCounts counts) {
    counts.setCacheWrite5m(counts.number(writes, "ephemeral_5m_input_tokens", "cache_creation"));
    counts.setCacheWrite1h(counts.number(writes, "ephemeral_1h_input_tokens", "cache_creation"));
  }

  /** Bedrock's own shape, and the metrics it adds to other makers' streams. */
  static void bedrock(JsonNode block, UsageCounts counts) {
    counts.isExclusive = true;
    counts.setInput(either(block, counts, "inputTokens", "inputTokenCount"));
    counts.setOutput(either(block, counts, "outputTokens", "outputTokenCount"));
    counts.number(block, "totalTokens");
    counts.setCacheRead(either(block, counts, "cacheReadInputTokens", "cacheReadInputTokenCount"));
    counts.setCacheWrite(
        either(block, counts, "cacheWriteInputTokens", "cacheWriteInputTokenCount"));
    Long fiveMinutes = null;
    Long hour = null;
    for (JsonNode detail : block.path("cacheDetails")) {
      long tokens = orZero(counts.number(detail, "inputTokens", "cacheDetails"));
      if (detail.path("ttl").asText().equals("1h")) {
        hour = orZero(hour) + tokens;
      } else {
        fiveMinutes = orZero(fiveMinutes) + tokens;
      }
    }
    counts.setCacheWrite5m(fiveMinutes);
    counts.setCacheWrite1h(hour);
  }

  private static @Nullable Long either(
      JsonNode block, UsageCounts counts, String name, String other) {
    return first(counts.number(block, name), counts.number(block, other));
  }

  private static @Nullable Long first(@Nullable Long... counts) {
    for (Long count : counts) {
      if (count != null) {
        return count;
      }
    }
    return null;
  }

  private static JsonNode details(JsonNode block, String word) {
    for (String name :
        new String[] {
          word + "_tokens_details",
          word + "_token_details",
          word.equals("prompt") || word.equals("input")
              ? "input_tokens_details"
              : "output_tokens_details"
        }) {
      if (block.path(name).isObject()) {
        return block.path(name);
      }
    }
    return block.path(word + "_tokens_details");
  }

  private static long orZero(@Nullable Long count) {
    return count == null ? 0 : count;
  }
}
