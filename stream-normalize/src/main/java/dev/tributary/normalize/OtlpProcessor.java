package dev.tributary.normalize;

import dev.tributary.normalize.core.Erasures;
import dev.tributary.normalize.core.NormalizeContext;
import dev.tributary.normalize.core.NormalizeResult;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.Normalizer;
import dev.tributary.normalize.core.OtlpBatch;
import dev.tributary.normalize.core.OtlpSpan;
import dev.tributary.normalize.core.SignalEvents;
import dev.tributary.normalize.core.SignalResult;
import dev.tributary.runtime.errors.UndecodableRecordException;
import dev.tributary.runtime.metrics.InputMetrics;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.processor.api.Record;

/**
 * One OTLP request in, its spans out, and the evaluations among their events. Bytes that are no
 * request leave by {@link UndecodableRecordException}, before anything was forwarded.
 */
final class OtlpProcessor extends NormalizeProcessor<byte[]> {
  private final NormalizeConfig config;
  private final NormalizeMetrics metrics;
  private final Normalizer normalizer;
  private final SignalEvents events;

  OtlpProcessor(NormalizeConfig config, NormalizeMetrics metrics, Erasures erasures, Clock clock) {
    super(config, metrics, erasures, clock);
    this.config = config;
    this.metrics = metrics;
    this.normalizer = new Normalizer(config.rules(), config.pseudonyms(), metrics);
    this.events = new SignalEvents(config.rules(), config.pseudonyms(), metrics);
  }

  @Override
  void normalize(Record<byte[], byte[]> record, NormalizeContext at, InputMetrics input) {
    OtlpBatch batch = OtlpBody.open(record, config, input, OtlpProto::parse, OtlpJson::parse);
    metrics.batch();
    Map<Integer, OtlpSpan> evaluated = evaluated(batch);
    normalizer.normalize(
        batch,
        at,
        result -> {
          input.received();
          accept(result, at, input);
          OtlpSpan source = evaluated.get(result.index());
          if (source != null) {
            sendEvaluations(source, result, at);
          }
        });
  }

  /** Spans with evaluations among their events, by index: few, if any. */
  private static Map<Integer, OtlpSpan> evaluated(OtlpBatch batch) {
    Map<Integer, OtlpSpan> evaluated = Map.of();
    int index = 0;
    for (OtlpBatch.Group group : batch.groups()) {
      for (OtlpSpan span : group.spans()) {
        if (SignalEvents.hasEvaluation(span)) {
          evaluated = evaluated.isEmpty() ? new HashMap<>() : evaluated;
          evaluated.put(index, span);
        }
        index++;
      }
    }
    return evaluated;
  }

  /** Beside the equation of the input, whose unit is the span. */
  private void sendEvaluations(OtlpSpan source, NormalizeResult result, NormalizeContext at) {
    if (result instanceof Normalized normalized) {
      for (SignalResult event : events.onSpan(source, normalized, at)) {
        if (event instanceof SignalResult.Evaluated evaluation) {
          sendEvaluation(evaluation);
        } else if (event instanceof SignalResult.Refused refused) {
          refuse(at.tenant(), refused.rejected());
        }
      }
    }
  }
}
