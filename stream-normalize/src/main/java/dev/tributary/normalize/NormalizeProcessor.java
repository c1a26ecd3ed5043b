package dev.tributary.normalize;

import dev.tributary.normalize.core.Erasures;
import dev.tributary.normalize.core.Findings.Finding;
import dev.tributary.normalize.core.NameRedaction;
import dev.tributary.normalize.core.NormalizeContext;
import dev.tributary.normalize.core.NormalizeResult;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.NormalizeResult.RejectedSpan;
import dev.tributary.normalize.core.RejectReason;
import dev.tributary.normalize.core.SignalResult;
import dev.tributary.runtime.errors.Rejections;
import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanContent;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What both inputs have in common: the tenant, the position, and what becomes of results. Holds no
 * state between records.
 *
 * @param <V> type of the input's values
 */
abstract class NormalizeProcessor<V> implements Processor<byte[], V, String, SpecificRecord> {
  /** Names of the sinks that results go to. */
  static final String SPANS_SINK = "produce-spans";

  static final String CONTENT_SINK = "produce-span-content";
  static final String REJECTED_SINK = "produce-rejected";
  static final String EVAL_RESULTS_SINK = "produce-eval-results";
  static final String EVENTS_SINK = "produce-events";
  static final String GAUGES_SINK = "produce-gauges";

  private final String tenantHeader;
  private final NormalizeMetrics metrics;
  private final Clock clock;
  private final Rejections rejections;
  private final Erasures erasures;
  private final NameRedaction names;
  private final Map<Integer, InputMetrics> inputs = new HashMap<>();

  @SuppressWarnings("NullAway.Init") // Streams calls init before anything else
  private ProcessorContext<String, SpecificRecord> context;

  @SuppressWarnings("NullAway.Init") // set for every record before it is read
  private Rejections.Position position;

  NormalizeProcessor(
      NormalizeConfig config, NormalizeMetrics metrics, Erasures erasures, Clock clock) {
    this.tenantHeader = config.tenantHeader();
    this.metrics = metrics;
    this.erasures = erasures;
    this.names = new NameRedaction(config.rules().privacy().redactor(), config.pseudonyms());
    this.clock = clock;
    this.rejections = new Rejections(NormalizeMetrics.MODULE, clock);
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> processorContext) {
    context = processorContext;
  }

  @Override
  public void process(Record<byte[], V> record) {
    RecordMetadata at =
        context.recordMetadata().orElseThrow(() -> new IllegalStateException("no input record"));
    position = new Rejections.Position(at.topic(), at.partition(), at.offset(), 0);
    InputMetrics input =
        inputs.computeIfAbsent(
            at.partition(), partition -> metrics.common().input(at.topic(), partition));
    String tenant = tenant(record.headers());
    if (tenant == null) {
      input.received();
      reject(
          input,
          Keys.DEFAULT_TENANT,
          new RejectedSpan(
              0,
              RejectReason.INVALID_TENANT,
              "header " + tenantHeader + " must match [a-z0-9][a-z0-9._-]{0,62}",
              null,
              null,
              null,
              null));
      return;
    }
    normalize(record, new NormalizeContext(tenant, nowUs()), input);
  }

  /** Normalises the record and passes each result to {@link #accept}. */
  abstract void normalize(Record<byte[], V> record, NormalizeContext at, InputMetrics input);

  /** Sends a result where it belongs and counts it. */
  final void accept(NormalizeResult result, NormalizeContext at, InputMetrics input) {
    if (result instanceof Normalized normalized) {
      send(normalized, at);
      input.sentPrimary();
    } else if (result instanceof RejectedSpan refused) {
      reject(input, at.tenant(), refused);
    }
  }

  /**
   * Sends an evaluation and its text, keyed by its trace, or by its subject where none is known.
   */
  final void sendEvaluation(SignalResult.Evaluated evaluated) {
    Score score = evaluated.result().getScore();
    // Before the key is made: a subject may be called by a mail address.
    names.redact(evaluated.result(), score.getTenant());
    String traceId = score.getTraceId();
    String key = Keys.trace(score.getTenant(), traceId == null ? score.getSubjectId() : traceId);
    forward(key, evaluated.result(), score.getScoredAtUs() / 1_000, EVAL_RESULTS_SINK);
    sendContent(evaluated.content());
  }

  /** Sends what was noticed of a call. */
  final void sendEvent(Event event) {
    names.redact(event, event.getTenant());
    forward(
        Keys.event(event.getTenant(), event.getSubject()),
        event,
        event.getEventTimeUs() / 1_000,
        EVENTS_SINK);
  }

  /** Sends text, or the mark that stands for it where its subject asked to be forgotten. */
  final void sendContent(@Nullable SpanContent content) {
    if (content == null) {
      return;
    }
    SpanContent kept = content;
    if (erasures.covers(content)) {
      kept = Erasures.erased(content);
      metrics.note(Finding.CONTENT_ERASED, "content");
    }
    forward(
        Keys.trace(kept.getTenant(), kept.getTraceId()),
        kept,
        kept.getEventTimeUs() / 1_000,
        CONTENT_SINK);
  }

  private void send(Normalized normalized, NormalizeContext at) {
    Span span = normalized.span();
    String key = Keys.trace(span.getTenant(), span.getTraceId());
    long endMs = span.getEndTimeUs() / 1_000;
    forward(key, span, endMs, SPANS_SINK);
    metrics.spanAge(at.nowUs() / 1_000 - endMs);
    sendContent(normalized.content());
    String usageError = span.getUsageError();
    if (usageError != null) {
      Rejected refused =
          draft(at.tenant(), RejectReason.INVALID_USAGE, normalized.index(), usageError)
              .setTraceId(span.getTraceId())
              .setSpanId(span.getSpanId())
              .setEventTimeUs(span.getEndTimeUs())
              .setServiceName(span.getServiceName())
              .setSpan(span)
              .build();
      forward(key, refused, clock.millis(), REJECTED_SINK);
    }
  }

  /** Sends a refusal and counts it. */
  final void reject(InputMetrics input, String tenant, RejectedSpan refused) {
    refuse(tenant, refused);
    input.rejected(refused.reason());
  }

  /** Sends a refusal of a part of what goes on: outside the equation of the input. */
  final void refuse(String tenant, RejectedSpan refused) {
    Rejected rejected =
        draft(tenant, refused.reason(), refused.index(), refused.detail())
            .setTraceId(refused.traceId())
            .setSpanId(refused.spanId())
            .setEventTimeUs(refused.eventTimeUs())
            .setServiceName(refused.serviceName())
            .build();
    names.redact(rejected, tenant);
    String traceId = refused.traceId();
    forward(
        traceId == null ? tenant : Keys.trace(tenant, traceId),
        rejected,
        clock.millis(),
        REJECTED_SINK);
  }

  private Rejected.Builder draft(String tenant, RejectReason reason, int index, String detail) {
    Rejections.Position of =
        new Rejections.Position(position.topic(), position.partition(), position.offset(), index);
    return rejections.draft(tenant, reason, detail, of);
  }

  final void forward(String key, SpecificRecord value, long timestamp, String sink) {
    context.forward(new Record<>(key, value, timestamp), sink);
    metrics.sent(sink);
  }

  /** The tenant; null: the header holds what no tenant can be called. */
  private @Nullable String tenant(Headers headers) {
    Header header = headers.lastHeader(tenantHeader);
    if (header == null || header.value() == null) {
      metrics.defaultTenant();
      return Keys.DEFAULT_TENANT;
    }
    String tenant = new String(header.value(), StandardCharsets.UTF_8);
    return Keys.isTenant(tenant) ? tenant : null;
  }

  private long nowUs() {
    Instant now = clock.instant();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }
}
