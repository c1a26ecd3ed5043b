package dev.tributary.attribution.core;

import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.Purpose;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.SpanStatus;
import dev.tributary.schemas.TraceMeasures;
import dev.tributary.schemas.UsageConvention;
import dev.tributary.schemas.UsageQuality;
import dev.tributary.schemas.UsageScope;
import java.util.List;

/** Makes ledger lines of spans. A line is complete when it leaves here and never changed after. */
final class LineFactory {
  /** Item of a trace's own line. */
  static final String TRACE_ITEM = "trace";

  private LineFactory() {}

  /** The line of a span. */
  static LedgerLine spanLine(
      Span span,
      Attribution attribution,
      UsageDecision decision,
      boolean isLogicalCall,
      ReferenceView view) {
    LedgerLine line = facts(span, attribution, view.version());
    line.setCalls(isLogicalCall ? 1 : 0);
    switch (decision) {
      case LEAF, AGGREGATE -> {
        line.setUsageScope(decision == UsageDecision.LEAF ? UsageScope.LEAF : UsageScope.AGGREGATE);
        line.setUsage(span.getUsage());
        line.setUsageQuality(span.getUsageQuality());
        LinePricer.price(line, view.catalogue());
      }
      case NO_USAGE -> withoutUsage(line, span, view);
      default -> LinePricer.unpriced(line, PriceStatus.NOT_BILLABLE, decision.reason());
    }
    return line;
  }

  private static void withoutUsage(LedgerLine line, Span span, ReferenceView view) {
    if (line.getCalls() == 0) {
      LinePricer.unpriced(line, PriceStatus.NOT_BILLABLE, null);
    } else if (span.getUsageError() != null) {
      LinePricer.unpriced(line, PriceStatus.INVALID_USAGE, span.getUsageError());
    } else {
      LinePricer.price(line, view.catalogue());
    }
  }

  private static LedgerLine facts(Span span, Attribution attribution, long referenceVersion) {
    LedgerLine line = new LedgerLine();
    line.setTenant(span.getTenant());
    line.setKind(LineKind.USAGE);
    line.setSource(span.getTraceId());
    line.setItem(span.getSpanId());
    line.setEventTimeUs(span.getEndTimeUs());
    line.setStartTimeUs(span.getStartTimeUs());
    line.setSpanKind(span.getKind());
    line.setPurpose(span.getPurpose());
    line.setServiceName(span.getServiceName());
    line.setAttribution(attribution);
    line.setProvider(span.getProvider());
    line.setSurface(
        SpanKinds.isCall(span.getKind()) || SpanKinds.isAggregate(span.getKind())
            ? LinePricer.surfaceOf(span.getSurface(), span.getProvider())
            : null);
    line.setModelRequested(span.getModelRequested());
    line.setModelReturned(span.getModelReturned());
    line.setRegion(span.getRegion());
    line.setServiceTier(span.getServiceTier());
    line.setGateway(span.getGateway());
    line.setKeyAlias(span.getKeyAlias());
    line.setResponseId(span.getResponseId());
    line.setUsageScope(UsageScope.NONE);
    line.setUsage(null);
    line.setUsageQuality(UsageQuality.MISSING);
    line.setUsageConvention(span.getUsageConvention());
    line.setReferenceVersion(referenceVersion);
    line.setReportedCost(span.getReportedCost());
    outcome(line, span);
    return line;
  }

  private static void outcome(LedgerLine line, Span span) {
    line.setError(span.getStatus() == SpanStatus.ERROR);
    line.setErrorType(span.getErrorType());
    line.setHttpStatus(span.getHttpStatus());
    line.setAttempt(span.getAttempt());
    line.setFallbackFrom(span.getFallbackFrom());
    line.setStream(span.getStream());
    line.setLatencyUs(span.getEndTimeUs() - span.getStartTimeUs());
    line.setTtftUs(span.getTtftUs());
    line.setFinishReasons(span.getFinishReasons());
    line.setToolName(span.getToolName());
    line.setMcpServer(span.getMcpServer());
    line.setRetrieval(span.getRetrieval());
    line.setGuardrailOutcome(span.getGuardrailOutcome());
    line.setSamplingProbability(span.getSamplingProbability());
    line.setInputHash(span.getInputHash());
    line.setToolArgsHash(span.getToolArgsHash());
    line.setTrace(null);
  }

  /** The line of a closed trace itself. */
  static LedgerLine traceLine(
      Span first,
      long startUs,
      long endUs,
      boolean failed,
      Attribution attribution,
      TraceMeasures measures,
      long referenceVersion) {
    LedgerLine line = new LedgerLine();
    line.setTenant(first.getTenant());
    line.setKind(LineKind.USAGE);
    line.setSource(first.getTraceId());
    line.setItem(TRACE_ITEM);
    line.setEventTimeUs(endUs);
    line.setStartTimeUs(startUs);
    line.setSpanKind(SpanKind.OTHER);
    line.setPurpose(first.getPurpose() == null ? Purpose.PRODUCT : first.getPurpose());
    line.setServiceName(first.getServiceName());
    line.setAttribution(attribution);
    line.setUsageScope(UsageScope.NONE);
    line.setUsageQuality(UsageQuality.MISSING);
    line.setUsageConvention(UsageConvention.ASSUMED);
    LinePricer.unpriced(line, PriceStatus.NOT_BILLABLE, null);
    line.setReferenceVersion(referenceVersion);
    line.setCalls(0);
    line.setError(failed);
    line.setLatencyUs(endUs - startUs);
    line.setFinishReasons(List.of());
    line.setTrace(measures);
    return line;
  }
}
