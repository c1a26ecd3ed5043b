package dev.tributary.normalize.reply;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Finds the usage blocks of a reply's parts, where each API puts them, and reads them into one set
 * of counts.
 */
final class UsageBlocks {
  /** Paths of blocks below a part's root; the first two thirds of all replies use the first. */
  private static final List<String[]> PATHS =
      List.of(
          path("usage"),
          // Anthropic's message_start.
          path("message", "usage"),
          // OpenAI's Responses and Realtime events.
          path("response", "usage"),
          // Gemini and Vertex; a code assistant wraps them.
          path("usageMetadata"),
          path("usage_metadata"),
          path("response", "usageMetadata"),
          // Cohere 2, its streams, and Cohere 1 with its streams.
          path("delta", "usage"),
          path("meta"),
          path("response", "meta"),
          // Groq's streams.
          path("x_groq", "usage"),
          // Bedrock's ConverseStream, and what it adds to other makers' streams.
          path("metadata", "usage"),
          path("amazon-bedrock-invocationMetrics"),
          // Replicate.
          path("metrics"),
          // Mistral's OCR.
          path("usage_info"),
          // PaLM and embeddings on Vertex.
          path("metadata", "tokenMetadata"));

  private final ReplySource source;
  private final UsageCounts counts;
  private String pages = "pages";

  UsageBlocks(ReplySource source) {
    this.source = source;
    this.counts = new UsageCounts(source);
  }

  UsageCounts counts() {
    return counts;
  }

  void add(JsonNode part) {
    pages = isAnnotated(part) ? "pages.annotated" : "pages";
    // Before the blocks: where a block counts searches itself, that stands.
    HostedSearches.read(part, counts);
    HostedSearches.read(part.path("response"), counts);
    HostedSearches.readGrounding(part, counts);
    HostedSearches.readGrounding(part.path("response"), counts);
    boolean isAnyFound = false;
    for (String[] path : PATHS) {
      JsonNode block = part;
      for (String name : path) {
        block = block.path(name);
      }
      if (block.isObject()) {
        isAnyFound |= read(block);
      }
    }
    // Moonshot states the usage of a stream in its choice.
    JsonNode ofChoice = part.path("choices").path(0).path("usage");
    if (ofChoice.isObject()) {
      isAnyFound |= read(ofChoice);
    }
    isAnyFound |= RootCounts.read(part, counts);
    if (!isAnyFound) {
      read(part);
    }
  }

  /**
   * Annotated pages have a price of their own; the reply holds the annotation, the flavour says.
   */
  private boolean isAnnotated(JsonNode part) {
    return source.flavor().isEmpty()
        ? part.path("document_annotation").isTextual()
        : source.flavor().equals("ocr_annotated");
  }

  /** Reads a block of whatever shape; answers whether it was one. */
  private boolean read(JsonNode block) {
    if (block.has("billed_units") || block.path("tokens").isObject()) {
      cohere(block);
    } else if (hasAny(block, "prompt_tokens", "completion_tokens")) {
      BlockShapes.openAi(block, counts, "prompt_tokens", "completion_tokens");
    } else if (hasAny(block, "input_tokens", "output_tokens")) {
      if (isAnthropic(block)) {
        BlockShapes.anthropic(block, counts);
      } else {
        BlockShapes.openAi(block, counts, "input_tokens", "output_tokens");
      }
    } else if (hasAny(
        block,
        "promptTokenCount",
        "candidatesTokenCount",
        "totalTokenCount",
        "responseTokenCount")) {
      GeminiShape.CAMEL.read(block, counts);
    } else if (hasAny(block, "candidates_token_count", "total_token_count")) {
      GeminiShape.SNAKE.read(block, counts);
    } else if (hasAny(block, "inputTokens", "outputTokens", "inputTokenCount", "outputTokenCount")
        && !block.path("inputTokenCount").isObject()) {
      BlockShapes.bedrock(block, counts);
    } else {
      return others(block);
    }
    return true;
  }

  private boolean others(JsonNode block) {
    if (block.path("inputTokenCount").isObject()) {
      counts.setInput(counts.number(block.path("inputTokenCount"), "totalTokens"));
      counts.setOutput(counts.number(block.path("outputTokenCount"), "totalTokens"));
    } else if (hasAny(block, "input_token_count", "output_token_count")) {
      counts.setInput(counts.number(block, "input_token_count"));
      counts.setOutput(counts.number(block, "output_token_count"));
    } else if (block.has("pages_processed")) {
      counts.setUnits(pages, counts.number(block, "pages_processed"));
    } else if (block.path("total_tokens").isNumber()) {
      counts.setTotal(counts.number(block, "total_tokens"));
    } else if (block.path("type").asText().equals("duration") && block.path("seconds").isNumber()) {
      counts.setUnits("seconds", counts.fraction(block, "seconds"));
    } else if (block.path("billable_audio_seconds").isNumber()) {
      BlockShapes.voiceSession(block, counts);
    } else {
      return false;
    }
    return true;
  }

  /** Billed counts beside used ones: the billed ones are the usage, the others stay raw. */
  private void cohere(JsonNode block) {
    JsonNode billed = block.path("billed_units");
    boolean isUsed = source.flavor().equals("tokens") || !billed.isObject();
    cohereKind(block.path("tokens"), "tokens", isUsed);
    cohereKind(billed, "billed_units", !isUsed);
    Long cached = counts.number(block, "cached_tokens");
    // Cached tokens are part of the used ones; the billed ones may be fewer than they.
    if (isUsed) {
      counts.setCacheRead(cached);
    }
    counts.setUnits("tool.rerank", counts.number(billed, "search_units", "billed_units"));
    counts.isInclusive = true;
  }

  private void cohereKind(JsonNode kind, String name, boolean isTaken) {
    Long input = counts.number(kind, "input_tokens", name);
    Long output = counts.number(kind, "output_tokens", name);
    Long images = counts.number(kind, "images", name);
    if (isTaken) {
      counts.setInput(input);
      counts.setOutput(output);
      counts.setInputImage(images);
    }
  }

  private boolean isAnthropic(JsonNode block) {
    if (hasAny(
        block,
        "cache_creation_input_tokens",
        "cache_read_input_tokens",
        "cache_creation",
        "server_tool_use")) {
      return true;
    }
    return source.speaksAnthropic()
        && !hasAny(
            block,
            "total_tokens",
            "input_tokens_details",
            "input_token_details",
            "output_tokens_details");
  }

  static boolean hasAny(JsonNode block, String... names) {
    for (String name : names) {
      if (block.hasNonNull(name)) {
        return true;
      }
    }
    return false;
  }

  private static String[] path(String... names) {
    return names;
  }
}
