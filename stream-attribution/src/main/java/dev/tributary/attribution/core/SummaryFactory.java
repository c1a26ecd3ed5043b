package dev.tributary.attribution.core;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LinePrice;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.TraceSummary;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes the summary of a closed trace from its lines and facts. */
final class SummaryFactory {
  private final Booking booking;
  private final TraceState state;
  private final RecordCodec codec;
  private final Set<String> services = new TreeSet<>();
  private final Set<String> models = new TreeSet<>();
  private @Nullable BigDecimal cost;
  private @Nullable TokenUsage usage;
  private final @Nullable BigDecimal[] costs;
  private final List<LedgerLine> lines = new ArrayList<>();
  private long calls;
  private long unpricedCalls;
  private long unpricedTokens;
  private @Nullable Double samplingProbability;

  SummaryFactory(Booking booking, TraceState state, RecordCodec codec) {
    this.booking = booking;
    this.state = state;
    this.codec = codec;
    this.costs = new @Nullable BigDecimal[booking.size()];
    TraceHeader header = state.header;
    cost = header.overLimit.spend().cost();
    usage = header.overLimit.spend().usage();
    calls = header.overLimit.calls();
    unpricedCalls = header.overLimit.unpricedCalls();
    unpricedTokens = header.overLimit.unpricedTokens();
    addAdmitted();
    for (int i = 0; i < booking.size(); i++) {
      LedgerLine line = bookedLine(i);
      if (line != null) {
        add(line);
        costs[i] = line.getCost();
        lines.add(line);
      }
      Span span = booking.span(i);
      if (span.getSamplingProbability() != null) {
        samplingProbability =
            samplingProbability == null
                ? span.getSamplingProbability()
                : Double.valueOf(Math.min(samplingProbability, span.getSamplingProbability()));
      }
    }
  }

  /** Lines that commands admitted for spans that have not come. */
  private void addAdmitted() {
    if (state.header.hasAdmitted) {
      state
          .lines()
          .forEach(
              line -> {
                boolean isAdmitted =
                    state.get(line.item()) == null && !line.item().equals(LineFactory.TRACE_ITEM);
                if (isAdmitted && line.isPresent()) {
                  add(codec.decodeLine(line.bytes()));
                }
              });
    }
  }

  /** A line as the ledger has it: a correction's, where one replaced or removed it. */
  private @Nullable LedgerLine bookedLine(int i) {
    BookedLine booked = state.lines().get(booking.span(i).getSpanId());
    if (booked == null || !booked.isFixed()) {
      return booking.line(i);
    }
    return booked.isPresent() ? codec.decodeLine(booked.bytes()) : null;
  }

  private void add(LedgerLine line) {
    cost = Amounts.sum(cost, line.getCost());
    usage = TokenTotals.sum(usage, line.getUsage());
    calls += line.getCalls();
    unpricedCalls += LinePrice.isUnpriced(line) ? line.getCalls() : 0;
    unpricedTokens += line.getUnpricedTokens();
    if (line.getServiceName() != null) {
      services.add(line.getServiceName());
    }
    if (line.getCalls() > 0 || line.getUsage() != null) {
      String model = line.getModelCanonical();
      model = model == null ? line.getModelReturned() : model;
      model = model == null ? line.getModelRequested() : model;
      if (model != null) {
        models.add(model);
      }
    }
  }

  /** The joined lines as the ledger has them. */
  List<LedgerLine> lines() {
    return lines;
  }

  /** The summary; revision and close time are the caller's and still 0. */
  TraceSummary summary() {
    TraceHeader header = state.header;
    TraceFacts facts = booking.facts();
    Span root = booking.root();
    Span speaker = booking.span(booking.speaker());
    TraceSummary summary = new TraceSummary();
    summary.setTenant(speaker.getTenant());
    summary.setTraceId(speaker.getTraceId());
    summary.setRevision(0L);
    summary.setClosedAtUs(0L);
    summary.setCloseReason(header.isOverLimit ? "over_limit" : header.closeReason);
    summary.setStartTimeUs(facts.startUs());
    summary.setEndTimeUs(facts.endUs());
    summary.setRootSpanId(root == null ? null : root.getSpanId());
    summary.setRootService(root == null ? null : root.getServiceName());
    summary.setServices(new ArrayList<>(services));
    summary.setSessionId(booking.sessionId());
    summary.setUserHash(booking.userHash());
    summary.setAttribution(booking.attribution(booking.speaker()));
    summary.setPurpose(speaker.getPurpose());
    summary.setModels(new ArrayList<>(models));
    summary.setSpans(booking.size() + header.overLimit.spans());
    summary.setCalls(calls);
    summary.setDuplicates(header.duplicates);
    summary.setUsage(usage);
    summary.setCost(cost);
    summary.setUnpricedCalls(unpricedCalls);
    summary.setUnpricedTokens(unpricedTokens);
    summary.setSamplingProbability(samplingProbability);
    summary.setReferenceVersion(header.referenceVersion);
    measure(summary, facts);
    return summary;
  }

  private void measure(TraceSummary summary, TraceFacts facts) {
    summary.setTools(facts.tools());
    summary.setRetrievals(facts.retrievals());
    summary.setErrors(facts.errors());
    summary.setRetries(facts.retries());
    summary.setAttempts(facts.attempts());
    summary.setOrphans(facts.orphans());
    summary.setDoubleReported(facts.doubleReported());
    summary.setWallTimeUs(facts.endUs() - facts.startUs());
    summary.setCriticalPathUs(facts.criticalPath());
    summary.setHandoffs(facts.handoffs().count());
    summary.setHandoffGapUs(facts.handoffs().gapUs());
    summary.setHandoffList(facts.handoffs().listed());
    measureWaste(summary, facts);
    measureContext(summary, facts.contexts());
    Residual residual = facts.residual();
    summary.setResidual(residual.tokens());
    summary.setResidualQuality(residual.quality());
    summary.setFinishReasons(facts.finishReasons());
    summary.setGuardrails(facts.guardrails());
    summary.setQuality(facts.quality().listed());
  }

  private void measureWaste(TraceSummary summary, TraceFacts facts) {
    ToolLoops.Burnt burnt = facts.toolLoops().burnt(i -> costs[i]);
    summary.setToolLoops(facts.toolLoops().count());
    summary.setToolLoopCalls(facts.toolLoops().calls());
    summary.setToolLoopCost(burnt.cost());
    summary.setToolLoopList(burnt.longest());
    summary.setFallbacks(facts.fallbacks().count());
    summary.setFallbackCost(facts.fallbacks().cost(i -> costs[i]));
    summary.setFallbackList(facts.fallbacks().listed(i -> costs[i]));
  }

  private static void measureContext(TraceSummary summary, LongSummaryStatistics contexts) {
    if (contexts.getCount() > 0) {
      summary.setLargestContext(contexts.getMax());
    }
    if (contexts.getCount() > 1) {
      summary.setContextGrowth((double) contexts.getMax() / contexts.getMin());
    }
  }
}
