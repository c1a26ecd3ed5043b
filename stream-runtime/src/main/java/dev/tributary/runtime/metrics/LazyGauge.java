package dev.tributary.runtime.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.LongAdder;

/**
 * A sum that goes up and down, and is shown from its first change on: a module without state has no
 * gauge of it. Safe for use by several threads.
 */
final class LazyGauge {
  private final MeterRegistry registry;
  private final String name;
  private final Tags tags;
  private final LongAdder sum = new LongAdder();
  private volatile boolean isRegistered;

  LazyGauge(MeterRegistry registry, String name, Tags tags) {
    this.registry = registry;
    this.name = name;
    this.tags = tags;
  }

  /** Adds; negative takes away. Nothing added shows nothing. */
  void add(long change) {
    if (change == 0) {
      return;
    }
    sum.add(change);
    if (!isRegistered) {
      register();
    }
  }

  /** Once, because the first to register a gauge of one name keeps it. */
  private synchronized void register() {
    if (!isRegistered) {
      Gauge.builder(name, sum, LongAdder::doubleValue)
          .tags(tags)
          .strongReference(true)
          .register(registry);
      isRegistered = true;
    }
  }
}
