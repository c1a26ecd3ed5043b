package dev.tributary.normalize.reply;

import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.UnitUsage;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A usage in disjoint buckets: the input buckets add up to all input tokens, the output buckets to
 * all output tokens. Null: not stated, and not derivable; 0 is a stated zero.
 *
 * @param inputUncached text input that no cache served
 * @param cacheRead input read from a cache, of any modality
 * @param cacheWrite5m input written to a cache of five minutes, or of a lifetime not stated
 * @param cacheWrite1h input written to a cache of one hour
 * @param assumedCacheTtl whether some writes came without a lifetime
 * @param inputAudio audio input that no cache served
 * @param inputImage image and document input that no cache served
 * @param inputVideo video input that no cache served
 * @param cachedAudio the audio among {@code cacheRead}; no bucket of its own
 * @param cachedImage the images among {@code cacheRead}; no bucket of its own
 * @param cachedVideo the video among {@code cacheRead}; no bucket of its own
 * @param outputText text output without reasoning
 * @param reasoning reasoning output
 * @param outputAudio audio output
 * @param outputImage image output
 * @param citation tokens of citations, billed like output by one provider; beside all others
 * @param units what is not counted in tokens, by the bucket names of price catalogues: {@code
 *     tool.web_search}, {@code tool.social_search}, {@code tool.file_search}, {@code tool.rerank},
 *     {@code pages}, {@code pages.annotated}, {@code messages}, {@code seconds}; these last may
 *     have a fraction
 */
public record ReplyTokens(
    @Nullable Long inputUncached,
    @Nullable Long cacheRead,
    @Nullable Long cacheWrite5m,
    @Nullable Long cacheWrite1h,
    boolean assumedCacheTtl,
    @Nullable Long inputAudio,
    @Nullable Long inputImage,
    @Nullable Long inputVideo,
    @Nullable Long cachedAudio,
    @Nullable Long cachedImage,
    @Nullable Long cachedVideo,
    @Nullable Long outputText,
    @Nullable Long reasoning,
    @Nullable Long outputAudio,
    @Nullable Long outputImage,
    @Nullable Long citation,
    Map<String, BigDecimal> units) {
  /** Copies the map. */
  public ReplyTokens {
    units = Map.copyOf(units);
  }

  /** All input tokens, cached ones included; null: none stated. */
  public @Nullable Long inputTotal() {
    return sum(
        inputUncached, cacheRead, cacheWrite5m, cacheWrite1h, inputAudio, inputImage, inputVideo);
  }

  /** All output tokens, reasoning included, citations not; null: none stated. */
  public @Nullable Long outputTotal() {
    return sum(outputText, reasoning, outputAudio, outputImage);
  }

  /**
   * The buckets as a span carries them. Video input has no field there and joins the images;
   * citations are left out.
   */
  public TokenUsage toTokenUsage() {
    TokenUsage usage = new TokenUsage();
    usage.setInputUncached(inputUncached);
    usage.setCacheRead(cacheRead);
    usage.setCacheWrite5m(cacheWrite5m);
    usage.setCacheWrite1h(cacheWrite1h);
    usage.setAssumedCacheTtl(assumedCacheTtl);
    usage.setInputAudio(inputAudio);
    usage.setInputImage(sum(inputImage, inputVideo));
    usage.setOutputText(outputText);
    usage.setReasoning(reasoning);
    usage.setOutputAudio(outputAudio);
    usage.setOutputImage(outputImage);
    usage.setUnits(toUnitUsage());
    return usage;
  }

  /** The units as a span carries them; null: none stated. */
  public @Nullable UnitUsage toUnitUsage() {
    Long pages = whole("pages");
    UnitUsage usage =
        new UnitUsage(
            whole("tool.web_search"),
            whole("tool.social_search"),
            whole("tool.file_search"),
            whole("tool.rerank"),
            whole("seconds"),
            pages == null ? whole("pages.annotated") : pages);
    return usage.equals(new UnitUsage()) ? null : usage;
  }

  /** A part of a unit has no place on a span and is not rounded. */
  private @Nullable Long whole(String unit) {
    BigDecimal count = units.get(unit);
    return count == null || count.stripTrailingZeros().scale() > 0 ? null : count.longValueExact();
  }

  private static @Nullable Long sum(@Nullable Long... parts) {
    Long sum = null;
    for (Long part : parts) {
      if (part != null) {
        sum = sum == null ? part : Long.valueOf(sum + part);
      }
    }
    return sum;
  }
}
