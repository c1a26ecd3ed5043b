package dev.tributary.pricing;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts as most providers report them: a total contains its parts. Every count is null where not
 * reported, and 0 is a known zero.
 *
 * @param inputTotal all input tokens
 * @param cacheRead part of the input: read from a cache, whatever the modality
 * @param cacheWrite part of the input: written to a cache, of any lifetime
 * @param cacheWrite5m part of {@code cacheWrite}
 * @param cacheWrite1h part of {@code cacheWrite}
 * @param inputAudio part of the input
 * @param inputImage part of the input
 * @param inputVideo part of the input
 * @param cachedAudio part of both {@code inputAudio} and {@code cacheRead}
 * @param cachedImage part of both {@code inputImage} and {@code cacheRead}
 * @param outputTotal all output tokens
 * @param reasoning part of the output
 * @param outputAudio part of the output
 * @param outputImage part of the output
 * @param units counts of the buckets that are not tokens; taken over as they are
 */
public record InclusiveUsage(
    @Nullable Long inputTotal,
    @Nullable Long cacheRead,
    @Nullable Long cacheWrite,
    @Nullable Long cacheWrite5m,
    @Nullable Long cacheWrite1h,
    @Nullable Long inputAudio,
    @Nullable Long inputImage,
    @Nullable Long inputVideo,
    @Nullable Long cachedAudio,
    @Nullable Long cachedImage,
    @Nullable Long outputTotal,
    @Nullable Long reasoning,
    @Nullable Long outputAudio,
    @Nullable Long outputImage,
    Map<Bucket, Long> units) {

  public InclusiveUsage {
    units = Map.copyOf(units);
    for (Bucket bucket : units.keySet()) {
      if (bucket.isToken()) {
        throw new IllegalArgumentException(
            bucket.wireName() + " counts tokens and has a field of its own");
      }
    }
  }

  /** The counts of a plain text call. */
  public static InclusiveUsage text(
      @Nullable Long inputTotal,
      @Nullable Long cacheRead,
      @Nullable Long cacheWrite,
      @Nullable Long outputTotal,
      @Nullable Long reasoning) {
    return new InclusiveUsage(
        inputTotal,
        cacheRead,
        cacheWrite,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        outputTotal,
        reasoning,
        null,
        null,
        Map.of());
  }
}
