package dev.tributary.normalize.core;

import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.NormalizeResult.RejectedSpan;
import dev.tributary.schemas.EvaluationAttributes;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what log records and span events say about calls that are over: evaluations and failures. A
 * pure function of batch, context and rules; nothing is thrown for what a payload holds. Text goes
 * to content the way a span's does. Not safe for use by several threads.
 */
public final class SignalEvents {
  /** Kind of the events that tell of a failed call. */
  public static final String CALL_FAILED = "call_failed";

  private final NormalizeRules rules;
  private final Coercion coercion;
  private final EvaluationEvents evaluations;
  private final LogText texts;

  /** A reader. */
  public SignalEvents(NormalizeRules rules, Pseudonyms pseudonyms, Findings findings) {
    this.rules = rules;
    this.coercion = new Coercion(findings);
    this.evaluations = new EvaluationEvents(coercion);
    this.texts = new LogText(rules, pseudonyms);
  }

  /** Hands out one result per log record of the batch, in the batch's order. */
  public void read(LogBatch batch, NormalizeContext context, Consumer<SignalResult> results) {
    int index = 0;
    for (LogBatch.Group group : batch.groups()) {
      for (OtlpLog log : group.logs()) {
        results.accept(read(index++, log, group, context));
      }
    }
  }

  private SignalResult read(
      int index, OtlpLog log, LogBatch.Group group, NormalizeContext context) {
    boolean isEvaluation = log.eventName().equals(EvaluationAttributes.RESULT_EVENT);
    if (!isEvaluation && !log.eventName().equals(GenAiAttributes.OPERATION_EXCEPTION_EVENT)) {
      return new SignalResult.Dropped(DropReason.OTHER_LOG);
    }
    String service =
        coercion.identifier(
            GenAiAttributes.SERVICE_NAME, group.resource().find(GenAiAttributes.SERVICE_NAME));
    SpanChecks.Problem problem = Gauges.times(log.timeNanos(), rules.times(), context.nowUs());
    boolean hasSpan = SpanChecks.isTraceId(log.traceId()) && SpanChecks.isSpanId(log.spanId());
    if (problem == null && !isEvaluation && !hasSpan) {
      problem =
          new SpanChecks.Problem(RejectReason.NO_SUBJECT, "a failed call names its trace and span");
    }
    if (problem != null) {
      return new SignalResult.Refused(
          new RejectedSpan(
              index,
              problem.reason(),
              problem.detail(),
              SpanChecks.isTraceId(log.traceId()) ? log.traceId() : null,
              SpanChecks.isSpanId(log.spanId()) ? log.spanId() : null,
              log.timeNanos() > 0 ? Long.valueOf(log.timeNanos() / 1_000) : null,
              service));
    }
    SpanContent content = hasSpan ? texts.of(log, group, context) : null;
    return isEvaluation
        ? evaluated(index, log, group, service, content, context)
        : new SignalResult.Failed(failure(log, service, context), content);
  }

  private SignalResult evaluated(
      int index,
      OtlpLog log,
      LogBatch.Group group,
      @Nullable String service,
      @Nullable SpanContent content,
      NormalizeContext context) {
    EvaluationEvents.Stated stated =
        new EvaluationEvents.Stated(
            index,
            log::find,
            log.traceId(),
            log.spanId(),
            null,
            log.timeNanos() / 1_000,
            coercion.identifier("scope.name", group.scopeName()),
            coercion.identifier("scope.version", group.scopeVersion()),
            service);
    String ref = content == null ? null : ContentRef.of(content);
    return evaluations.read(stated, context.tenant(), ref, content);
  }

  /** Facts of a failure: names and codes, no message. */
  private Event failure(OtlpLog log, @Nullable String service, NormalizeContext context) {
    Map<String, String> detail = new LinkedHashMap<>();
    detail.put("trace_id", log.traceId());
    detail.put("span_id", log.spanId());
    put(detail, "error_type", log, GenAiAttributes.ERROR_TYPE, GenAiAttributes.EXCEPTION_TYPE);
    Object message = log.find(GenAiAttributes.EXCEPTION_MESSAGE);
    Integer status = Outcome.leadingStatus(message instanceof String text ? text : null);
    if (status != null) {
      detail.put("http_status", status.toString());
    }
    Map<String, String> dimensions = new LinkedHashMap<>();
    if (service != null) {
      dimensions.put("service", service);
    }
    put(dimensions, "provider", log, GenAiAttributes.PROVIDER_NAME, GenAiAttributes.SYSTEM);
    put(dimensions, "model", log, GenAiAttributes.REQUEST_MODEL, GenAiAttributes.RESPONSE_MODEL);
    Event event = new Event();
    event.setTenant(context.tenant());
    event.setEventId(CALL_FAILED + "." + log.traceId() + "." + log.spanId());
    event.setKind(CALL_FAILED);
    event.setSubject(log.traceId());
    event.setDimensions(dimensions);
    event.setEventTimeUs(log.timeNanos() / 1_000);
    event.setDetail(detail);
    return event;
  }

  private void put(Map<String, String> to, String name, OtlpLog log, String... attributes) {
    for (String attribute : attributes) {
      String word = coercion.word(attribute, log.find(attribute));
      if (word != null) {
        to.put(name, word);
        return;
      }
    }
  }

  /** True where the span has an event that {@link #onSpan} reads. */
  public static boolean hasEvaluation(OtlpSpan span) {
    for (OtlpSpan.Event event : span.events()) {
      if (event.name().equals(EvaluationAttributes.RESULT_EVENT)) {
        return true;
      }
    }
    return false;
  }

  /** The evaluations among the events of a span; their text is in the span's content. */
  public List<SignalResult> onSpan(
      OtlpSpan source, Normalized normalized, NormalizeContext context) {
    Span span = normalized.span();
    List<SignalResult> results = new ArrayList<>(1);
    for (OtlpSpan.Event event : source.events()) {
      if (event.name().equals(EvaluationAttributes.RESULT_EVENT)) {
        long timeUs = event.timeNanos() > 0 ? event.timeNanos() / 1_000 : span.getEndTimeUs();
        // It becomes the time of a record, which its span's own time does not bound.
        SpanChecks.Problem problem =
            SpanChecks.timesUs(timeUs, null, rules.times(), context.nowUs());
        if (problem != null) {
          results.add(refused(normalized, timeUs, problem));
          continue;
        }
        EvaluationEvents.Stated stated =
            new EvaluationEvents.Stated(
                normalized.index(),
                event::find,
                span.getTraceId(),
                span.getSpanId(),
                span.getKind(),
                timeUs,
                span.getScopeName(),
                span.getScopeVersion(),
                span.getServiceName());
        results.add(evaluations.read(stated, span.getTenant(), span.getContentRef(), null));
      }
    }
    return results;
  }

  private static SignalResult refused(
      Normalized normalized, long timeUs, SpanChecks.Problem problem) {
    Span span = normalized.span();
    return new SignalResult.Refused(
        new RejectedSpan(
            normalized.index(),
            problem.reason(),
            problem.detail(),
            span.getTraceId(),
            span.getSpanId(),
            timeUs,
            span.getServiceName()));
  }
}
