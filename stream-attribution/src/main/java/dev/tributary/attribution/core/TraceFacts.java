package dev.tributary.attribution.core;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.SpanStatus;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.TraceMeasures;
import dev.tributary.schemas.UsageQuality;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts and measures of a trace that the lines of its spans do not show. */
final class TraceFacts {
  private static final int LOOP_LENGTH = 3;

  private record ToolCall(String tool, String argsHash) {}

  private final Booking booking;
  private final SpanTree tree;
  private final UsageRules usage;
  private final Handoffs handoffs;
  private final Map<ToolCall, Integer> toolCalls = new HashMap<>();
  private final Map<String, Long> finishReasons = new TreeMap<>();
  private final Map<String, Long> guardrails = new TreeMap<>();
  private long startUs = Long.MAX_VALUE;
  private long endUs = Long.MIN_VALUE;
  private long tools;
  private long retrievals;
  private long errors;
  private long fallbacks;
  private long orphans;
  private @Nullable TokenUsage residual;
  private @Nullable UsageQuality residualQuality;

  TraceFacts(Booking booking, SpanTree tree, UsageRules usage) {
    this.booking = booking;
    this.tree = tree;
    this.usage = usage;
    for (int i = 0; i < tree.size(); i++) {
      count(tree.span(i));
      orphans += tree.isOrphan(i) ? 1 : 0;
    }
    this.handoffs = new Handoffs(tree);
    findResidual();
  }

  private void count(Span span) {
    startUs = Math.min(startUs, span.getStartTimeUs());
    endUs = Math.max(endUs, span.getEndTimeUs());
    boolean isTool = span.getKind() == SpanKind.TOOL || span.getKind() == SpanKind.MCP;
    tools += isTool ? 1 : 0;
    retrievals += span.getKind() == SpanKind.RETRIEVAL ? 1 : 0;
    errors += span.getStatus() == SpanStatus.ERROR ? 1 : 0;
    fallbacks += span.getFallbackFrom() != null ? 1 : 0;
    if (isTool && span.getToolName() != null && span.getToolArgsHash() != null) {
      toolCalls.merge(new ToolCall(span.getToolName(), span.getToolArgsHash()), 1, Integer::sum);
    }
    if (SpanKinds.isCall(span.getKind())) {
      span.getFinishReasons()
          .forEach(
              reason ->
                  finishReasons.merge(
                      reason.name().toLowerCase(java.util.Locale.ROOT), 1L, Long::sum));
    }
    if (span.getGuardrailOutcome() != null) {
      guardrails.merge(span.getGuardrailOutcome(), 1L, Long::sum);
    }
  }

  /**
   * What the outermost aggregates state beyond what is counted below them, as input and output
   * totals: aggregates rarely split their buckets the way their calls do.
   */
  private void findResidual() {
    int n = tree.size();
    @Nullable Long[] inputBelow = new @Nullable Long[n];
    @Nullable Long[] outputBelow = new @Nullable Long[n];
    for (int position = n - 1; position >= 0; position--) {
      int i = tree.topDown(position);
      if (usage.decision(i).owns()) {
        inputBelow[i] = plus(inputBelow[i], TokenTotals.input(tree.span(i).getUsage()));
        outputBelow[i] = plus(outputBelow[i], TokenTotals.output(tree.span(i).getUsage()));
      }
      int above = tree.attachedTo(i);
      if (above >= 0) {
        inputBelow[above] = plus(inputBelow[above], inputBelow[i]);
        outputBelow[above] = plus(outputBelow[above], outputBelow[i]);
      }
    }
    boolean[] inside = new boolean[n];
    for (int position = 0; position < n; position++) {
      int i = tree.topDown(position);
      int above = tree.attachedTo(i);
      boolean states = usage.decision(i) == UsageDecision.BELOW;
      inside[i] = states || (above >= 0 && inside[above]);
      if (states && (above < 0 || !inside[above])) {
        addResidual(tree.span(i), inputBelow[i], outputBelow[i]);
      }
    }
  }

  private void addResidual(Span span, @Nullable Long inputBelow, @Nullable Long outputBelow) {
    Long input = beyond(TokenTotals.input(span.getUsage()), inputBelow);
    Long output = beyond(TokenTotals.output(span.getUsage()), outputBelow);
    if (input == null && output == null) {
      return;
    }
    TokenUsage more =
        new TokenUsage(input, null, null, null, null, null, output, null, null, null, false);
    residual = TokenTotals.sum(residual, more);
    UsageQuality quality = span.getUsageQuality();
    residualQuality =
        residualQuality == null || SpanKinds.rank(quality) > SpanKinds.rank(residualQuality)
            ? quality
            : residualQuality;
  }

  private static @Nullable Long plus(@Nullable Long left, @Nullable Long right) {
    return left == null ? right : right == null ? left : Long.valueOf(Math.addExact(left, right));
  }

  private static @Nullable Long beyond(@Nullable Long stated, @Nullable Long below) {
    if (stated == null) {
      return null;
    }
    long difference = stated - (below == null ? 0 : below);
    return difference > 0 ? difference : null;
  }

  TraceMeasures measures() {
    return new TraceMeasures(
        endUs - startUs,
        (long) tree.size(),
        toolLoops(),
        (long) usage.retries(),
        fallbacks,
        handoffs.count(),
        orphans,
        (long) usage.doubleReported());
  }

  LedgerLine traceLine() {
    int speaker = booking.speaker();
    Span span = tree.span(speaker);
    boolean failed = span.getStatus() == SpanStatus.ERROR;
    return LineFactory.traceLine(
        span,
        startUs,
        endUs,
        failed,
        booking.attribution(speaker),
        measures(),
        booking.view().version());
  }

  Map<String, Long> criticalPath() {
    return CriticalPath.of(tree, startUs, endUs);
  }

  /** Largest over smallest input total of the counted calls; null: fewer than two known. */
  @Nullable Double contextGrowth() {
    long least = Long.MAX_VALUE;
    long most = 0;
    int known = 0;
    for (int i = 0; i < tree.size(); i++) {
      Long input =
          usage.decision(i) == UsageDecision.LEAF
              ? TokenTotals.input(tree.span(i).getUsage())
              : null;
      if (input != null && input > 0) {
        least = Math.min(least, input);
        most = Math.max(most, input);
        known++;
      }
    }
    return known < 2 ? null : (double) most / least;
  }

  long toolLoops() {
    return toolCalls.values().stream().filter(calls -> calls >= LOOP_LENGTH).count();
  }

  long toolLoopCalls() {
    return toolCalls.values().stream()
        .filter(calls -> calls >= LOOP_LENGTH)
        .mapToLong(Integer::longValue)
        .sum();
  }

  Handoffs handoffs() {
    return handoffs;
  }

  Map<String, Long> finishReasons() {
    return finishReasons;
  }

  Map<String, Long> guardrails() {
    return guardrails;
  }

  long startUs() {
    return startUs;
  }

  long endUs() {
    return endUs;
  }

  long tools() {
    return tools;
  }

  long retrievals() {
    return retrievals;
  }

  long errors() {
    return errors;
  }

  long retries() {
    return usage.retries();
  }

  long fallbacks() {
    return fallbacks;
  }

  long orphans() {
    return orphans;
  }

  long doubleReported() {
    return usage.doubleReported();
  }

  @Nullable TokenUsage residual() {
    return residual;
  }

  @Nullable UsageQuality residualQuality() {
    return residualQuality;
  }
}
