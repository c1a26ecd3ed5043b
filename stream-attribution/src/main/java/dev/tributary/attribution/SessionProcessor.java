package dev.tributary.attribution;

import dev.tributary.attribution.core.SessionJoin;
import dev.tributary.schemas.SessionSummary;
import dev.tributary.schemas.TraceSummary;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Feeds the pure session join; sends on each session whenever it has changed. */
final class SessionProcessor implements Processor<String, TraceSummary, String, SessionSummary> {
  /** A tick takes a bounded number of sessions, so its length bounds how fast they may come. */
  private static final Duration TICK = Duration.ofSeconds(1);

  private final SessionJoin.Times times;
  private final Clock wallClock;
  private @Nullable ProcessorContext<String, SessionSummary> context;
  private @Nullable SessionJoin join;

  SessionProcessor(SessionJoin.Times times, Clock wallClock) {
    this.times = times;
    this.wallClock = wallClock;
  }

  @Override
  public void init(ProcessorContext<String, SessionSummary> newContext) {
    context = newContext;
    join =
        new SessionJoin(
            store(newContext, AttributionTopology.TURNS_BY_SESSION),
            store(newContext, AttributionTopology.SESSIONS),
            store(newContext, AttributionTopology.SESSION_DEADLINES),
            times);
    newContext.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, time -> tick());
  }

  private void tick() {
    Objects.requireNonNull(join)
        .onClock(
            wallUs(),
            (key, ended) ->
                Objects.requireNonNull(context)
                    .forward(
                        new Record<>(
                            key,
                            ended,
                            Math.max(0, TimeUnit.MICROSECONDS.toMillis(ended.getEndTimeUs())))));
  }

  private static Stored store(ProcessorContext<String, SessionSummary> context, String name) {
    KeyValueStore<String, byte[]> store = context.getStateStore(name);
    return new Stored(store);
  }

  private long wallUs() {
    return TimeUnit.MILLISECONDS.toMicros(wallClock.millis());
  }

  @Override
  public void process(Record<String, TraceSummary> record) {
    SessionSummary summary =
        Objects.requireNonNull(join).onTrace(record.key(), record.value(), wallUs());
    if (summary != null) {
      Objects.requireNonNull(context).forward(record.withValue(summary));
    }
  }
}
