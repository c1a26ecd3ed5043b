package dev.tributary.standalone.price;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.normalize.reply.ReplyTokens;
import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.InclusiveUsage;
import dev.tributary.pricing.Usage;
import dev.tributary.pricing.UsageResult;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Usage as a line's {@code usage} object or as a reply states it. */
final class UsageFields {
  /** Counts with a place of their own in inclusive usage. */
  private static final Set<String> TOKENS =
      Set.of(
          "input_tokens",
          "cache_read_tokens",
          "cache_write_tokens",
          "cache_write_5m_tokens",
          "cache_write_1h_tokens",
          "input_audio_tokens",
          "input_image_tokens",
          "input_video_tokens",
          "cache_audio_read_tokens",
          "cache_image_read_tokens",
          "cache_video_read_tokens",
          "output_tokens",
          "output_reasoning_tokens",
          "reasoning_tokens",
          "output_audio_tokens",
          "output_image_tokens",
          "output_video_tokens",
          "output_citation_tokens");

  /** Parts that are priced as their whole wherever they occur. */
  private static final Set<String> PARTS =
      Set.of(
          "input_text_tokens",
          "output_text_tokens",
          "cache_text_read_tokens",
          "cache_text_write_tokens",
          "cache_text_write_5m_tokens",
          "cache_text_write_1h_tokens",
          "cache_audio_write_tokens",
          "cache_audio_write_5m_tokens",
          "cache_audio_write_1h_tokens",
          "cache_image_write_tokens",
          "cache_image_write_5m_tokens",
          "cache_image_write_1h_tokens",
          "cache_video_write_tokens",
          "cache_video_write_5m_tokens",
          "cache_video_write_1h_tokens",
          "output_text_reasoning_tokens",
          "output_audio_reasoning_tokens",
          "output_image_reasoning_tokens",
          "output_video_reasoning_tokens",
          "output_text_citation_tokens",
          "output_audio_citation_tokens",
          "output_image_citation_tokens",
          "output_video_citation_tokens",
          "input_tool_tokens",
          "input_text_tool_tokens",
          "input_audio_tool_tokens",
          "input_image_tool_tokens",
          "input_video_tool_tokens",
          "total_tokens");

  private static final Map<String, Bucket> UNITS =
      Map.ofEntries(
          Map.entry("web_searches", Bucket.TOOL_WEB_SEARCH),
          Map.entry("storage_searches", Bucket.TOOL_FILE_SEARCH),
          Map.entry("file_searches", Bucket.TOOL_FILE_SEARCH),
          Map.entry("code_executions", Bucket.TOOL_CODE_EXEC),
          Map.entry("rerank_searches", Bucket.TOOL_RERANK),
          Map.entry("social_searches", Bucket.TOOL_SOCIAL_SEARCH),
          Map.entry("requests", Bucket.REQUEST),
          Map.entry("input_pixels", Bucket.PIXELS),
          Map.entry("input_text_messages", Bucket.MESSAGES),
          Map.entry("input_characters", Bucket.CHARACTERS),
          Map.entry("images", Bucket.IMAGES));

  /** Units of which one contains the others. */
  private static final Set<String> NESTED_UNITS =
      Set.of(
          "audio_seconds",
          "input_audio_seconds",
          "output_audio_seconds",
          "input_document_pages",
          "input_annotated_document_pages");

  private static final int MAX_DIGITS = 40;

  /** Digits of a count of tokens; sums of a few stay inside 64 bits. */
  private static final int MAX_WHOLE = 17;

  private final Map<String, Long> tokens = new HashMap<>();
  private final Map<Bucket, BigDecimal> units = new EnumMap<>(Bucket.class);
  private final Map<String, BigDecimal> nested = new HashMap<>();
  private final Set<Bucket> unstated = EnumSet.noneOf(Bucket.class);
  private @Nullable String problem;

  private UsageFields() {}

  /**
   * The usage of a line. What cannot be true is a result, not an error: the line was readable.
   *
   * @param inclusiveOfLine whether totals contain their parts, where the usage itself does not say
   */
  static StatedUsage of(JsonNode usage, JsonNode inclusiveOfLine) throws MalformedLineException {
    if (!usage.isObject()) {
      throw new MalformedLineException("usage must be an object of counts");
    }
    UsageFields fields = new UsageFields();
    for (Map.Entry<String, JsonNode> member : usage.properties()) {
      fields.add(member.getKey(), member.getValue());
    }
    Boolean ofUsage = inclusive(usage.path("inclusive"));
    Boolean ofLine = inclusive(inclusiveOfLine);
    Boolean stated = ofUsage == null ? ofLine : ofUsage;
    return fields.stated(stated == null || stated);
  }

  /** Null: not stated. Read wrongly it would move the price of every cached token. */
  private static @Nullable Boolean inclusive(JsonNode value) throws MalformedLineException {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    return switch (value.asText()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new MalformedLineException("inclusive must be true or false");
    };
  }

  private void add(String name, JsonNode value) throws MalformedLineException {
    if (value.isNull() || name.equals("inclusive")) {
      return;
    }
    if (!value.isNumber()) {
      throw new MalformedLineException("usage." + clip(name) + " must be a number");
    }
    BigDecimal count = value.decimalValue();
    Bucket unit = UNITS.get(name);
    if (count.precision() > MAX_DIGITS || count.scale() > MAX_DIGITS || count.scale() < -18) {
      // An exponent of a billion is a short text, and a number that no memory holds.
      refuse(clip(name) + " has too many digits");
    } else if (count.signum() < 0) {
      refuse(clip(name) + " is negative");
    } else if (unit != null) {
      // Two spellings of one unit in a line mean the same searches.
      units.merge(unit, count, BigDecimal::max);
    } else if (NESTED_UNITS.contains(name)) {
      nested.put(name, count);
    } else if (TOKENS.contains(name) || PARTS.contains(name)) {
      addTokens(name, count);
    } else if (count.signum() > 0) {
      refuse("unknown unit " + clip(name));
    }
  }

  private void addTokens(String name, BigDecimal count) {
    boolean isWhole =
        count.precision() - count.scale() <= MAX_WHOLE && count.stripTrailingZeros().scale() <= 0;
    if (isWhole) {
      tokens.put(name, count.longValueExact());
    } else {
      refuse(name + " is not a whole number of tokens");
    }
  }

  private void refuse(String reason) {
    problem = problem == null ? reason : problem;
  }

  private StatedUsage stated(boolean isInclusive) {
    addSeconds();
    addPages();
    if (problem != null) {
      return StatedUsage.of(new UsageResult.Invalid(problem));
    }
    Long input = tokens.get("input_tokens");
    if (!isInclusive && input != null) {
      Long writes = tokens.get("cache_write_tokens");
      long written =
          writes != null ? writes : count("cache_write_5m_tokens") + count("cache_write_1h_tokens");
      input = input + count("cache_read_tokens") + written;
    }
    Long video = moved("input_video_tokens", "cache_video_read_tokens");
    Long cached = moved("cache_read_tokens", "cache_video_read_tokens");
    Long output = moved("output_tokens", "output_video_tokens", "output_citation_tokens");
    Long inputTotal = input == null ? null : Long.valueOf(input - count("cache_video_read_tokens"));
    beside(Bucket.INPUT_VIDEO_CACHED, "cache_video_read_tokens");
    beside(Bucket.OUTPUT_VIDEO, "output_video_tokens");
    beside(Bucket.OUTPUT_CITATION, "output_citation_tokens");
    Long reasoning = tokens.get("output_reasoning_tokens");
    UsageResult split =
        Usage.fromInclusive(
            new InclusiveUsage(
                inputTotal,
                cached,
                tokens.get("cache_write_tokens"),
                tokens.get("cache_write_5m_tokens"),
                tokens.get("cache_write_1h_tokens"),
                tokens.get("input_audio_tokens"),
                tokens.get("input_image_tokens"),
                video,
                tokens.get("cache_audio_read_tokens"),
                tokens.get("cache_image_read_tokens"),
                output,
                reasoning == null ? tokens.get("reasoning_tokens") : reasoning,
                tokens.get("output_audio_tokens"),
                tokens.get("output_image_tokens"),
                Map.of()));
    if (tokens.get("cache_write_tokens") == null
        && count("cache_write_5m_tokens") + count("cache_write_1h_tokens") > 0) {
      unstated.add(Bucket.CACHE_WRITE_5M);
    }
    unstated.addAll(
        unsplit(
            tokens.get("cache_read_tokens"),
            tokens.get("input_audio_tokens"),
            tokens.get("cache_audio_read_tokens"),
            tokens.get("input_image_tokens"),
            tokens.get("cache_image_read_tokens")));
    return new StatedUsage(split, units, unstated);
  }

  /** Cached buckets of which nobody says how much of the cached input they hold. */
  private static Set<Bucket> unsplit(
      @Nullable Long cached,
      @Nullable Long audio,
      @Nullable Long cachedAudio,
      @Nullable Long image,
      @Nullable Long cachedImage) {
    Set<Bucket> unsplit = EnumSet.noneOf(Bucket.class);
    if (orZero(cached) > 0 && orZero(audio) > 0 && cachedAudio == null) {
      unsplit.add(Bucket.INPUT_AUDIO_CACHED);
    }
    if (orZero(cached) > 0 && orZero(image) > 0 && cachedImage == null) {
      unsplit.add(Bucket.INPUT_IMAGE_CACHED);
    }
    return unsplit;
  }

  /** Seconds by direction are parts of all seconds; without a total they are what is known. */
  private void addSeconds() {
    BigDecimal total = nested.get("audio_seconds");
    BigDecimal in = nested.get("input_audio_seconds");
    BigDecimal out = nested.get("output_audio_seconds");
    BigDecimal parts = in == null ? out : out == null ? in : in.add(out);
    if (parts == null) {
      put(Bucket.SECONDS, total);
    } else if (total == null || total.signum() == 0) {
      put(Bucket.SECONDS, parts);
      if (parts.signum() > 0) {
        unstated.add(Bucket.SECONDS);
      }
    } else if (parts.compareTo(total) > 0) {
      refuse("audio_seconds is " + total + ", less than its parts " + parts);
    } else {
      put(Bucket.SECONDS, total);
    }
  }

  /** Annotated pages are among the pages and have a price of their own. */
  private void addPages() {
    BigDecimal pages = nested.get("input_document_pages");
    BigDecimal annotated = nested.get("input_annotated_document_pages");
    if (annotated == null) {
      put(Bucket.PAGES, pages);
      return;
    }
    BigDecimal all = pages == null ? BigDecimal.ZERO : pages;
    if (annotated.compareTo(all) > 0) {
      refuse("input_document_pages is " + all + ", less than its annotated ones " + annotated);
      return;
    }
    put(Bucket.PAGES, all.subtract(annotated));
    put(Bucket.PAGES_ANNOTATED, annotated);
  }

  private void put(Bucket bucket, @Nullable BigDecimal count) {
    if (count != null) {
      units.put(bucket, count);
    }
  }

  /** A whole without the parts that get a bucket here; negative where they exceed it. */
  private @Nullable Long moved(String whole, String... parts) {
    Long rest = tokens.get(whole);
    for (String part : parts) {
      rest = rest == null ? null : Long.valueOf(rest - count(part));
    }
    return rest;
  }

  private void beside(Bucket bucket, String name) {
    Long count = tokens.get(name);
    if (count != null) {
      units.put(bucket, BigDecimal.valueOf(count));
    }
  }

  private long count(String name) {
    return tokens.getOrDefault(name, 0L);
  }

  /** The usage of a reply. */
  static StatedUsage of(ReplyTokens reply) {
    Map<Bucket, Long> counts = new EnumMap<>(Bucket.class);
    long cachedModal =
        orZero(reply.cachedAudio()) + orZero(reply.cachedImage()) + orZero(reply.cachedVideo());
    Long read = reply.cacheRead();
    put(counts, Bucket.INPUT_UNCACHED, reply.inputUncached());
    put(counts, Bucket.CACHE_READ, read == null ? null : Long.valueOf(read - cachedModal));
    put(counts, Bucket.CACHE_WRITE_5M, reply.cacheWrite5m());
    put(counts, Bucket.CACHE_WRITE_1H, reply.cacheWrite1h());
    put(counts, Bucket.INPUT_AUDIO, reply.inputAudio());
    put(counts, Bucket.INPUT_IMAGE, reply.inputImage());
    put(counts, Bucket.INPUT_VIDEO, reply.inputVideo());
    put(counts, Bucket.INPUT_AUDIO_CACHED, reply.cachedAudio());
    put(counts, Bucket.INPUT_IMAGE_CACHED, reply.cachedImage());
    put(counts, Bucket.INPUT_VIDEO_CACHED, reply.cachedVideo());
    put(counts, Bucket.OUTPUT_TEXT, reply.outputText());
    put(counts, Bucket.REASONING, reply.reasoning());
    put(counts, Bucket.OUTPUT_AUDIO, reply.outputAudio());
    put(counts, Bucket.OUTPUT_IMAGE, reply.outputImage());
    put(counts, Bucket.OUTPUT_CITATION, reply.citation());
    Map<Bucket, BigDecimal> units = new EnumMap<>(Bucket.class);
    reply
        .units()
        .forEach((name, count) -> units.put(requireNonNull(Bucket.ofWireName(name), name), count));
    return counts.isEmpty()
        ? new StatedUsage(new UsageResult.Missing(), units, Set.of())
        : new StatedUsage(
            new UsageResult.Valid(new Usage(counts), reply.assumedCacheTtl()),
            units,
            unsplit(
                read,
                reply.inputAudio(),
                reply.cachedAudio(),
                reply.inputImage(),
                reply.cachedImage()));
  }

  private static void put(Map<Bucket, Long> counts, @Nullable Bucket bucket, @Nullable Long count) {
    if (bucket != null && count != null) {
      counts.put(bucket, count);
    }
  }

  private static long orZero(@Nullable Long count) {
    return count == null ? 0 : count;
  }

  static String clip(String name) {
    return name.length() <= 64 ? name : name.substring(0, 64);
  }
}
