package dev.tributary.normalize.reply;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Google's usage metadata: cached tokens inside the prompt, thoughts beside the candidates, tool
 * results beside the prompt. As JSON in camel case, as the Python client prints it in snake case.
 */
enum GeminiShape {
  CAMEL {
    @Override
    String name(String camel) {
      return camel;
    }
  },
  SNAKE {
    @Override
    String name(String camel) {
      StringBuilder snake = new StringBuilder(camel.length() + 4);
      for (int i = 0; i < camel.length(); i++) {
        char c = camel.charAt(i);
        if (c >= 'A' && c <= 'Z') {
          snake.append('_').append((char) (c + 32));
        } else {
          snake.append(c);
        }
      }
      return snake.toString();
    }
  };

  abstract String name(String camel);

  void read(JsonNode block, UsageCounts counts) {
    counts.isInclusive = true;
    counts.isReasoningBeside = true;
    Long prompt = counts.number(block, name("promptTokenCount"));
    Long tools = counts.number(block, name("toolUsePromptTokenCount"));
    counts.setInput(sum(prompt, tools));
    counts.setCacheRead(counts.number(block, name("cachedContentTokenCount")));
    Long candidates = counts.number(block, name("candidatesTokenCount"));
    // The Live API's word for candidates.
    candidates = candidates != null ? candidates : counts.number(block, name("responseTokenCount"));
    counts.setOutput(candidates);
    counts.setReasoning(counts.number(block, name("thoughtsTokenCount")));
    counts.setTotal(counts.number(block, name("totalTokenCount")));
    JsonNode prompts = block.path(name("promptTokensDetails"));
    JsonNode toolPrompts = block.path(name("toolUsePromptTokensDetails"));
    counts.setInputAudio(sum(modality(prompts, counts, "AUDIO"), audio(toolPrompts, counts)));
    counts.setInputImage(sum(images(prompts, counts), images(toolPrompts, counts)));
    counts.setInputVideo(
        sum(modality(prompts, counts, "VIDEO"), modality(toolPrompts, counts, "VIDEO")));
    JsonNode cached = block.path(name("cacheTokensDetails"));
    counts.setCachedAudio(audio(cached, counts));
    counts.setCachedImage(images(cached, counts));
    counts.setCachedVideo(modality(cached, counts, "VIDEO"));
    JsonNode outputs = block.path(name("candidatesTokensDetails"));
    counts.setOutputAudio(audio(outputs, counts));
    counts.setOutputImage(images(outputs, counts));
  }

  private @Nullable Long audio(JsonNode details, UsageCounts counts) {
    return modality(details, counts, "AUDIO");
  }

  /** Pages of documents are billed like images. */
  private @Nullable Long images(JsonNode details, UsageCounts counts) {
    return sum(modality(details, counts, "IMAGE"), modality(details, counts, "DOCUMENT"));
  }

  private @Nullable Long modality(JsonNode details, UsageCounts counts, String modality) {
    Long sum = null;
    for (JsonNode detail : details) {
      if (detail.path("modality").asText().equals(modality)) {
        sum = sum(sum, counts.number(detail, name("tokenCount"), modality));
      }
    }
    return sum;
  }

  private static @Nullable Long sum(@Nullable Long a, @Nullable Long b) {
    return a == null ? b : b == null ? a : Long.valueOf(a + b);
  }
}
