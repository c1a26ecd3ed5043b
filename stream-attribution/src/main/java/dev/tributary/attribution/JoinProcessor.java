package dev.tributary.attribution;

import dev.tributary.attribution.core.CorrectionRuns;
import dev.tributary.attribution.core.JoinEvent;
import dev.tributary.attribution.core.JoinOutput;
import dev.tributary.attribution.core.JoinStores;
import dev.tributary.attribution.core.KeyedBytes;
import dev.tributary.attribution.core.PartitionClock;
import dev.tributary.attribution.core.References;
import dev.tributary.attribution.core.RejectReason;
import dev.tributary.attribution.core.ServiceCoverage;
import dev.tributary.attribution.core.SignedLine;
import dev.tributary.attribution.core.TraceJoin;
import dev.tributary.runtime.errors.Rejections;
import dev.tributary.runtime.metrics.ModuleMetrics;
import dev.tributary.schemas.Correction;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.TraceSummary;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Feeds the pure join with spans, commands and ticks, and sends on what it answers. It holds no
 * state of its own: a revived task starts from its stores.
 */
final class JoinProcessor implements Processor<String, Object, String, Object> {
  private final AttributionConfig config;
  private final References references;
  private final ModuleMetrics module;
  private final Rejections rejections;
  private final Clock wallClock;
  private final Inputs inputs;

  private @Nullable ProcessorContext<String, Object> context;
  private @Nullable AttributionMetrics metrics;
  private @Nullable TraceJoin join;
  private @Nullable PartitionClock clock;
  private @Nullable CorrectionRuns runs;
  private SchemaCodec codec = new SchemaCodec();

  /** Names of the input topics on the cluster. */
  record Inputs(String spans, String corrections) {}

  JoinProcessor(
      AttributionConfig config,
      References references,
      ModuleMetrics module,
      Clock wallClock,
      Inputs inputs) {
    this.config = config;
    this.references = references;
    this.module = module;
    this.rejections = new Rejections(AttributionTopology.MODULE, wallClock);
    this.wallClock = wallClock;
    this.inputs = inputs;
  }

  @Override
  public void init(ProcessorContext<String, Object> newContext) {
    context = newContext;
    codec = new SchemaCodec();
    KeyedBytes meta = store(newContext, AttributionTopology.JOIN_META);
    int partition = newContext.taskId().partition();
    metrics = new AttributionMetrics(module, inputs.spans(), inputs.corrections(), partition, meta);
    clock =
        new PartitionClock(
            meta, micros(config.clockSkew()), micros(config.clockIdle()), config.speed(), wallUs());
    runs = new CorrectionRuns(store(newContext, AttributionTopology.CORRECTION_RUNS));
    JoinStores stores =
        new JoinStores(
            store(newContext, AttributionTopology.SPANS_BY_TRACE),
            store(newContext, AttributionTopology.LINES_BY_TRACE),
            store(newContext, AttributionTopology.TRACES),
            store(newContext, AttributionTopology.DEADLINES),
            store(newContext, AttributionTopology.STUBS));
    join = new TraceJoin(config.times(), config.limits(), stores, new Output(), references, codec);
    newContext.schedule(config.tick(), PunctuationType.WALL_CLOCK_TIME, time -> tick());
  }

  private static KeyedBytes store(ProcessorContext<String, Object> context, String name) {
    KeyValueStore<String, byte[]> store = context.getStateStore(name);
    return new Stored(store);
  }

  private static long micros(java.time.Duration duration) {
    return TimeUnit.NANOSECONDS.toMicros(duration.toNanos());
  }

  private long wallUs() {
    return TimeUnit.MILLISECONDS.toMicros(wallClock.millis());
  }

  @Override
  public void process(Record<String, Object> record) {
    Object value = record.value();
    if (value instanceof IncomingSpan span) {
      onSpan(span.span(), span.content());
    } else if (value instanceof Correction command) {
      // A record without a key is nobody's; it is refused as one with another's.
      String key = record.key() == null ? command.getTenant() : record.key();
      onCorrection(key, command);
    } else {
      throw new IllegalStateException("no route for " + value);
    }
    metrics().settled();
  }

  private void onSpan(Span span, byte[] content) {
    metrics().spanReceived();
    long nowUs = clock().onSpan(span.getEndTimeUs(), wallUs());
    join().onSpan(span, content, nowUs);
  }

  private void onCorrection(String key, Correction command) {
    metrics().correctionReceived();
    RejectReason refusal =
        join().corrections().apply(key, command, Objects.requireNonNull(runs), clock().nowUs());
    if (refusal == null) {
      metrics().correctionApplied();
      return;
    }
    metrics().correctionRejected(refusal);
    String detail =
        command.getCommand()
            + " of run "
            + command.getRunId()
            + " on "
            + command.getKind()
            + " "
            + command.getSource()
            + " "
            + command.getItem()
            + ", expected revision "
            + command.getExpectedRevision();
    Rejected.Builder rejected = rejections.draft(command.getTenant(), refusal, detail, position());
    if (command.getKind() == dev.tributary.schemas.LineKind.USAGE
        && !command.getSource().isEmpty()) {
      rejected.setTraceId(command.getSource()).setSpanId(command.getItem());
    }
    forward(key, rejected.build(), TimeUnit.MICROSECONDS.toMillis(command.getIssuedAtUs()));
  }

  private void tick() {
    join().onClock(clock().onTick(wallUs()));
    metrics().settled();
  }

  @Override
  public void close() {
    if (metrics != null) {
      metrics.leave();
      metrics = null;
    }
  }

  private Rejections.Position position() {
    RecordMetadata metadata =
        context()
            .recordMetadata()
            .orElseThrow(() -> new IllegalStateException("only records are rejected"));
    return new Rejections.Position(metadata.topic(), metadata.partition(), metadata.offset(), 0);
  }

  private void forward(String key, Object value, long timestampMs) {
    context().forward(new Record<>(key, value, Math.max(0, timestampMs)));
  }

  private ProcessorContext<String, Object> context() {
    return Objects.requireNonNull(context, "init comes first");
  }

  private AttributionMetrics metrics() {
    return Objects.requireNonNull(metrics, "init comes first");
  }

  private TraceJoin join() {
    return Objects.requireNonNull(join, "init comes first");
  }

  private PartitionClock clock() {
    return Objects.requireNonNull(clock, "init comes first");
  }

  /** Sends everything with the event time of what it is about, but refusals. */
  private final class Output implements JoinOutput {
    @Override
    public void entry(SignedLine line) {
      forward(line.key(), new SignedEntry(line, wallUs()), millis(line.eventTimeUs()));
    }

    @Override
    public void trace(TraceSummary summary) {
      String key = Keys.trace(summary.getTenant(), summary.getTraceId());
      forward(key, summary, millis(summary.getEndTimeUs()));
    }

    @Override
    public void session(String sessionKey, TraceSummary summary) {
      forward(sessionKey, new SessionTrace(summary), millis(summary.getEndTimeUs()));
    }

    @Override
    public void rejected(
        RejectReason reason, String detail, Span span, @Nullable BigDecimal wouldBeCost) {
      metrics().spanRejected(reason);
      Rejected rejected =
          rejections
              .draft(span.getTenant(), reason, detail, position())
              .setTraceId(span.getTraceId())
              .setSpanId(span.getSpanId())
              .setEventTimeUs(span.getEndTimeUs())
              .setServiceName(span.getServiceName())
              .setWouldBeCost(wouldBeCost)
              .setSpan(span)
              .build();
      // At the time of the refusal: Kafka keeps by it, and what came too late may be old.
      forward(
          Keys.trace(span.getTenant(), span.getTraceId()),
          rejected,
          millis(rejected.getRejectedAtUs()));
    }

    @Override
    public void signal(String key, @Nullable Signal signal) {
      forward(
          key,
          new SignalChange(signal),
          millis(signal == null ? clock().nowUs() : signal.getSinceUs()));
    }

    @Override
    public void coverage(Collection<ServiceCoverage> services) {
      services.forEach(metrics()::closed);
    }

    @Override
    public void count(JoinEvent event, long count) {
      metrics().count(event, count);
    }

    private long millis(long us) {
      return TimeUnit.MICROSECONDS.toMillis(us);
    }
  }

  /** A trace on its way to its session, told apart from the one on its way out by its type. */
  record SessionTrace(TraceSummary summary) {}
}
