package dev.tributary.attribution.core;

import dev.tributary.schemas.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * Sums of token counts, bucket by bucket; a bucket is null until a count is known. Sums have no
 * units: what is billed beside tokens is in the cost.
 */
final class TokenTotals {
  private TokenTotals() {}

  /** The sum of two usages; either may be null. */
  static @Nullable TokenUsage sum(@Nullable TokenUsage left, @Nullable TokenUsage right) {
    if (left == null || right == null) {
      return withoutUnits(left == null ? right : left);
    }
    return new TokenUsage(
        add(left.getInputUncached(), right.getInputUncached()),
        add(left.getCacheRead(), right.getCacheRead()),
        add(left.getCacheWrite5m(), right.getCacheWrite5m()),
        add(left.getCacheWrite1h(), right.getCacheWrite1h()),
        add(left.getInputAudio(), right.getInputAudio()),
        add(left.getInputImage(), right.getInputImage()),
        add(left.getOutputText(), right.getOutputText()),
        add(left.getReasoning(), right.getReasoning()),
        add(left.getOutputAudio(), right.getOutputAudio()),
        add(left.getOutputImage(), right.getOutputImage()),
        left.getAssumedCacheTtl() || right.getAssumedCacheTtl(),
        null);
  }

  private static @Nullable TokenUsage withoutUnits(@Nullable TokenUsage usage) {
    return usage == null || usage.getUnits() == null
        ? usage
        : TokenUsage.newBuilder(usage).setUnits(null).build();
  }

  private static @Nullable Long add(@Nullable Long left, @Nullable Long right) {
    if (left == null && right == null) {
      return null;
    }
    long first = left == null ? 0 : left;
    long second = right == null ? 0 : right;
    return Math.addExact(first, second);
  }

  /** All known input tokens, cached ones included; null: none known. */
  static @Nullable Long input(@Nullable TokenUsage usage) {
    if (usage == null) {
      return null;
    }
    Long total = add(usage.getInputUncached(), usage.getCacheRead());
    total = add(total, usage.getCacheWrite5m());
    total = add(total, usage.getCacheWrite1h());
    total = add(total, usage.getInputAudio());
    return add(total, usage.getInputImage());
  }

  /** All known output tokens; null: none known. */
  static @Nullable Long output(@Nullable TokenUsage usage) {
    if (usage == null) {
      return null;
    }
    Long total = add(usage.getOutputText(), usage.getReasoning());
    total = add(total, usage.getOutputAudio());
    return add(total, usage.getOutputImage());
  }
}
