package dev.tributary.normalize.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.schemas.UnitUsage;
import org.jspecify.annotations.Nullable;

/** What a span states beside tokens. Null: not stated. */
record Units(
    @Nullable Long webSearches,
    @Nullable Long socialSearches,
    @Nullable Long fileSearches,
    @Nullable Long rerankQueries,
    @Nullable Long seconds,
    @Nullable Long pages) {
  /** Nothing stated. */
  static final Units NONE = new Units(null, null, null, null, null, null);

  /** Units of a provider's usage object, in the words of any of them. */
  static Units of(JsonNode usage) {
    JsonNode hosted = usage.path("server_side_tool_usage_details");
    Long web = count(usage.path("server_tool_use").path("web_search_requests"));
    web = web == null ? count(usage.path("num_search_queries")) : web;
    web = web == null ? count(usage.path("numSearchQueries")) : web;
    web = web == null ? count(hosted.path("web_search_calls")) : web;
    boolean isDuration = usage.path("type").asText().equals("duration");
    Long seconds = count(isDuration ? usage.path("seconds") : usage.path("prompt_audio_seconds"));
    Long rerank = count(usage.path("billed_units").path("search_units"));
    return of(
        web,
        count(hosted.path("x_search_calls")),
        count(hosted.path("file_search_calls")),
        rerank,
        seconds,
        count(usage.path("pages_processed")));
  }

  /** Units of a record. */
  static Units of(@Nullable UnitUsage usage) {
    return usage == null
        ? NONE
        : of(
            usage.getWebSearches(),
            usage.getSocialSearches(),
            usage.getFileSearches(),
            usage.getRerankQueries(),
            usage.getSeconds(),
            usage.getPages());
  }

  /** Units that have attributes of their own. */
  static Units of(Long[] numbers) {
    Long rerank = numbers[Attr.TRIBUTARY_RERANK_QUERIES.index];
    return of(
        numbers[Attr.TRIBUTARY_WEB_SEARCHES.index],
        numbers[Attr.TRIBUTARY_SOCIAL_SEARCHES.index],
        numbers[Attr.TRIBUTARY_FILE_SEARCHES.index],
        rerank == null ? numbers[Attr.DETAILS_SEARCH_UNITS.index] : rerank,
        numbers[Attr.TRIBUTARY_SECONDS.index],
        numbers[Attr.TRIBUTARY_PAGES.index]);
  }

  private static Units of(
      @Nullable Long webSearches,
      @Nullable Long socialSearches,
      @Nullable Long fileSearches,
      @Nullable Long rerankQueries,
      @Nullable Long seconds,
      @Nullable Long pages) {
    Units units =
        new Units(webSearches, socialSearches, fileSearches, rerankQueries, seconds, pages);
    return units.equals(NONE) ? NONE : units;
  }

  /** These, and of others what these do not state. */
  Units or(Units others) {
    if (equals(NONE)) {
      return others;
    }
    return new Units(
        or(webSearches, others.webSearches),
        or(socialSearches, others.socialSearches),
        or(fileSearches, others.fileSearches),
        or(rerankQueries, others.rerankQueries),
        or(seconds, others.seconds),
        or(pages, others.pages));
  }

  /**
   * Whether they are a usage by themselves. Searches come with the tokens of the call that asked
   * for them: alone they would make a price of the smaller part.
   */
  boolean isUsage() {
    return rerankQueries != null || seconds != null || pages != null;
  }

  /** What is wrong with them; null: nothing. */
  @Nullable UsageError error() {
    Long[] all = {webSearches, socialSearches, fileSearches, rerankQueries, seconds, pages};
    for (Long count : all) {
      if (count != null && count < 0) {
        return UsageError.NEGATIVE_COUNT;
      }
      if (count != null && count > TokenCounts.ABSURD) {
        return UsageError.ABSURD_COUNT;
      }
    }
    return null;
  }

  /** As a span carries them; null: nothing stated. */
  @Nullable UnitUsage toRecord() {
    return equals(NONE)
        ? null
        : new UnitUsage(webSearches, socialSearches, fileSearches, rerankQueries, seconds, pages);
  }

  private static @Nullable Long or(@Nullable Long first, @Nullable Long second) {
    return first == null ? second : first;
  }

  /** A whole number; a part of a unit is none, and is not rounded. */
  private static @Nullable Long count(JsonNode node) {
    return Json.count(node);
  }
}
