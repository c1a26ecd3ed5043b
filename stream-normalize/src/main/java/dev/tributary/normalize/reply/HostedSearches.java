package dev.tributary.normalize.reply;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Searches that OpenAI ran for a call. Its usage block does not count them: each is an item of the
 * reply's output.
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
    counts.setUnits("tool.web_search", web == 0 ? null : web);
    counts.setUnits("tool.file_search", files == 0 ? null : files);
  }

  /** Of a search, opening a page and finding text in it, only the first costs a fee. */
  private static boolean isBilled(JsonNode item) {
    return item.path("action").path("type").asText("search").equals("search");
  }
}
