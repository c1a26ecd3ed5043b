package dev.tributary.normalize.core;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Langfuse's {@code usage_details}: a JSON object whose {@code input*} and {@code output*} members
 * are parts that add up, unless its {@code total} shows that they are not.
 */
final class LangfuseUsage {
  /** Most numbers kept as they came. */
  private static final int MAX_RAW = 64;

  private LangfuseUsage() {}

  /** Reads the counts; null: no usage in the text. The raw numbers are added to {@code raw}. */
  static @Nullable TokenCounts read(Facts facts, Map<String, Long> raw) {
    String attribute = Attr.LANGFUSE_USAGE_DETAILS.attribute;
    String text = facts.text(Attr.LANGFUSE_USAGE_DETAILS);
    if (text == null) {
      return null;
    }
    JsonNode details = Json.tree(text);
    if (details == null || !details.isObject()) {
      facts.coercion().failed(attribute);
      return null;
    }
    for (JsonNode member : details) {
      if (member.isObject()) {
        // The provider's own object, details and all, passed on as it came.
        TokenCounts stated = UsageJson.read(details);
        if (stated != null) {
          UsageObjects.note(stated, attribute, raw);
        }
        return stated;
      }
    }
    TokenCounts counts = new TokenCounts();
    long parts = 0;
    for (Map.Entry<String, JsonNode> member : details.properties()) {
      JsonNode value = member.getValue();
      Object scalar = value.isNumber() ? (Object) value.asText() : value.textValue();
      Long count = facts.coercion().wholeNumber(attribute, scalar);
      if (count != null) {
        if (raw.size() < MAX_RAW && Coercion.isWord(member.getKey(), Coercion.MAX_WORD)) {
          raw.put(attribute + '.' + member.getKey(), count);
        }
        parts += add(counts, member.getKey(), count);
      }
    }
    boolean isSplit = counts.cacheWrite5m != null || counts.cacheWrite1h != null;
    if (isSplit && counts.cacheWrite != null && counts.cacheWrite == 0) {
      // LangChain moves writes to their lifetimes and leaves a zero behind.
      counts.cacheWrite = null;
    }
    counts.isPartition = !isInclusive(counts, parts);
    return counts.isEmpty() ? null : counts;
  }

  /** Puts a count into its place; answers what it adds to the sum of parts. */
  private static long add(TokenCounts counts, String name, long count) {
    switch (name) {
      case "total", "total_tokens" -> {
        counts.total = count;
        return 0;
      }
      case "prompt_tokens" -> counts.input = plus(counts.input, count);
      case "completion_tokens" -> counts.output = plus(counts.output, count);
      case "input_cached_tokens",
          "input_cache_read",
          "input_cache_read_tokens",
          "cache_read_input_tokens",
          "cache_read",
          "cached_tokens" ->
          counts.cacheRead = plus(counts.cacheRead, count);
      case "input_cache_creation", "cache_creation_input_tokens", "input_cache_write_tokens" ->
          counts.cacheWrite = plus(counts.cacheWrite, count);
      case "input_cache_creation_5m", "input_ephemeral_5m_input_tokens" ->
          counts.cacheWrite5m = plus(counts.cacheWrite5m, count);
      case "input_cache_creation_1h", "input_ephemeral_1h_input_tokens" ->
          counts.cacheWrite1h = plus(counts.cacheWrite1h, count);
      case "input_audio", "input_audio_tokens" ->
          counts.audioInput = plus(counts.audioInput, count);
      case "input_image", "input_image_tokens" ->
          counts.imageInput = plus(counts.imageInput, count);
      case "output_reasoning", "output_reasoning_tokens", "reasoning_tokens", "reasoning" ->
          counts.reasoning = plus(counts.reasoning, count);
      case "output_audio", "output_audio_tokens" ->
          counts.audioOutput = plus(counts.audioOutput, count);
      case "output_image", "output_image_tokens" ->
          counts.imageOutput = plus(counts.imageOutput, count);
      default -> {
        if (name.startsWith("input")) {
          counts.input = plus(counts.input, count);
        } else if (name.startsWith("output")) {
          counts.output = plus(counts.output, count);
        } else {
          return 0;
        }
      }
    }
    return count;
  }

  /** Where input and output alone already make the total, the other members are inside them. */
  private static boolean isInclusive(TokenCounts counts, long parts) {
    if (counts.total == null || counts.total == parts) {
      return false;
    }
    long plain =
        (counts.input == null ? 0 : counts.input) + (counts.output == null ? 0 : counts.output);
    return counts.total == plain;
  }

  /** The sum; what is negative or absurd stays so, whatever is added to it, and is refused. */
  private static Long plus(@Nullable Long sum, long count) {
    long before = sum == null ? 0 : sum;
    if (before < 0 || count < 0) {
      return Math.min(before, count);
    }
    return Math.min(before, TokenCounts.ABSURD + 1) + Math.min(count, TokenCounts.ABSURD + 1);
  }
}
