package dev.tributary.normalize.core;

import dev.tributary.schemas.TokenUsage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Token counts as a span states them, before they become disjoint buckets. Null: not stated. */
final class TokenCounts {
  /** No context window and no batch comes near; sums of a few stay far from overflow. */
  static final long ABSURD = 1_000_000_000_000L;

  @Nullable Long input;
  @Nullable Long cacheRead;
  @Nullable Long cacheWrite;
  @Nullable Long cacheWrite5m;
  @Nullable Long cacheWrite1h;
  @Nullable Long audioInput;
  @Nullable Long audioCached;
  @Nullable Long imageInput;
  @Nullable Long imageCached;
  @Nullable Long output;
  @Nullable Long reasoning;
  @Nullable Long audioOutput;
  @Nullable Long imageOutput;
  @Nullable Long total;

  /** What is billed beside tokens. */
  Units units = Units.NONE;

  /** True where the parts stand beside {@link #input} and {@link #output}, not inside them. */
  boolean isPartition;

  /** True where a missing total was computed from the others. */
  boolean isDerived;

  /** True where the numbers or their names prove that cached input stands beside the input. */
  boolean isExclusive;

  /** True where the shape of the usage object says that cached input is inside the input. */
  boolean isInclusive;

  /** True where reasoning stands beside {@link #output}, not inside it. */
  boolean isReasoningOutside;

  /** Buckets, or why there are none. */
  record Split(@Nullable TokenUsage usage, @Nullable UsageError error) {}

  boolean isEmpty() {
    return input == null
        && cacheRead == null
        && cacheWrite == null
        && cacheWrite5m == null
        && cacheWrite1h == null
        && output == null
        && reasoning == null
        && audioInput == null
        && audioOutput == null
        && imageInput == null
        && imageOutput == null
        && !units.isUsage();
  }

  /** Cached input, read and written, in all its spellings. */
  long cached() {
    return zeroIfNull(cacheRead) + writes();
  }

  private long writes() {
    long byLifetime = zeroIfNull(cacheWrite5m) + zeroIfNull(cacheWrite1h);
    return cacheWrite == null ? byLifetime : cacheWrite;
  }

  /** Fills in one of input and output where only the other and the total are stated. */
  void deriveFromTotal() {
    if (total == null || isPartition || cacheRead != null || cacheWrite != null) {
      return;
    }
    if (input == null && output != null && total >= output) {
      input = total - output;
      isDerived = true;
    } else if (output == null && input != null && total > input) {
      output = total - input;
      isDerived = true;
    }
  }

  /** Takes from other counts of the same call what these do not state. */
  void fillFrom(TokenCounts other) {
    boolean hadInput = input != null;
    boolean hadOutput = output != null;
    input = hadInput ? input : other.input;
    cacheRead = cacheRead == null ? other.cacheRead : cacheRead;
    boolean hadWrites = cacheWrite != null || cacheWrite5m != null || cacheWrite1h != null;
    if (!hadWrites || (writes() == other.writes() && cacheWrite5m == null)) {
      cacheWrite = other.cacheWrite;
      cacheWrite5m = other.cacheWrite5m;
      cacheWrite1h = other.cacheWrite1h;
    }
    audioInput = audioInput == null ? other.audioInput : audioInput;
    imageInput = imageInput == null ? other.imageInput : imageInput;
    output = hadOutput ? output : other.output;
    reasoning = reasoning == null ? other.reasoning : reasoning;
    audioOutput = audioOutput == null ? other.audioOutput : audioOutput;
    imageOutput = imageOutput == null ? other.imageOutput : imageOutput;
    total = total == null ? other.total : total;
    units = units.or(other.units);
    boolean isSameInput = Objects.equals(input, other.input);
    isExclusive |= other.isExclusive && isSameInput;
    isInclusive |= other.isInclusive && isSameInput;
    isReasoningOutside |= other.isReasoningOutside && Objects.equals(output, other.output);
  }

  /**
   * What the total proves. A provider's total is the sum of disjoint counts: where input and output
   * do not make it and the subsets fill the gap exactly, the subsets stand beside them.
   */
  void proveFromTotal() {
    if (total == null || input == null || output == null || isPartition) {
      return;
    }
    long gap = total - input - output;
    long cached = cached();
    long thought = zeroIfNull(reasoning);
    if (gap <= 0) {
      return;
    }
    if (cached > 0 && gap == cached) {
      isExclusive = true;
    } else if (thought > 0 && gap == thought) {
      isReasoningOutside = true;
    } else if (cached > 0 && thought > 0 && gap == cached + thought) {
      isExclusive = true;
      isReasoningOutside = true;
    }
  }

  /** The counts as the convention has them: reasoning inside the output. */
  void includeReasoning() {
    if (isReasoningOutside && output != null && reasoning != null) {
      output += reasoning;
      isReasoningOutside = false;
      isDerived = true;
    }
  }

  /**
   * Gemini's total counts thoughts that an instrumentation did not pass on; they are output.
   * Nothing else is between its input, its candidates and its total but tool prompts, which are
   * rare.
   */
  void deriveThoughts() {
    if (total == null || input == null || output == null || reasoning != null) {
      return;
    }
    if (total > input + output) {
      output = total - input;
      isDerived = true;
    }
  }

  /**
   * The counts as disjoint buckets.
   *
   * @param isExclusive whether cached input stands beside the input
   */
  Split split(boolean isExclusive) {
    UsageError error = error();
    if (error != null) {
      return new Split(null, error);
    }
    Long uncached = input;
    if (uncached != null && !isPartition) {
      uncached -= zeroIfNull(audioInput) - zeroIfNull(audioCached);
      uncached -= zeroIfNull(imageInput) - zeroIfNull(imageCached);
      uncached -= isExclusive ? 0 : cached();
      if (uncached < 0) {
        return new Split(null, UsageError.SUBSETS_EXCEED_INPUT);
      }
    }
    Long text = output;
    if (text != null && !isPartition) {
      text -= zeroIfNull(reasoning) + zeroIfNull(audioOutput) + zeroIfNull(imageOutput);
      if (text < 0) {
        return new Split(null, UsageError.SUBSETS_EXCEED_OUTPUT);
      }
    }
    return new Split(usage(uncached, text), null);
  }

  private TokenUsage usage(@Nullable Long uncached, @Nullable Long text) {
    TokenUsage usage = new TokenUsage();
    usage.setInputUncached(uncached);
    usage.setCacheRead(cacheRead);
    boolean hasLifetimes =
        (cacheWrite5m != null || cacheWrite1h != null)
            && (cacheWrite == null
                || cacheWrite == zeroIfNull(cacheWrite5m) + zeroIfNull(cacheWrite1h));
    usage.setCacheWrite5m(hasLifetimes ? cacheWrite5m : cacheWrite);
    usage.setCacheWrite1h(hasLifetimes ? cacheWrite1h : null);
    usage.setAssumedCacheTtl(!hasLifetimes && cacheWrite != null && cacheWrite > 0);
    usage.setInputAudio(without(audioInput, audioCached));
    usage.setInputImage(without(imageInput, imageCached));
    usage.setOutputText(text);
    usage.setReasoning(reasoning);
    usage.setOutputAudio(audioOutput);
    usage.setOutputImage(imageOutput);
    usage.setUnits(units.toRecord());
    return usage;
  }

  /** What is wrong with single counts; null: nothing. */
  @Nullable UsageError error() {
    Long[] all = {
      input,
      cacheRead,
      cacheWrite,
      cacheWrite5m,
      cacheWrite1h,
      audioInput,
      audioCached,
      imageInput,
      imageCached,
      output,
      reasoning,
      audioOutput,
      imageOutput
    };
    for (Long count : all) {
      if (count != null && count < 0) {
        return UsageError.NEGATIVE_COUNT;
      }
      if (count != null && count > ABSURD) {
        return UsageError.ABSURD_COUNT;
      }
    }
    boolean isTooMuchCached =
        zeroIfNull(audioCached) > zeroIfNull(audioInput)
            || zeroIfNull(imageCached) > zeroIfNull(imageInput);
    return isTooMuchCached ? UsageError.SUBSETS_EXCEED_INPUT : units.error();
  }

  private static @Nullable Long without(@Nullable Long all, @Nullable Long part) {
    return all == null ? null : Long.valueOf(all - zeroIfNull(part));
  }

  private static long zeroIfNull(@Nullable Long count) {
    return count == null ? 0 : count;
  }
}
