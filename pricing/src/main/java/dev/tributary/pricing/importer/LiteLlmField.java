package dev.tributary.pricing.importer;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one price field of LiteLLM's map is for, read from its name.
 *
 * @param bucket what it prices
 * @param units how many units its value buys
 * @param tier class of service
 * @param threshold input size from which it holds, tokens; null: from the start
 * @param rank of fields for one bucket the lowest counts
 */
record LiteLlmField(
    Bucket bucket, long units, ServiceTier tier, @Nullable Long threshold, int rank) {
  private static final Pattern ABOVE = Pattern.compile("_above_([0-9]{1,6})k_tokens");

  private static final Map<String, ServiceTier> TIERS =
      Map.of(
          "_batches", ServiceTier.BATCH,
          "_flex", ServiceTier.FLEX,
          "_priority", ServiceTier.PRIORITY);

  private record Plain(Bucket bucket, long units, int rank) {}

  private static final Map<String, Plain> PLAIN =
      Map.ofEntries(
          Map.entry("input_cost_per_token", new Plain(Bucket.INPUT_UNCACHED, 1, 0)),
          Map.entry("cache_read_input_token_cost", new Plain(Bucket.CACHE_READ, 1, 0)),
          Map.entry("input_cost_per_token_cache_hit", new Plain(Bucket.CACHE_READ, 1, 1)),
          Map.entry("cache_creation_input_token_cost", new Plain(Bucket.CACHE_WRITE_5M, 1, 0)),
          Map.entry(
              "cache_creation_input_token_cost_above_1hr", new Plain(Bucket.CACHE_WRITE_1H, 1, 0)),
          Map.entry("input_cost_per_audio_token", new Plain(Bucket.INPUT_AUDIO, 1, 0)),
          Map.entry("input_cost_per_image_token", new Plain(Bucket.INPUT_IMAGE, 1, 0)),
          Map.entry(
              "cache_read_input_audio_token_cost", new Plain(Bucket.INPUT_AUDIO_CACHED, 1, 0)),
          Map.entry("output_cost_per_token", new Plain(Bucket.OUTPUT_TEXT, 1, 0)),
          Map.entry("output_cost_per_reasoning_token", new Plain(Bucket.REASONING, 1, 0)),
          Map.entry("output_cost_per_audio_token", new Plain(Bucket.OUTPUT_AUDIO, 1, 0)),
          Map.entry("output_cost_per_image_token", new Plain(Bucket.OUTPUT_IMAGE, 1, 0)),
          Map.entry("output_cost_per_video_token", new Plain(Bucket.OUTPUT_VIDEO, 1, 0)),
          Map.entry("citation_cost_per_token", new Plain(Bucket.OUTPUT_CITATION, 1, 0)),
          Map.entry("input_cost_per_request", new Plain(Bucket.REQUEST, 1, 0)),
          Map.entry("input_cost_per_query", new Plain(Bucket.TOOL_RERANK, 1, 0)),
          Map.entry("input_cost_per_character", new Plain(Bucket.CHARACTERS, 1, 0)),
          Map.entry("input_cost_per_second", new Plain(Bucket.SECONDS, 1, 0)),
          Map.entry("input_cost_per_audio_per_second", new Plain(Bucket.SECONDS, 1, 1)),
          Map.entry("output_cost_per_second", new Plain(Bucket.SECONDS, 1, 2)),
          Map.entry("output_cost_per_video_per_second", new Plain(Bucket.SECONDS, 1, 3)),
          Map.entry("output_cost_per_image", new Plain(Bucket.IMAGES, 1, 0)),
          Map.entry("input_cost_per_pixel", new Plain(Bucket.PIXELS, 1, 0)),
          Map.entry("ocr_cost_per_page", new Plain(Bucket.PAGES, 1, 0)),
          Map.entry("annotation_cost_per_page", new Plain(Bucket.PAGES_ANNOTATED, 1, 0)),
          Map.entry("code_interpreter_cost_per_session", new Plain(Bucket.TOOL_CODE_EXEC, 1, 0)),
          Map.entry("file_search_cost_per_1k_calls", new Plain(Bucket.TOOL_FILE_SEARCH, 1_000, 0)));

  /** Endings of fields that are prices; others describe the model. */
  private static final List<String> PRICES =
      List.of("_cost", "cost_per_", "_cost_", "tiered_pricing");

  /** The meaning of a field; null: no price, or one that no bucket stands for. */
  static @Nullable LiteLlmField of(String field) {
    String name = field;
    ServiceTier tier = ServiceTier.STANDARD;
    for (Map.Entry<String, ServiceTier> suffix : TIERS.entrySet()) {
      if (name.endsWith(suffix.getKey())) {
        tier = suffix.getValue();
        name = name.substring(0, name.length() - suffix.getKey().length());
      }
    }
    Long threshold = null;
    Matcher above = ABOVE.matcher(name);
    if (above.find()) {
      threshold = Long.parseLong(above.group(1)) * 1_000;
      name = name.substring(0, above.start()) + name.substring(above.end());
    }
    Plain plain = PLAIN.get(name);
    return plain == null
        ? null
        : new LiteLlmField(plain.bucket, plain.units, tier, threshold, plain.rank);
  }

  /** Whether the name is that of a price. */
  static boolean isPrice(String field) {
    return PRICES.stream().anyMatch(field::contains);
  }
}
