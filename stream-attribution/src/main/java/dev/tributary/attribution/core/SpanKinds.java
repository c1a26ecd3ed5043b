package dev.tributary.attribution.core;

import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.UnitUsage;
import dev.tributary.schemas.UsageQuality;
import org.jspecify.annotations.Nullable;

/** What a span of a kind may own, and what counts as carried usage. */
final class SpanKinds {
  private SpanKinds() {}

  /** Kinds that are calls to a model: they own their usage unless descendants carry some. */
  static boolean isCall(SpanKind kind) {
    return switch (kind) {
      case LLM, EMBEDDING, RERANK -> true;
      default -> false;
    };
  }

  /** Kinds that repeat the usage of what runs below: they own only if no descendant does. */
  static boolean isAggregate(SpanKind kind) {
    return switch (kind) {
      case AGENT, WORKFLOW, STEP -> true;
      default -> false;
    };
  }

  /** True where the span's kind may own usage and it states at least one count. */
  static boolean carriesUsage(Span span) {
    SpanKind kind = span.getKind();
    return (isCall(kind) || isAggregate(kind)) && states(span.getUsage());
  }

  /** How far counts can be trusted: the smaller the better. */
  static int rank(UsageQuality quality) {
    return switch (quality) {
      case REPORTED -> 0;
      case DERIVED -> 1;
      case ESTIMATED -> 2;
      case MISSING -> 3;
    };
  }

  /** True where at least one bucket is known; an explicit 0 is known. */
  static boolean states(@Nullable TokenUsage usage) {
    return usage != null
        && (usage.getInputUncached() != null
            || usage.getOutputText() != null
            || usage.getCacheRead() != null
            || usage.getCacheWrite5m() != null
            || usage.getCacheWrite1h() != null
            || usage.getReasoning() != null
            || usage.getInputAudio() != null
            || usage.getInputImage() != null
            || usage.getOutputAudio() != null
            || usage.getOutputImage() != null
            || isBilledByUnit(usage.getUnits()));
  }

  /** Searches come with the tokens of the call that asked for them: alone they are no usage. */
  private static boolean isBilledByUnit(@Nullable UnitUsage units) {
    return units != null
        && (units.getRerankQueries() != null
            || units.getSeconds() != null
            || units.getPages() != null);
  }
}
