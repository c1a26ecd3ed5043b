package dev.tributary.normalize;

import dev.tributary.normalize.core.Erasures;
import dev.tributary.normalize.core.LogBatch;
import dev.tributary.normalize.core.NormalizeContext;
import dev.tributary.normalize.core.SignalEvents;
import dev.tributary.normalize.core.SignalResult;
import dev.tributary.runtime.metrics.InputMetrics;
import java.time.Clock;
import org.apache.kafka.streams.processor.api.Record;

/** One OTLP log request in; evaluations, failed calls and their text out. */
final class LogProcessor extends NormalizeProcessor<byte[]> {
  private final NormalizeConfig config;
  private final NormalizeMetrics metrics;
  private final SignalEvents events;

  LogProcessor(NormalizeConfig config, NormalizeMetrics metrics, Erasures erasures, Clock clock) {
    super(config, metrics, erasures, clock);
    this.config = config;
    this.metrics = metrics;
    this.events = new SignalEvents(config.rules(), config.pseudonyms(), metrics);
  }

  @Override
  void normalize(Record<byte[], byte[]> record, NormalizeContext at, InputMetrics input) {
    LogBatch batch = OtlpBody.open(record, config, input, OtlpLogProto::parse, OtlpLogJson::parse);
    metrics.batch();
    events.read(
        batch,
        at,
        result -> {
          input.received();
          accept(result, at, input);
        });
  }

  private void accept(SignalResult result, NormalizeContext at, InputMetrics input) {
    if (result instanceof SignalResult.Evaluated evaluated) {
      sendEvaluation(evaluated);
      input.sentPrimary();
    } else if (result instanceof SignalResult.Failed failed) {
      sendEvent(failed.event());
      sendContent(failed.content());
      input.sentPrimary();
    } else if (result instanceof SignalResult.Refused refused) {
      reject(input, at.tenant(), refused.rejected());
    } else if (result instanceof SignalResult.Dropped dropped) {
      input.dropped(dropped.reason());
    }
  }
}
