package dev.tributary.pricing;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns inclusive counts into disjoint ones: each leaf is its total minus the parts that have a
 * bucket of their own.
 */
final class InclusiveSplit {

  private final InclusiveUsage usage;
  private final Map<Bucket, Long> buckets = new EnumMap<>(Bucket.class);
  private @Nullable String contradiction;
  private boolean assumedTtl;

  InclusiveSplit(InclusiveUsage usage) {
    this.usage = usage;
  }

  UsageResult split() {
    try {
      checkSigns();
      splitCacheWrites();
      splitInput();
      splitOutput();
    } catch (ArithmeticException overflow) {
      refuse("token counts overflow 64 bits");
    }
    if (contradiction != null) {
      return new UsageResult.Invalid(contradiction);
    }
    buckets.putAll(usage.units());
    return buckets.isEmpty()
        ? new UsageResult.Missing()
        : new UsageResult.Valid(new Usage(buckets), assumedTtl);
  }

  private void checkSigns() {
    checkSign("input", usage.inputTotal());
    checkSign("cache_read", usage.cacheRead());
    checkSign("cache_write", usage.cacheWrite());
    checkSign("cache_write_5m", usage.cacheWrite5m());
    checkSign("cache_write_1h", usage.cacheWrite1h());
    checkSign("input_audio", usage.inputAudio());
    checkSign("input_image", usage.inputImage());
    checkSign("input_video", usage.inputVideo());
    checkSign("cached_audio", usage.cachedAudio());
    checkSign("cached_image", usage.cachedImage());
    checkSign("output", usage.outputTotal());
    checkSign("reasoning", usage.reasoning());
    checkSign("output_audio", usage.outputAudio());
    checkSign("output_image", usage.outputImage());
    usage.units().forEach((bucket, count) -> checkSign(bucket.wireName(), count));
  }

  private void splitCacheWrites() {
    Long total = usage.cacheWrite();
    Long shortLived = usage.cacheWrite5m();
    Long longLived = usage.cacheWrite1h();
    put(Bucket.CACHE_WRITE_5M, shortLived);
    put(Bucket.CACHE_WRITE_1H, longLived);
    if (total == null) {
      return;
    }
    long unsplit =
        remainder("cache_write", total, Math.addExact(orZero(shortLived), orZero(longLived)));
    if (unsplit > 0) {
      assumedTtl = true;
      buckets.merge(Bucket.CACHE_WRITE_5M, unsplit, Math::addExact);
    } else if (shortLived == null) {
      buckets.put(Bucket.CACHE_WRITE_5M, 0L);
    }
  }

  private void splitInput() {
    Long cacheRead =
        leaf("cache_read", usage.cacheRead(), sum(usage.cachedAudio(), usage.cachedImage()));
    Long audio = leaf("input_audio", usage.inputAudio(), usage.cachedAudio());
    Long image = leaf("input_image", usage.inputImage(), usage.cachedImage());
    put(Bucket.CACHE_READ, cacheRead);
    put(Bucket.INPUT_AUDIO, audio);
    put(Bucket.INPUT_IMAGE, image);
    put(Bucket.INPUT_VIDEO, usage.inputVideo());
    put(Bucket.INPUT_AUDIO_CACHED, usage.cachedAudio());
    put(Bucket.INPUT_IMAGE_CACHED, usage.cachedImage());
    Long parts = null;
    for (Map.Entry<Bucket, Long> entry : buckets.entrySet()) {
      if (entry.getKey().isInput()) {
        parts = sum(parts, entry.getValue());
      }
    }
    put(Bucket.INPUT_UNCACHED, leaf("input", usage.inputTotal(), parts));
  }

  private void splitOutput() {
    put(Bucket.REASONING, usage.reasoning());
    put(Bucket.OUTPUT_AUDIO, usage.outputAudio());
    put(Bucket.OUTPUT_IMAGE, usage.outputImage());
    Long parts = sum(sum(usage.reasoning(), usage.outputAudio()), usage.outputImage());
    put(Bucket.OUTPUT_TEXT, leaf("output", usage.outputTotal(), parts));
  }

  /**
   * What is left of a whole; null where neither the whole nor a part is known. Parts without their
   * whole are refused.
   */
  private @Nullable Long leaf(String name, @Nullable Long whole, @Nullable Long parts) {
    if (whole == null) {
      // A part that is a known zero contradicts nothing.
      if (orZero(parts) > 0) {
        refuse(name + " is missing, but its parts are " + parts);
      }
      return null;
    }
    return remainder(name, whole, orZero(parts));
  }

  private long remainder(String name, long whole, long parts) {
    if (parts > whole) {
      refuse(name + " is " + whole + ", less than its parts " + parts);
    }
    return whole - parts;
  }

  private void checkSign(String name, @Nullable Long count) {
    if (count != null && count < 0) {
      refuse(name + " is negative: " + count);
    }
  }

  private void refuse(String reason) {
    if (contradiction == null) {
      contradiction = reason;
    }
  }

  private void put(Bucket bucket, @Nullable Long count) {
    if (count != null) {
      buckets.put(bucket, count);
    }
  }

  private static @Nullable Long sum(@Nullable Long a, @Nullable Long b) {
    return a == null ? b : b == null ? a : Long.valueOf(Math.addExact(a, b));
  }

  private static long orZero(@Nullable Long count) {
    return count == null ? 0 : count;
  }
}
