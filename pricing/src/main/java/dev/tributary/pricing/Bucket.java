package dev.tributary.pricing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One disjoint class of consumed units. A token is counted in exactly one token bucket, so the sum
 * of the input buckets is the provider's total input and the sum of the output buckets its total
 * output.
 */
public enum Bucket {
  /** Text input that was neither read from nor written to a cache. */
  INPUT_UNCACHED("in.text.uncached", Kind.INPUT),
  /** Text input read from a prompt cache. */
  CACHE_READ("in.cache_read", Kind.INPUT),
  /** Input written to a cache that lives five minutes; also where the lifetime is not stated. */
  CACHE_WRITE_5M("in.cache_write_5m", Kind.INPUT),
  /** Input written to a cache that lives one hour. */
  CACHE_WRITE_1H("in.cache_write_1h", Kind.INPUT),
  INPUT_AUDIO("in.audio", Kind.INPUT),
  INPUT_IMAGE("in.image", Kind.INPUT),
  INPUT_VIDEO("in.video", Kind.INPUT),
  INPUT_AUDIO_CACHED("in.audio.cached", Kind.INPUT),
  INPUT_IMAGE_CACHED("in.image.cached", Kind.INPUT),
  INPUT_VIDEO_CACHED("in.video.cached", Kind.INPUT),
  /** Visible text output, without reasoning. */
  OUTPUT_TEXT("out.text", Kind.OUTPUT),
  REASONING("out.reasoning", Kind.OUTPUT),
  OUTPUT_AUDIO("out.audio", Kind.OUTPUT),
  OUTPUT_IMAGE("out.image", Kind.OUTPUT),
  OUTPUT_VIDEO("out.video", Kind.OUTPUT),
  /** Output that quotes sources, where a provider counts it apart. */
  OUTPUT_CITATION("out.citation", Kind.OUTPUT),
  /** Searches the provider ran for the call. */
  TOOL_WEB_SEARCH("tool.web_search", Kind.UNIT),
  TOOL_FILE_SEARCH("tool.file_search", Kind.UNIT),
  TOOL_CODE_EXEC("tool.code_exec", Kind.UNIT),
  /** Queries of a reranker or of a search API. */
  TOOL_RERANK("tool.rerank", Kind.UNIT),
  /** Requests that carry a fee of their own; one where a card has the fee and nobody counted. */
  REQUEST("request", Kind.UNIT),
  SECONDS("seconds", Kind.UNIT),
  PAGES("pages", Kind.UNIT),
  /** Pages that were also annotated; not in {@link #PAGES}. */
  PAGES_ANNOTATED("pages.annotated", Kind.UNIT),
  /** Text messages of a voice session. */
  MESSAGES("messages", Kind.UNIT),
  CHARACTERS("characters", Kind.UNIT),
  IMAGES("images", Kind.UNIT),
  /** Searches in social networks that the provider ran for the call. */
  TOOL_SOCIAL_SEARCH("tool.social_search", Kind.UNIT),
  PIXELS("pixels", Kind.UNIT);

  private enum Kind {
    INPUT,
    OUTPUT,
    UNIT
  }

  /** All buckets in declaration order; a list, because {@code values()} copies on each call. */
  static final List<Bucket> ALL = List.of(values());

  /** Indices between which the input buckets stand, both included. */
  static final int FIRST_INPUT = INPUT_UNCACHED.index();

  static final int LAST_INPUT = INPUT_VIDEO_CACHED.index();

  /** Indices between which the output buckets stand, both included. */
  static final int FIRST_OUTPUT = OUTPUT_TEXT.index();

  static final int LAST_OUTPUT = OUTPUT_CITATION.index();

  private static final Map<String, Bucket> BY_WIRE_NAME = byWireName();

  /** What each bucket is part of, the nearest first; the order of {@link Fallback#PARENT}. */
  private static final Map<Bucket, List<Bucket>> WHOLES =
      Map.ofEntries(
          Map.entry(CACHE_READ, List.of(INPUT_UNCACHED)),
          Map.entry(CACHE_WRITE_5M, List.of(INPUT_UNCACHED)),
          Map.entry(CACHE_WRITE_1H, List.of(CACHE_WRITE_5M, INPUT_UNCACHED)),
          Map.entry(INPUT_AUDIO, List.of(INPUT_UNCACHED)),
          Map.entry(INPUT_IMAGE, List.of(INPUT_UNCACHED)),
          Map.entry(INPUT_VIDEO, List.of(INPUT_UNCACHED)),
          Map.entry(INPUT_AUDIO_CACHED, List.of(CACHE_READ, INPUT_AUDIO, INPUT_UNCACHED)),
          Map.entry(INPUT_IMAGE_CACHED, List.of(CACHE_READ, INPUT_IMAGE, INPUT_UNCACHED)),
          Map.entry(INPUT_VIDEO_CACHED, List.of(CACHE_READ, INPUT_VIDEO, INPUT_UNCACHED)),
          Map.entry(REASONING, List.of(OUTPUT_TEXT)),
          Map.entry(OUTPUT_AUDIO, List.of(OUTPUT_TEXT)),
          Map.entry(OUTPUT_IMAGE, List.of(OUTPUT_TEXT)),
          Map.entry(OUTPUT_VIDEO, List.of(OUTPUT_TEXT)),
          Map.entry(OUTPUT_CITATION, List.of(OUTPUT_TEXT)),
          Map.entry(PAGES_ANNOTATED, List.of(PAGES)));

  private final String wireName;
  private final Kind kind;

  Bucket(String wireName, Kind kind) {
    this.wireName = wireName;
    this.kind = kind;
  }

  /** Its place in arrays of this process; nothing outside may depend on it. */
  @SuppressWarnings("EnumOrdinal")
  int index() {
    return ordinal();
  }

  /** The name in catalogues and on topics, as {@code in.text.uncached}. */
  public String wireName() {
    return wireName;
  }

  /**
   * Whether the bucket counts tokens; the others count requests, searches, seconds, pages or
   * images.
   */
  public boolean isToken() {
    return kind != Kind.UNIT;
  }

  /** Whether the bucket counts input tokens, cached ones included. */
  public boolean isInput() {
    return kind == Kind.INPUT;
  }

  /** Whether the bucket counts output tokens. */
  public boolean isOutput() {
    return kind == Kind.OUTPUT;
  }

  /** The bucket of that wire name, or null where there is none. */
  public static @Nullable Bucket ofWireName(String wireName) {
    return BY_WIRE_NAME.get(wireName);
  }

  /** The buckets this one is part of by nature, the nearest first; empty for a whole. */
  public List<Bucket> wholes() {
    return WHOLES.getOrDefault(this, List.of());
  }

  private static Map<String, Bucket> byWireName() {
    Map<String, Bucket> byName = new HashMap<>();
    for (Bucket bucket : values()) {
      byName.put(bucket.wireName, bucket);
    }
    return Map.copyOf(byName);
  }
}
