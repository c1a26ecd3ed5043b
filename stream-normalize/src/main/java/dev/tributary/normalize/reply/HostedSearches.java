package dev.tributary.normalize.reply;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Searches that a provider ran for a call and whose usage block does not count them: OpenAI lists
 * each as an item of the reply's output, Google the queries it grounded a candidate on.
 */
final class HostedSearches {
  private HostedSearches() {}

  /**
   * Counts the searches of a whole response. One without a usage block may not be over and is left
   * alone.
   */
  static void read(JsonNode response, UsageCounts counts) {
    JsonNode output = response.path("output");
    if (!output.isArray() || !response.path("usage").isObject()) {
      return;
    }
    long web = 0;
    long files = 0;
    for (JsonNode item : output) {
      switch (item.path("type").asText()) {
        case "web_search_call" -> web += isBilled(item) ? 1 : 0;
        case "file_search_call" -> files++;
        default -> {}
      }
    }
    if (web > 0) {
      counts.setUnits("tool.web_search", web);
    }
    if (files > 0) {
      counts.setUnits("tool.file_search", files);
    }
  }

  /** Counts the queries of Google's grounding, where the tokens stand beside them. */
  static void readGrounding(JsonNode part, UsageCounts counts) {
    if (!part.path("usageMetadata").isObject() && !part.path("usage_metadata").isObject()) {
      return;
    }
    long queries = 0;
    for (JsonNode candidate : part.path("candidates")) {
      queries += queries(candidate.path("groundingMetadata").path("webSearchQueries"));
      queries += queries(candidate.path("grounding_metadata").path("web_search_queries"));
    }
    if (queries > 0) {
      counts.setUnits("tool.web_search", queries);
    }
  }

  private static long queries(JsonNode texts) {
    long count = 0;
    for (JsonNode text : texts) {
      count += text.asText().isBlank() ? 0 : 1;
    }
    return count;
  }

  /** Of a search, opening a page and finding text in it, only the first costs a fee. */
  private static boolean isBilled(JsonNode item) {
    return item.path("action").path("type").asText("search").equals("search");
  }
}
