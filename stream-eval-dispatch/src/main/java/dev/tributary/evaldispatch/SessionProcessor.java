package dev.tributary.evaldispatch;

import dev.tributary.runtime.errors.Rejections;
import dev.tributary.schemas.EvalSubject;
import java.time.Clock;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Keeps the last closed trace of each session, and frees the results that waited for one. */
final class SessionProcessor
    extends ContextualProcessor<String, EvalSubject, String, SpecificRecord> {
  private final DispatchConfig config;
  private final DispatchMetrics metrics;
  private final Clock clock;
  private ResultBook results;

  @SuppressWarnings("NullAway.Init") // init() comes before everything else
  SessionProcessor(DispatchConfig config, DispatchMetrics metrics, Clock clock) {
    this.config = config;
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> context) {
    super.init(context);
    results =
        new ResultBook(
            config,
            metrics,
            metrics.results(context.taskId().partition()),
            new Rejections(DispatchMain.APP.name(), clock),
            new TaskStores(context),
            (key, value, timeUs) ->
                context.forward(new Record<>(key, value, Math.max(0, timeUs / 1_000))));
  }

  @Override
  public void process(Record<String, EvalSubject> record) {
    results.sessionSeen(record.key(), record.value(), TraceProcessor.micros(clock.instant()));
  }

  @Override
  public void close() {
    if (results != null) {
      results.close();
    }
  }
}
