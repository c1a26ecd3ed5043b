package dev.tributary.runtime.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The counters of one input partition, resolved once; a processor keeps a reference. Safe for use
 * by several threads.
 */
public final class InputMetrics {
  private final MeterRegistry registry;
  private final Tags tags;
  private final Counter received;
  private final Counter sentPrimary;
  private final Counter deadLettered;
  private final Map<String, Counter> rejected = new ConcurrentHashMap<>();
  private final Map<String, Counter> dropped = new ConcurrentHashMap<>();
  private final LongAdder inState = new LongAdder();
  private volatile boolean isInStateRegistered;

  InputMetrics(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.tags = tags;
    this.received = registry.counter(MetricNames.RECEIVED, tags);
    this.sentPrimary = registry.counter(MetricNames.SENT_PRIMARY, tags);
    this.deadLettered = registry.counter(MetricNames.DEAD_LETTERED, tags);
  }

  /** One input record was taken. */
  public void received() {
    received.increment();
  }

  /** The primary output of one input record went out. */
  public void sentPrimary() {
    sentPrimary.increment();
  }

  /** The primary outputs of several input records went out. */
  public void sentPrimary(long count) {
    sentPrimary.increment((double) count);
  }

  /** One input record was refused. */
  public void rejected(Enum<?> reason) {
    rejected(reason.name());
  }

  /** One input record was refused; the reason is a code, never text from the record. */
  public void rejected(String reason) {
    counter(rejected, MetricNames.REJECTED, reason).increment();
  }

  /** One input record went to the dead-letter topic. */
  public void deadLettered() {
    deadLettered.increment();
  }

  /** One input record had no effect, by design. */
  public void dropped(Enum<?> reason) {
    dropped(reason.name());
  }

  /** One input record had no effect, by design; the reason is a code. */
  public void dropped(String reason) {
    counter(dropped, MetricNames.DROPPED, reason).increment();
  }

  /** Input records entered (positive) or left (negative) the state. */
  public void inState(long change) {
    inState.add(change);
    if (!isInStateRegistered) {
      registerInState();
    }
  }

  /** On first use, because the first to register a gauge of one name keeps it. */
  private synchronized void registerInState() {
    if (!isInStateRegistered) {
      Gauge.builder(MetricNames.IN_STATE, inState, LongAdder::doubleValue)
          .tags(tags)
          .strongReference(true)
          .register(registry);
      isInStateRegistered = true;
    }
  }

  private Counter counter(Map<String, Counter> byReason, String name, String reason) {
    Counter counter = byReason.get(reason);
    if (counter != null) {
      return counter;
    }
    return byReason.computeIfAbsent(
        reason, code -> registry.counter(name, tags.and(MetricNames.REASON, code)));
  }
}
