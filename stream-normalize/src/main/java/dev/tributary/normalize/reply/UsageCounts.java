package dev.tributary.normalize.reply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.normalize.reply.ReplySource.Family;
import dev.tributary.schemas.UsageConvention;
import dev.tributary.schemas.UsageQuality;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The counts of one reply, as its blocks state them. A setter ignores null, so that a later block
 * replaces only what it states.
 */
final class UsageCounts {
  /** No context window and no batch comes near; sums of a few stay far from overflow. */
  private static final long ABSURD = 1_000_000_000_000L;

  private static final int MAX_RAW = 64;

  /** Decimal places of a count that may have a fraction: no clock states audio finer. */
  private static final int MAX_PLACES = 9;

  boolean isInclusive;
  boolean isExclusive;
  boolean isReasoningBeside;
  boolean isDerived;

  private final ReplySource source;
  private final Map<String, Long> raw = new LinkedHashMap<>();
  private final Map<String, BigDecimal> units = new LinkedHashMap<>();
  private @Nullable String problem;
  private @Nullable Long input;
  private @Nullable Long cacheRead;
  private @Nullable Long cacheWrite;
  private @Nullable Long cacheWrite5m;
  private @Nullable Long cacheWrite1h;
  private @Nullable Long inputAudio;
  private @Nullable Long inputImage;
  private @Nullable Long inputVideo;
  private @Nullable Long cachedAudio;
  private @Nullable Long cachedImage;
  private @Nullable Long cachedVideo;
  private @Nullable Long output;
  private @Nullable Long reasoning;
  private @Nullable Long outputAudio;
  private @Nullable Long outputImage;
  private @Nullable Long citation;
  private @Nullable Long total;
  private long compactionInput;
  private long compactionOutput;

  UsageCounts(ReplySource source) {
    this.source = source;
  }

  boolean isEmpty() {
    return problem == null
        && units.isEmpty()
        && input == null
        && output == null
        && total == null
        && cacheRead == null
        && cacheWrite == null
        && reasoning == null;
  }

  /** A count of a block; null: not stated. Anything but a whole number spoils the usage. */
  @Nullable Long number(JsonNode block, String name) {
    return number(block, name, null);
  }

  /** As {@link #number(JsonNode, String)}, for a block of that name inside the usage. */
  @Nullable Long number(JsonNode block, String name, @Nullable String inside) {
    JsonNode value = block.path(name);
    if (value.isMissingNode() || value.isNull() || value.isContainerNode()) {
      return null;
    }
    Long count = wholeOrNull(value);
    if (count == null) {
      refuse(name + " is not a whole number");
      return null;
    }
    if (count < 0) {
      refuse(name + " is negative: " + count);
    } else if (count > ABSURD) {
      refuse(name + " is beyond any context: " + count);
    }
    if (raw.size() < MAX_RAW) {
      raw.put(inside == null ? name : inside + '.' + name, count);
    }
    return Math.max(-1, Math.min(count, ABSURD));
  }

  /** A whole number, also as text or with a fraction of zero; null: something else. */
  @Nullable Long wholeOrNull(JsonNode value) {
    if (value.isIntegralNumber()) {
      // A number too long for a long is no count, but still a number that was stated.
      return value.canConvertToLong() ? value.longValue() : ABSURD + 1;
    }
    if (value.isNumber()) {
      double number = value.doubleValue();
      return number == Math.rint(number) && Math.abs(number) < 1e15 ? (long) number : null;
    }
    String text = value.isTextual() ? value.textValue().strip() : "";
    boolean isDigits = !text.isEmpty() && text.length() <= 18;
    for (int i = 0; i < text.length() && isDigits; i++) {
      isDigits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    return isDigits ? Long.valueOf(text) : null;
  }

  /** A count that may have a fraction, as seconds of audio; null: not stated. */
  @Nullable BigDecimal fraction(JsonNode block, String name) {
    JsonNode value = block.path(name);
    if (!value.isNumber()) {
      return null;
    }
    BigDecimal count = value.decimalValue().stripTrailingZeros();
    if (count.scale() <= 0) {
      Long whole = number(block, name);
      return whole == null ? null : BigDecimal.valueOf(whole);
    }
    if (count.signum() < 0) {
      refuse(name + " is negative: " + count);
    } else if (count.scale() > MAX_PLACES || count.compareTo(BigDecimal.valueOf(ABSURD)) > 0) {
      refuse(name + " has too many digits");
    }
    return count;
  }

  private void refuse(String reason) {
    problem = problem == null ? reason : problem;
  }

  /** The counts as disjoint buckets, or why they give none. */
  ReplyReading resolve(ReplyFacts facts) {
    deriveFromTotal();
    boolean isReasoningOutside = isReasoningOutside();
    boolean isBeside = isBeside();
    long reads = orZero(cacheRead);
    long writes = writes();
    long inputModal = orZero(inputAudio) + orZero(inputImage) + orZero(inputVideo) - cachedModal();
    Long uncached =
        input == null ? null : Long.valueOf(input - (isBeside ? 0 : reads + writes) - inputModal);
    long outputParts =
        (isReasoningOutside ? 0 : orZero(reasoning)) + orZero(outputAudio) + orZero(outputImage);
    Long text = output == null ? null : Long.valueOf(output - outputParts);
    checkParts(uncached, text);
    if (isInclusive && input == null && reads + writes + inputModal + cachedModal() > 0) {
      // What is in the details is a part: priced alone it would be the smaller half of a bill.
      refuse("the input is missing, but its parts are not");
    }
    if (isInclusive && output == null && outputParts > 0) {
      refuse("the output is missing, but its parts are not");
    }
    if (problem != null) {
      return new ReplyReading.Invalid(problem, raw, facts);
    }
    UsageConvention convention =
        isBeside
            ? UsageConvention.EXCLUSIVE
            : isInclusive ? UsageConvention.INCLUSIVE : UsageConvention.ASSUMED;
    return new ReplyReading.Counted(
        tokens(plus(uncached, compactionInput), plus(text, compactionOutput), writes),
        isDerived ? UsageQuality.DERIVED : UsageQuality.REPORTED,
        convention,
        raw,
        facts);
  }

  private ReplyTokens tokens(@Nullable Long uncached, @Nullable Long text, long writes) {
    long known = orZero(cacheWrite5m) + orZero(cacheWrite1h);
    boolean isUnknownLifetime = writes > known;
    Long fiveMinutes = cacheWrite5m;
    if (isUnknownLifetime || (cacheWrite != null && cacheWrite5m == null)) {
      fiveMinutes = writes - orZero(cacheWrite1h);
    }
    return new ReplyTokens(
        uncached,
        cacheRead,
        fiveMinutes,
        cacheWrite1h,
        isUnknownLifetime,
        without(inputAudio, cachedAudio),
        without(inputImage, cachedImage),
        without(inputVideo, cachedVideo),
        cachedAudio,
        cachedImage,
        cachedVideo,
        text,
        reasoning,
        outputAudio,
        outputImage,
        citation,
        units);
  }

  private void checkParts(@Nullable Long uncached, @Nullable Long text) {
    if (uncached != null && uncached < 0) {
      refuse("the input is " + input + ", less than its parts");
    }
    if (text != null && text < 0) {
      refuse("the output is " + output + ", less than its parts");
    }
    if (cacheWrite != null && orZero(cacheWrite5m) + orZero(cacheWrite1h) > cacheWrite) {
      refuse("cache writes are " + cacheWrite + ", less than their parts");
    }
    if (orZero(cachedAudio) > orZero(inputAudio)
        || orZero(cachedImage) > orZero(inputImage)
        || orZero(cachedVideo) > orZero(inputVideo)
        || cachedModal() > orZero(cacheRead)) {
      refuse("more of a modality was cached than there was, or than was cached at all");
    }
  }

  /** Embeddings and rerankers state one total; others may leave one side out. */
  private void deriveFromTotal() {
    if (total == null || isExclusive || reasoning != null) {
      return;
    }
    if (input == null && output == null) {
      input = total;
      isDerived = true;
    } else if (input == null && output != null && total >= output) {
      input = total - output;
      isDerived = true;
    } else if (output == null && input != null && total > input) {
      output = total - input;
      isDerived = true;
    }
  }

  private boolean isReasoningOutside() {
    if (reasoning == null || reasoning == 0 || isReasoningBeside) {
      return isReasoningBeside;
    }
    if (source.family() == Family.PERPLEXITY) {
      return true;
    }
    if (total != null && input != null && output != null) {
      return total == input + output + reasoning;
    }
    return source.family() == Family.XAI;
  }

  /**
   * What is larger than the input cannot be inside it. That proves something only of an unknown
   * provider: of a known one it is a contradiction.
   */
  private boolean isBeside() {
    return isExclusive
        || (!source.isNamed() && input != null && orZero(cacheRead) + writes() > input);
  }

  private long writes() {
    return cacheWrite == null ? orZero(cacheWrite5m) + orZero(cacheWrite1h) : cacheWrite;
  }

  private long cachedModal() {
    return orZero(cachedAudio) + orZero(cachedImage) + orZero(cachedVideo);
  }

  void setInput(@Nullable Long count) {
    input = count == null ? input : count;
  }

  /** Counts that a stream repeats as 0 or as a running number: the largest is the whole. */
  void raiseInput(@Nullable Long count) {
    input = count == null || (input != null && input > count) ? input : count;
  }

  void raiseOutput(@Nullable Long count) {
    output = count == null || (output != null && output > count) ? output : count;
  }

  void setCacheRead(@Nullable Long count) {
    cacheRead = count == null ? cacheRead : count;
  }

  void setCacheWrite(@Nullable Long count) {
    cacheWrite = count == null ? cacheWrite : count;
  }

  void setCacheWrite5m(@Nullable Long count) {
    cacheWrite5m = count == null ? cacheWrite5m : count;
  }

  void setCacheWrite1h(@Nullable Long count) {
    cacheWrite1h = count == null ? cacheWrite1h : count;
  }

  void setInputAudio(@Nullable Long count) {
    inputAudio = count == null ? inputAudio : count;
  }

  void setInputImage(@Nullable Long count) {
    inputImage = count == null ? inputImage : count;
  }

  void setInputVideo(@Nullable Long count) {
    inputVideo = count == null ? inputVideo : count;
  }

  void setCachedAudio(@Nullable Long count) {
    cachedAudio = count == null ? cachedAudio : count;
  }

  void setCachedImage(@Nullable Long count) {
    cachedImage = count == null ? cachedImage : count;
  }

  void setCachedVideo(@Nullable Long count) {
    cachedVideo = count == null ? cachedVideo : count;
  }

  void setOutput(@Nullable Long count) {
    output = count == null ? output : count;
  }

  void setReasoning(@Nullable Long count) {
    reasoning = count == null ? reasoning : count;
  }

  void setOutputAudio(@Nullable Long count) {
    outputAudio = count == null ? outputAudio : count;
  }

  void setOutputImage(@Nullable Long count) {
    outputImage = count == null ? outputImage : count;
  }

  void setCitation(@Nullable Long count) {
    citation = count == null ? citation : count;
  }

  void setTotal(@Nullable Long count) {
    total = count == null ? total : count;
  }

  void setCompaction(long inputTokens, long outputTokens) {
    compactionInput = Math.max(compactionInput, inputTokens);
    compactionOutput = Math.max(compactionOutput, outputTokens);
  }

  void setUnits(String bucket, @Nullable Long count) {
    setUnits(bucket, count == null ? null : BigDecimal.valueOf(count));
  }

  void setUnits(String bucket, @Nullable BigDecimal count) {
    if (count != null) {
      units.put(bucket, count);
    }
  }

  private static @Nullable Long plus(@Nullable Long count, long more) {
    return count == null ? null : Long.valueOf(count + more);
  }

  private static @Nullable Long without(@Nullable Long all, @Nullable Long part) {
    return all == null ? null : Long.valueOf(all - orZero(part));
  }

  private static long orZero(@Nullable Long count) {
    return count == null ? 0 : count;
  }
}
