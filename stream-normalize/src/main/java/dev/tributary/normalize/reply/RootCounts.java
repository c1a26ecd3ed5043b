package dev.tributary.normalize.reply;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Replies that state their counts beside the text, without a usage block. */
final class RootCounts {
  private RootCounts() {}

  /** Reads such counts; answers whether there are any. */
  static boolean read(JsonNode part, UsageCounts counts) {
    boolean isAny = false;
    // Ollama; embeddings state the first only.
    isAny |= pair(part, counts, "prompt_eval_count", "eval_count");
    // Llama on Bedrock. Google's snake case has the first name as well, and no second.
    if (part.has("generation_token_count") || part.has("generation")) {
      isAny |= pair(part, counts, "prompt_token_count", "generation_token_count");
    }
    // llama.cpp's own server.
    isAny |= pair(part, counts, "tokens_evaluated", "tokens_predicted");
    // Titan: output counts of a whole reply stand in its results, of a stream in its parts.
    isAny |= pair(part, counts, "inputTextTokenCount", "totalOutputTextTokenCount");
    isAny |= results(part.path("results"), counts);
    isAny |= textGeneration(part, counts);
    isAny |= jurassic(part, counts);
    isAny |= vertexEmbeddings(part, counts);
    return isAny;
  }

  private static boolean pair(JsonNode part, UsageCounts counts, String input, String output) {
    Long in = counts.number(part, input);
    Long out = counts.number(part, output);
    counts.setInput(in);
    counts.setOutput(out);
    return in != null || out != null;
  }

  /** watsonx counts up while it streams and states the input once; Titan states its output. */
  private static boolean results(JsonNode results, UsageCounts counts) {
    Long input = null;
    Long output = null;
    for (JsonNode result : results) {
      input = sum(input, counts.number(result, "input_token_count", "results"));
      output = sum(output, counts.number(result, "generated_token_count", "results"));
      output = sum(output, counts.number(result, "tokenCount", "results"));
    }
    counts.raiseInput(input);
    counts.raiseOutput(output);
    return input != null || output != null;
  }

  /** Hugging Face: the prompt is counted by the list of its tokens, where that was asked for. */
  private static boolean textGeneration(JsonNode part, UsageCounts counts) {
    JsonNode details = part.path("details");
    Long output = counts.number(details, "generated_tokens", "details");
    counts.setOutput(output);
    JsonNode prefill = details.path("prefill");
    if (prefill.isArray() && !prefill.isEmpty()) {
      counts.setInput((long) prefill.size());
      counts.isDerived = true;
    }
    return output != null;
  }

  /** AI21's Jurassic: tokens are listed, not counted. */
  private static boolean jurassic(JsonNode part, UsageCounts counts) {
    JsonNode prompt = part.path("prompt").path("tokens");
    JsonNode completions = part.path("completions");
    if (!prompt.isArray() || !completions.isArray()) {
      return false;
    }
    long output = 0;
    for (JsonNode completion : completions) {
      output += completion.path("data").path("tokens").size();
    }
    counts.setInput((long) prompt.size());
    counts.setOutput(output);
    counts.isDerived = true;
    return true;
  }

  private static boolean vertexEmbeddings(JsonNode part, UsageCounts counts) {
    Long input = null;
    for (JsonNode prediction : part.path("predictions")) {
      JsonNode statistics = prediction.path("embeddings").path("statistics");
      input = sum(input, counts.number(statistics, "token_count", "statistics"));
    }
    counts.setInput(input);
    return input != null;
  }

  private static @Nullable Long sum(@Nullable Long a, @Nullable Long b) {
    return a == null ? b : b == null ? a : Long.valueOf(a + b);
  }
}
