package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.UsageConvention;
import dev.tributary.schemas.UsageQuality;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The usage of a span: disjoint buckets, or the reason why the stated counts give none.
 *
 * @param tokens null: none stated, or refused
 * @param error null: none
 * @param raw the numbers as the payload names them
 */
record Usage(
    @Nullable TokenUsage tokens,
    UsageQuality quality,
    UsageConvention convention,
    @Nullable UsageError error,
    Map<String, Long> raw) {
  private static final Usage NONE =
      new Usage(null, UsageQuality.MISSING, UsageConvention.ASSUMED, null, Map.of());

  private static final Attr[] COUNTED = counted();

  /** Shared by all spans without a count; never written to. */
  private static final Long[] NO_NUMBERS = new Long[Attr.COUNT];

  /**
   * Reads the usage.
   *
   * @param rules the rules that cover the span's scope
   */
  static Usage of(
      Facts facts,
      Attributes attributes,
      SpanKind kind,
      List<ScopeRule> rules,
      @Nullable String provider,
      ProviderMetadata metadata) {
    Map<String, Long> raw = new LinkedHashMap<>(16);
    Long[] numbers = NO_NUMBERS;
    for (Attr attr : COUNTED) {
      Long number = facts.has(attr) ? facts.number(attr) : null;
      if (number != null) {
        raw.put(attr.attribute, number);
        numbers = raw.size() == 1 ? new Long[Attr.COUNT] : numbers;
        numbers[attr.index] = number;
      }
    }
    TokenCounts counts =
        facts.has(Attr.LANGFUSE_USAGE_DETAILS) ? LangfuseUsage.read(facts, raw) : null;
    if (counts == null) {
      counts = common(numbers, metadata);
      UsageObjects.fill(counts, facts, raw);
      counts.deriveFromTotal();
    }
    counts.units = Units.of(numbers).or(counts.units).or(metadata.units());
    if (counts.isEmpty()) {
      Usage replied = RawReply.usage(facts, attributes, kind, provider);
      return replied == null ? NONE : replied;
    }
    counts.units = counts.units.or(RawReply.searches(facts, kind, provider));
    return decide(counts, raw, facts, rules, provider, metadata);
  }

  private static TokenCounts common(Long[] numbers, ProviderMetadata metadata) {
    TokenCounts counts = new TokenCounts();
    counts.input = first(numbers, Precedence.INPUT_TOKENS);
    counts.cacheRead = first(numbers, Precedence.CACHE_READ);
    counts.cacheWrite = first(numbers, Precedence.CACHE_WRITE);
    counts.audioInput = first(numbers, Precedence.AUDIO_INPUT);
    counts.audioCached = first(numbers, Precedence.AUDIO_CACHED);
    counts.imageInput = numbers[Attr.USAGE_IMAGE_INPUT.index];
    counts.imageCached = numbers[Attr.USAGE_IMAGE_CACHE_READ.index];
    counts.output = first(numbers, Precedence.OUTPUT_TOKENS);
    counts.reasoning = first(numbers, Precedence.REASONING);
    counts.audioOutput = first(numbers, Precedence.AUDIO_OUTPUT);
    counts.imageOutput = numbers[Attr.USAGE_IMAGE_OUTPUT.index];
    counts.total = first(numbers, Precedence.TOTAL_TOKENS);
    counts.total = counts.total == null ? metadata.total() : counts.total;
    if (counts.input != null) {
      counts.cacheRead = counts.cacheRead == null ? metadata.cacheRead() : counts.cacheRead;
      counts.cacheWrite = counts.cacheWrite == null ? metadata.cacheWrite() : counts.cacheWrite;
      counts.cacheWrite5m = metadata.cacheWrite5m();
      counts.cacheWrite1h = metadata.cacheWrite1h();
      counts.reasoning = counts.reasoning == null ? metadata.reasoning() : counts.reasoning;
    }
    return counts;
  }

  private static Usage decide(
      TokenCounts counts,
      Map<String, Long> raw,
      Facts facts,
      List<ScopeRule> rules,
      @Nullable String provider,
      ProviderMetadata metadata) {
    // Before anything is derived: a total must not take the place of a count that is refused.
    UsageError stated = counts.error();
    counts.proveFromTotal();
    UsageConvention convention = convention(counts, facts, rules, provider, metadata);
    settleReasoning(counts, facts, rules, provider);
    TokenCounts.Split split = counts.split(convention == UsageConvention.EXCLUSIVE);
    UsageError error = stated == null ? split.error() : stated;
    if (error != null) {
      return new Usage(null, UsageQuality.MISSING, convention, error, raw);
    }
    UsageQuality quality =
        isEstimated(counts, facts, rules, provider)
            ? UsageQuality.ESTIMATED
            : counts.isDerived || convention == UsageConvention.EXCLUSIVE
                ? UsageQuality.DERIVED
                : UsageQuality.REPORTED;
    return new Usage(split.usage(), quality, convention, null, raw);
  }

  /** Proof first, then what is known of the instrumentation, then the convention's own rule. */
  private static UsageConvention convention(
      TokenCounts counts,
      Facts facts,
      List<ScopeRule> rules,
      @Nullable String provider,
      ProviderMetadata metadata) {
    if (counts.isPartition) {
      return UsageConvention.PARTITION;
    }
    boolean isBeyondInput = counts.input != null && counts.cached() > counts.input;
    if (isBeyondInput || counts.isExclusive) {
      return UsageConvention.EXCLUSIVE;
    }
    UsageConvention proven = metadata.conventionOf(counts);
    if (proven != null || counts.isInclusive) {
      return proven == null ? UsageConvention.INCLUSIVE : proven;
    }
    for (ScopeRule rule : rules) {
      UsageConvention known = rule.convention();
      if (known != null && rule.covers(provider, facts)) {
        return known;
      }
    }
    return UsageConvention.ASSUMED;
  }

  /** Gemini alone counts thoughts beside the output; some instrumentations pass that on. */
  private static void settleReasoning(
      TokenCounts counts, Facts facts, List<ScopeRule> rules, @Nullable String provider) {
    if (counts.isPartition) {
      return;
    }
    boolean isGoogle = provider != null && provider.startsWith("gcp.");
    if (isGoogle && counts.reasoning != null && counts.output != null) {
      counts.isReasoningOutside |= counts.reasoning > counts.output;
    }
    for (ScopeRule rule : rules) {
      counts.isReasoningOutside |= rule.isReasoningOutside() && rule.covers(provider, facts);
    }
    counts.includeReasoning();
    if (isGoogle && !counts.isExclusive) {
      counts.deriveThoughts();
    }
  }

  private static boolean isEstimated(
      TokenCounts counts, Facts facts, List<ScopeRule> rules, @Nullable String provider) {
    for (ScopeRule rule : rules) {
      if (rule.covers(provider, facts)) {
        switch (rule.estimate()) {
          case ALWAYS -> {
            return true;
          }
          case TEXT_ONLY -> {
            if (counts.input != null
                && TextOnlyCount.isProven(counts.input, facts.text(Attr.INPUT_MESSAGES))) {
              return true;
            }
          }
          case NEVER -> {}
        }
      }
    }
    return false;
  }

  private static @Nullable Long first(Long[] numbers, Attr[] precedence) {
    for (Attr attr : precedence) {
      Long number = numbers[attr.index];
      if (number != null) {
        return number;
      }
    }
    return null;
  }

  private static Attr[] counted() {
    List<Attr> counted = new ArrayList<>();
    for (Attr attr : Attr.values()) {
      if (attr.plane == Plane.USAGE) {
        counted.add(attr);
      }
    }
    return counted.toArray(new Attr[0]);
  }
}
