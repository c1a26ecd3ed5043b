package dev.tributary.attribution.core;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.SpanStatus;
import dev.tributary.schemas.TraceMeasures;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.TreeMap;

/** Counts and measures of a trace that the lines of its spans do not show. */
final class TraceFacts {
  private final Booking booking;
  private final SpanTree tree;
  private final UsageRules usage;
  private final Handoffs handoffs;
  private final ToolLoops toolLoops;
  private final Fallbacks fallbacks;
  private final Map<String, Long> finishReasons = new TreeMap<>();
  private final Map<String, Long> guardrails = new TreeMap<>();
  private long startUs = Long.MAX_VALUE;
  private long endUs = Long.MIN_VALUE;
  private long tools;
  private long retrievals;
  private long errors;
  private long orphans;

  TraceFacts(Booking booking, SpanTree tree, UsageRules usage) {
    this.booking = booking;
    this.tree = tree;
    this.usage = usage;
    for (int i = 0; i < tree.size(); i++) {
      count(tree.span(i));
      orphans += tree.isOrphan(i) ? 1 : 0;
    }
    AgentScopes scopes = new AgentScopes(tree);
    this.handoffs = new Handoffs(tree, scopes);
    this.toolLoops = new ToolLoops(tree, scopes, tools);
    this.fallbacks = new Fallbacks(tree, usage);
  }

  private void count(Span span) {
    startUs = Math.min(startUs, span.getStartTimeUs());
    endUs = Math.max(endUs, span.getEndTimeUs());
    tools += ToolLoops.isTool(span) ? 1 : 0;
    retrievals += span.getKind() == SpanKind.RETRIEVAL ? 1 : 0;
    errors += span.getStatus() == SpanStatus.ERROR ? 1 : 0;
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

  TraceMeasures measures() {
    return new TraceMeasures(
        endUs - startUs,
        (long) tree.size(),
        toolLoops.count(),
        (long) usage.retries(),
        fallbacks.count(),
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

  /** Input totals of the counted calls that state one. */
  LongSummaryStatistics contexts() {
    LongSummaryStatistics contexts = new LongSummaryStatistics();
    for (int i = 0; i < tree.size(); i++) {
      Long input =
          usage.decision(i) == UsageDecision.LEAF
              ? TokenTotals.input(tree.span(i).getUsage())
              : null;
      if (input != null && input > 0) {
        contexts.accept(input);
      }
    }
    return contexts;
  }

  ToolLoops toolLoops() {
    return toolLoops;
  }

  Fallbacks fallbacks() {
    return fallbacks;
  }

  Residual residual() {
    return new Residual(tree, usage);
  }

  InstrumentationQuality quality() {
    return new InstrumentationQuality(booking, tree, usage);
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

  long attempts() {
    return usage.attempts();
  }

  long retries() {
    return usage.retries();
  }

  long orphans() {
    return orphans;
  }

  long doubleReported() {
    return usage.doubleReported();
  }
}
