package dev.tributary.standalone.reconcile;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import dev.tributary.pricing.reconcile.Charge;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a provider's free text charges for, as {@code gpt-4o-2024-08-06, cached input}.
 *
 * @param model the model as written; null: none is named
 * @param bucket null: none is named, or one that is not known
 * @param tier null: none is named
 */
record LineItem(
    Charge charge, @Nullable String model, @Nullable Bucket bucket, @Nullable ServiceTier tier) {

  /** Words of an amount that is of the bill as a whole, the surest first. */
  private static final Map<Charge, Pattern> WHOLE = new LinkedHashMap<>();

  static {
    WHOLE.put(Charge.TAX, words("tax|taxes|vat|gst|hst|pst|qst|iva|mwst|ust|consumption tax"));
    WHOLE.put(Charge.DISCOUNT, words("discount|discounts|rebate|savings"));
    WHOLE.put(Charge.CREDIT, words("credit|credits|grant|promotion|promotional|refund"));
    WHOLE.put(Charge.ADJUSTMENT, words("adjustment|rounding|correction|true-up"));
    WHOLE.put(
        Charge.PURCHASE,
        words("commitment|scale tier|reserved|provisioned|ptu|subscription|prepaid|seats?"));
  }

  /** Names of meters, without tiers; the words of OpenAI, Anthropic, FOCUS and this ledger. */
  private static final Map<String, Bucket> METERS =
      Map.ofEntries(
          Map.entry("input", Bucket.INPUT_UNCACHED),
          Map.entry("input tokens", Bucket.INPUT_UNCACHED),
          Map.entry("text input", Bucket.INPUT_UNCACHED),
          Map.entry("uncached input", Bucket.INPUT_UNCACHED),
          Map.entry("uncached input tokens", Bucket.INPUT_UNCACHED),
          Map.entry("cached input", Bucket.CACHE_READ),
          Map.entry("cached input tokens", Bucket.CACHE_READ),
          Map.entry("cached text input", Bucket.CACHE_READ),
          Map.entry("input cached", Bucket.CACHE_READ),
          Map.entry("cache read", Bucket.CACHE_READ),
          Map.entry("cache read input tokens", Bucket.CACHE_READ),
          Map.entry("cache write", Bucket.CACHE_WRITE_5M),
          Map.entry("ephemeral 5m input tokens", Bucket.CACHE_WRITE_5M),
          Map.entry("cache creation ephemeral 5m input tokens", Bucket.CACHE_WRITE_5M),
          Map.entry("ephemeral 1h input tokens", Bucket.CACHE_WRITE_1H),
          Map.entry("cache creation ephemeral 1h input tokens", Bucket.CACHE_WRITE_1H),
          Map.entry("output", Bucket.OUTPUT_TEXT),
          Map.entry("output tokens", Bucket.OUTPUT_TEXT),
          Map.entry("text output", Bucket.OUTPUT_TEXT),
          Map.entry("audio input", Bucket.INPUT_AUDIO),
          Map.entry("cached audio input", Bucket.INPUT_AUDIO_CACHED),
          Map.entry("audio output", Bucket.OUTPUT_AUDIO),
          Map.entry("image input", Bucket.INPUT_IMAGE),
          Map.entry("cached image input", Bucket.INPUT_IMAGE_CACHED),
          Map.entry("image output", Bucket.OUTPUT_IMAGE),
          Map.entry("web search", Bucket.TOOL_WEB_SEARCH),
          Map.entry("web search tool calls", Bucket.TOOL_WEB_SEARCH),
          Map.entry("file search", Bucket.TOOL_FILE_SEARCH),
          Map.entry("file search tool calls", Bucket.TOOL_FILE_SEARCH),
          Map.entry("code interpreter", Bucket.TOOL_CODE_EXEC),
          Map.entry("code execution", Bucket.TOOL_CODE_EXEC));

  private static final Pattern BETWEEN = Pattern.compile("[\\s_.]+");

  private static Pattern words(String alternatives) {
    return Pattern.compile("\\b(?:" + alternatives + ")\\b", Pattern.CASE_INSENSITIVE);
  }

  /**
   * Reads {@code MODEL, METER}, with the tier as a word of either.
   *
   * @param text null: the provider grouped it away
   */
  static LineItem parse(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return new LineItem(Charge.USAGE, null, null, null);
    }
    int comma = text.lastIndexOf(',');
    if (comma < 0) {
      LineItem meter = meter(text);
      return meter.bucket == null ? new LineItem(chargeOf(text), null, null, null) : meter;
    }
    LineItem meter = meter(text.substring(comma + 1));
    if (meter.bucket == null) {
      return new LineItem(chargeOf(text), null, null, null);
    }
    LineItem model = meter(text.substring(0, comma));
    return new LineItem(
        Charge.USAGE, model.model, meter.bucket, meter.tier == null ? model.tier : meter.tier);
  }

  /** What a text charges for that names no meter; usage where no word says anything else. */
  static Charge chargeOf(String text) {
    for (Map.Entry<Charge, Pattern> whole : WHOLE.entrySet()) {
      if (whole.getValue().matcher(text).find()) {
        return whole.getKey();
      }
    }
    return Charge.USAGE;
  }

  /** The bucket that a meter's name means, by our own name of it too; null: none that is known. */
  static @Nullable Bucket bucketOf(String name) {
    Bucket own = Bucket.ofWireName(name.strip());
    return own != null ? own : METERS.get(normal(name));
  }

  private static String normal(String name) {
    return BETWEEN.matcher(name.strip().toLowerCase(Locale.ROOT)).replaceAll(" ");
  }

  /** Takes the tier out of some words; the rest is a meter, or a model's name as written. */
  private static LineItem meter(String words) {
    ServiceTier tier = null;
    StringBuilder rest = new StringBuilder();
    for (String word : List.of(words.strip().split("\\s+"))) {
      String bare = word.replaceAll("[()\\[\\]]", "");
      ServiceTier named = isTier(bare) ? ServiceTier.parse(bare) : null;
      if (named == null) {
        rest.append(rest.isEmpty() ? "" : " ").append(word);
      } else {
        tier = named;
      }
    }
    Bucket bucket = bucketOf(rest.toString());
    return new LineItem(Charge.USAGE, rest.isEmpty() ? null : rest.toString(), bucket, tier);
  }

  private static boolean isTier(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "batch", "flex", "priority", "standard" -> true;
      default -> false;
    };
  }
}
