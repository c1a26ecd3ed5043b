package dev.tributary.runtime.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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
  private final LazyGauge inState;
  private final LazyGauge takenOver;

  InputMetrics(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.tags = tags;
    this.received = registry.counter(MetricNames.RECEIVED, tags);
    this.sentPrimary = registry.counter(MetricNames.SENT_PRIMARY, tags);
    this.deadLettered = registry.counter(MetricNames.DEAD_LETTERED, tags);
    this.inState = new LazyGauge(registry, MetricNames.IN_STATE, tags);
    this.takenOver = new LazyGauge(registry, MetricNames.TAKEN_OVER, tags);
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
    dropped(reason, 1);
  }

  /**
   * Several input records had no effect, by design; the reason is a code. None is shown as none.
   */
  public void dropped(String reason, long count) {
    if (count == 0) {
      return;
    }
    counter(dropped, MetricNames.DROPPED, reason).increment((double) count);
  }

  /** Input records entered (positive) or left (negative) the state. */
  public void inState(long change) {
    inState.add(change);
  }

  /**
   * A task came with records in its state that were received before it came (positive), or goes and
   * leaves with records that wait (negative). They are counted as in state, too.
   */
  public void tookOver(long change) {
    takenOver.add(change);
    inState.add(change);
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
