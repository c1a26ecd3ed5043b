package dev.tributary.runtime.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/**
 * The common counters of one module; see {@link MetricNames} for the equation between them. Every
 * counter is resolved on first use and kept, so that counting a record costs one addition. Safe for
 * use by several threads.
 */
public final class ModuleMetrics {
  private record Input(String topic, int partition) {}

  private final MeterRegistry registry;
  private final Tags tags;
  private final Map<Input, InputMetrics> inputs = new ConcurrentHashMap<>();
  private final Map<String, Counter> sent = new ConcurrentHashMap<>();
  private final Map<String, Counter> errors = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> ages = new ConcurrentHashMap<>();

  /**
   * The metrics of a module. One per module and registry: a gauge belongs to whoever registers it
   * first, so a topology makes one and hands it to all its processors.
   *
   * @param module as {@code attribution}, the label {@code module}
   */
  public ModuleMetrics(MeterRegistry registry, String module) {
    this.registry = registry;
    this.tags = Tags.of(MetricNames.MODULE, module);
  }

  /** The counters of one input partition. */
  public InputMetrics input(String topic, int partition) {
    return inputs.computeIfAbsent(
        new Input(topic, partition),
        input ->
            new InputMetrics(
                registry,
                tags.and(
                    MetricNames.TOPIC,
                    input.topic(),
                    MetricNames.PARTITION,
                    Integer.toString(input.partition()))));
  }

  /** One record went out to a topic; counted apart from the equation. */
  public void sent(String topic) {
    sentTo(topic).increment();
  }

  /** The counter behind {@link #sent(String)}, for a hot path that keeps it. */
  public Counter sentTo(String topic) {
    Counter counter = sent.get(topic);
    return counter != null
        ? counter
        : sent.computeIfAbsent(
            topic, to -> registry.counter(MetricNames.SENT, tags.and(MetricNames.TOPIC, to)));
  }

  /** A fault at a stage, as {@code deserialize} or {@code registry}; outside the equation. */
  public void error(String stage) {
    errors
        .computeIfAbsent(
            stage, at -> registry.counter(MetricNames.ERRORS, tags.and(MetricNames.STAGE, at)))
        .increment();
  }

  /**
   * The age of a record at its output; the last one stands.
   *
   * @param topic the output topic
   * @param age milliseconds; negative for a timestamp ahead of the clock
   */
  public void recordAge(String topic, long age) {
    AtomicLong last = ages.get(topic);
    if (last == null) {
      last =
          ages.computeIfAbsent(
              topic,
              to -> {
                AtomicLong holder = new AtomicLong();
                Gauge.builder(MetricNames.RECORD_AGE_MS, holder, AtomicLong::doubleValue)
                    .tags(tags.and(MetricNames.TOPIC, to))
                    .strongReference(true)
                    .register(registry);
                return holder;
              });
    }
    last.lazySet(age);
  }

  /** A counter of this module alone, with the module's label. */
  public Counter counter(String name, String... labels) {
    return registry.counter(name, tags.and(labels));
  }

  /** A gauge of this module alone; the state object is held strongly. */
  public <T> void gauge(String name, T state, ToDoubleFunction<T> value, String... labels) {
    Gauge.builder(name, state, value)
        .tags(tags.and(labels))
        .strongReference(true)
        .register(registry);
  }
}
