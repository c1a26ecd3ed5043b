package dev.tributary.pricing.importer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ContextTier;
import dev.tributary.pricing.Fallback;
import dev.tributary.pricing.Rate;
import dev.tributary.pricing.RateCardBuilder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One {@code prices} object of genai-prices: a price for each unit, each perhaps in tiers of the
 * input size.
 *
 * @param byBucket the prices as written, by the bucket they are for
 */
record GenAiPricesRates(Map<Bucket, JsonNode> byBucket) {
  /** A price key: the bucket it is for, and how many units it buys. */
  private record Key(Bucket bucket, long per) {}

  private static final long MILLION = 1_000_000;

  private static final Map<String, Key> KEYS =
      Map.ofEntries(
          Map.entry("input_mtok", new Key(Bucket.INPUT_UNCACHED, MILLION)),
          Map.entry("cache_read_mtok", new Key(Bucket.CACHE_READ, MILLION)),
          Map.entry("cache_write_mtok", new Key(Bucket.CACHE_WRITE_5M, MILLION)),
          Map.entry("cache_write_1h_mtok", new Key(Bucket.CACHE_WRITE_1H, MILLION)),
          Map.entry("input_audio_mtok", new Key(Bucket.INPUT_AUDIO, MILLION)),
          Map.entry("input_image_mtok", new Key(Bucket.INPUT_IMAGE, MILLION)),
          Map.entry("input_video_mtok", new Key(Bucket.INPUT_VIDEO, MILLION)),
          Map.entry("cache_audio_read_mtok", new Key(Bucket.INPUT_AUDIO_CACHED, MILLION)),
          Map.entry("cache_image_read_mtok", new Key(Bucket.INPUT_IMAGE_CACHED, MILLION)),
          Map.entry("cache_video_read_mtok", new Key(Bucket.INPUT_VIDEO_CACHED, MILLION)),
          Map.entry("output_mtok", new Key(Bucket.OUTPUT_TEXT, MILLION)),
          Map.entry("output_reasoning_mtok", new Key(Bucket.REASONING, MILLION)),
          Map.entry("output_audio_mtok", new Key(Bucket.OUTPUT_AUDIO, MILLION)),
          Map.entry("output_image_mtok", new Key(Bucket.OUTPUT_IMAGE, MILLION)),
          Map.entry("output_video_mtok", new Key(Bucket.OUTPUT_VIDEO, MILLION)),
          Map.entry("output_citation_mtok", new Key(Bucket.OUTPUT_CITATION, MILLION)),
          Map.entry("web_searches_kcount", new Key(Bucket.TOOL_WEB_SEARCH, 1_000)),
          Map.entry("storage_searches_kcount", new Key(Bucket.TOOL_FILE_SEARCH, 1_000)),
          Map.entry("code_executions_kcount", new Key(Bucket.TOOL_CODE_EXEC, 1_000)),
          Map.entry("rerank_searches_kcount", new Key(Bucket.TOOL_RERANK, 1_000)),
          Map.entry("requests_kcount", new Key(Bucket.REQUEST, 1_000)),
          Map.entry("audio_hours", new Key(Bucket.SECONDS, 3_600)),
          Map.entry("input_audio_hours", new Key(Bucket.SECONDS, 3_600)),
          Map.entry("input_document_kpages", new Key(Bucket.PAGES, 1_000)),
          Map.entry("input_annotated_document_kpages", new Key(Bucket.PAGES_ANNOTATED, 1_000)),
          Map.entry("input_text_messages_kcount", new Key(Bucket.MESSAGES, 1_000)),
          Map.entry("input_mchars", new Key(Bucket.CHARACTERS, MILLION)),
          Map.entry("social_searches_kcount", new Key(Bucket.TOOL_SOCIAL_SEARCH, 1_000)),
          Map.entry("input_gpixels", new Key(Bucket.PIXELS, 1_000_000_000)));

  /**
   * Reads the object.
   *
   * @param unknown told each price key that no bucket stands for
   */
  static GenAiPricesRates of(JsonNode prices, Consumer<String> unknown) {
    Map<Bucket, JsonNode> byBucket = new EnumMap<>(Bucket.class);
    for (Map.Entry<String, JsonNode> price : prices.properties()) {
      Key key = KEYS.get(price.getKey());
      if (key == null) {
        unknown.accept(price.getKey());
      } else {
        byBucket.put(key.bucket(), price.getValue());
      }
    }
    return new GenAiPricesRates(byBucket);
  }

  /** The input sizes above which another price holds, ascending; null first: from the start. */
  List<@Nullable Long> thresholds() {
    TreeSet<Long> starts = new TreeSet<>();
    for (JsonNode price : byBucket.values()) {
      for (JsonNode tier : price.path("tiers")) {
        JsonNode start = tier.path("start");
        if (!start.isIntegralNumber() || !start.canConvertToLong() || start.longValue() < 0) {
          throw new IllegalArgumentException("a tier starts at a whole number, not " + start);
        }
        starts.add(start.longValue());
      }
    }
    List<@Nullable Long> thresholds = new ArrayList<>();
    thresholds.add(null);
    thresholds.addAll(starts);
    return thresholds;
  }

  /**
   * Sets what holds above that input size: context, rates, and that a part takes its whole's rate.
   */
  void apply(RateCardBuilder card, @Nullable Long threshold) {
    if (threshold != null) {
      card.context(new ContextTier(ContextTier.Op.GREATER, threshold));
    }
    boolean isFree = true;
    for (Map.Entry<Bucket, JsonNode> price : byBucket.entrySet()) {
      Rate rate = rate(price.getKey(), price.getValue(), threshold);
      card.rate(price.getKey(), rate);
      isFree &= rate.isZero();
    }
    if (byBucket.isEmpty()) {
      // A model listed without any price costs nothing by the list's own rule.
      card.rate(Bucket.INPUT_UNCACHED, "0").rate(Bucket.OUTPUT_TEXT, "0");
    }
    card.free(isFree);
    // The list's rule that a part without a price costs as its whole, said on the card.
    card.fallback(Fallback.PARENT);
  }

  private static Rate rate(Bucket bucket, JsonNode price, @Nullable Long threshold) {
    JsonNode amount = price.isObject() ? price.path("base") : price;
    long reached = -1;
    for (JsonNode tier : price.path("tiers")) {
      long start = tier.path("start").longValue();
      if (threshold != null && start <= threshold && start > reached) {
        reached = start;
        amount = tier.path("price");
      }
    }
    if (!amount.isNumber()) {
      throw new IllegalArgumentException(bucket.wireName() + " has no number for a price");
    }
    long per =
        KEYS.values().stream()
            .filter(key -> key.bucket() == bucket)
            .mapToLong(Key::per)
            .findFirst()
            .orElse(MILLION);
    return new Rate(amount.decimalValue(), per);
  }
}
