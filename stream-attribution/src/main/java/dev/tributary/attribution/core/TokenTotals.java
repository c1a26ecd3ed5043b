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
    return combine(left, right, 1);
  }

  private static @Nullable TokenUsage withoutUnits(@Nullable TokenUsage usage) {
    return usage == null || usage.getUnits() == null
        ? usage
        : TokenUsage.newBuilder(usage).setUnits(null).build();
  }

  /** The first usage without the second; buckets that fall to null stay null. */
  static TokenUsage difference(TokenUsage left, TokenUsage right) {
    return combine(left, right, -1);
  }

  private static TokenUsage combine(TokenUsage left, TokenUsage right, int sign) {
    return new TokenUsage(
        add(left.getInputUncached(), right.getInputUncached(), sign),
        add(left.getCacheRead(), right.getCacheRead(), sign),
        add(left.getCacheWrite5m(), right.getCacheWrite5m(), sign),
        add(left.getCacheWrite1h(), right.getCacheWrite1h(), sign),
        add(left.getInputAudio(), right.getInputAudio(), sign),
        add(left.getInputImage(), right.getInputImage(), sign),
        add(left.getOutputText(), right.getOutputText(), sign),
        add(left.getReasoning(), right.getReasoning(), sign),
        add(left.getOutputAudio(), right.getOutputAudio(), sign),
        add(left.getOutputImage(), right.getOutputImage(), sign),
        left.getAssumedCacheTtl() || right.getAssumedCacheTtl(),
        null);
  }

  private static @Nullable Long add(@Nullable Long left, @Nullable Long right, int sign) {
    if (left == null && right == null) {
      return null;
    }
    long first = left == null ? 0 : left;
    long second = right == null ? 0 : right;
    return Math.addExact(first, sign * second);
  }

  /** All known input tokens, cached ones included; null: none known. */
  static @Nullable Long input(@Nullable TokenUsage usage) {
    if (usage == null) {
      return null;
    }
    Long total = add(usage.getInputUncached(), usage.getCacheRead(), 1);
    total = add(total, usage.getCacheWrite5m(), 1);
    total = add(total, usage.getCacheWrite1h(), 1);
    total = add(total, usage.getInputAudio(), 1);
    return add(total, usage.getInputImage(), 1);
  }

  /** All known output tokens; null: none known. */
  static @Nullable Long output(@Nullable TokenUsage usage) {
    if (usage == null) {
      return null;
    }
    Long total = add(usage.getOutputText(), usage.getReasoning(), 1);
    total = add(total, usage.getOutputAudio(), 1);
    return add(total, usage.getOutputImage(), 1);
  }
}
