package dev.tributary.evaldispatch;

import dev.tributary.runtime.errors.Rejections;
import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.TraceSummary;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Everything about one trace meets here: its close, its jobs, its results. Decides draws, watches
 * jobs for an answer, and writes each score once.
 */
final class TraceProcessor
    extends ContextualProcessor<String, SpecificRecord, String, SpecificRecord> {

  private static final long NEVER = Long.MIN_VALUE;

  private final DispatchConfig config;
  private final DispatchMetrics metrics;
  private final LoadedPolicies policies;
  private final Clock clock;
  private TraceDecisions decisions;
  private ResultBook results;
  private TaskStores stores;
  private InputMetrics traces;
  private int partition;
  private long queuesToldUs = NEVER;

  @SuppressWarnings("NullAway.Init") // init() comes before everything else
  TraceProcessor(
      DispatchConfig config, DispatchMetrics metrics, LoadedPolicies policies, Clock clock) {
    this.config = config;
    this.metrics = metrics;
    this.policies = policies;
    this.clock = clock;
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> context) {
    super.init(context);
    partition = context.taskId().partition();
    stores = new TaskStores(context);
    stores.countPending();
    queuesToldUs = NEVER;
    traces = metrics.traces(partition);
    decisions = new TraceDecisions(config, metrics, policies, stores, this::send);
    results =
        new ResultBook(
            config,
            metrics,
            metrics.results(partition),
            new Rejections(DispatchMain.APP.name(), clock),
            stores,
            this::send);
    results.restored();
    context.schedule(
        config.tick(), PunctuationType.WALL_CLOCK_TIME, now -> tick(micros(clock.instant())));
  }

  /** Where a part of this processor sends what it made. */
  @FunctionalInterface
  interface Output {
    /** Sends a record; the time is microseconds since the epoch. */
    void send(String key, SpecificRecord value, long timeUs);
  }

  private void send(String key, SpecificRecord value, long timeUs) {
    context().forward(new Record<>(key, value, Math.max(0, timeUs / 1_000)));
  }

  @Override
  public void process(Record<String, SpecificRecord> record) {
    long nowUs = micros(clock.instant());
    if (record.value() instanceof TraceSummary trace) {
      traces.received();
      String key = Keys.trace(trace.getTenant(), trace.getTraceId());
      if (decisions.decide(key, trace, traces, nowUs)) {
        results.traceClosed(key, nowUs);
      }
    } else if (record.value() instanceof EvalJob job) {
      watch(job);
    } else if (record.value() instanceof EvalResult result) {
      results.take(result, position(), nowUs);
    }
  }

  /** A job that went out, here or by the controller, is watched until it is answered. */
  private void watch(EvalJob job) {
    RecordMetadata metadata = context().recordMetadata().orElseThrow();
    InputMetrics input = metrics.jobs(metadata.topic(), metadata.partition());
    input.received();
    String jobKey = TraceDecisions.jobKey(job.getTenant(), job.getJobId());
    if (stores.isWritten(jobKey)) {
      input.dropped(DropReason.ANSWERED);
      return;
    }
    stores.putPending(
        jobKey, job, job.getDeadlineUs() + DispatchConfig.micros(config.retryGrace()));
    input.sentPrimary();
  }

  private void tick(long nowUs) {
    decisions.tellDemand(nowUs);
    stores.sweep(nowUs, ended -> results.ended(ended, nowUs));
    if (queuesToldUs == NEVER
        || nowUs - queuesToldUs >= DispatchConfig.micros(config.rateInterval())) {
      tellQueues(nowUs);
    }
  }

  /**
   * As often as the controller plans. A task that has just begun takes back what it said before.
   */
  private void tellQueues(long nowUs) {
    if (queuesToldUs == NEVER) {
      send("", QueueRecords.anew(partition, nowUs), nowUs);
    }
    queuesToldUs = nowUs;
    stores
        .backlog()
        .take()
        .forEach(
            waiting ->
                send(waiting.queue().tenant(), QueueRecords.control(waiting, partition), nowUs));
  }

  private Rejections.Position position() {
    RecordMetadata metadata = context().recordMetadata().orElseThrow();
    return new Rejections.Position(metadata.topic(), metadata.partition(), metadata.offset(), 0);
  }

  @Override
  public void close() {
    if (results != null) {
      results.close();
    }
  }

  static long micros(Instant instant) {
    return TimeUnit.SECONDS.toMicros(instant.getEpochSecond()) + instant.getNano() / 1_000;
  }
}
