package dev.tributary.attribution;

import dev.tributary.attribution.core.JoinEvent;
import dev.tributary.attribution.core.KeyedBytes;
import dev.tributary.attribution.core.RejectReason;
import dev.tributary.attribution.core.ServiceCoverage;
import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.runtime.metrics.ModuleMetrics;
import io.micrometer.core.instrument.Counter;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one task. Per input partition: {@code received + taken_over = sent_primary +
 * rejected + dead_lettered + dropped + in_state}. For spans, {@code sent_primary} is a span whose
 * line was booked for the first time, {@code in_state} one that waits for it, {@code dropped} a
 * duplicate.
 */
final class AttributionMetrics {
  /** What the join did, by event. */
  static final String EVENTS = "tributary.attribution.events";

  /** Reference data that was refused. */
  static final String REFERENCE_REFUSED = "tributary.attribution.reference.refused";

  /** Version of the active reference data, by tenant. */
  static final String REFERENCE_VERSION = "tributary.attribution.reference.version";

  /** Calls of closed traces, by service and whether telemetry itself names their feature. */
  static final String CALLS = "tributary.attribution.calls";

  /** Known cost of closed traces, ledger currency, by the same. */
  static final String COST = "tributary.attribution.cost";

  /** Services told apart on a task; further ones are {@code other}. */
  private static final int MAX_SERVICES = 500;

  private final ModuleMetrics module;
  private final Map<String, ServiceCounters> services = new HashMap<>();
  private final InputMetrics spans;
  private final HeldSpans held;
  private final InputMetrics corrections;
  private final Map<JoinEvent, Counter> events = new EnumMap<>(JoinEvent.class);

  /**
   * The counters of a task.
   *
   * @param spans name of the topic of spans on the cluster
   * @param corrections the same of commands
   * @param meta where the number of waiting spans is kept
   */
  AttributionMetrics(
      ModuleMetrics module, String spans, String corrections, int partition, KeyedBytes meta) {
    this.module = module;
    this.spans = module.input(spans, partition);
    this.held = new HeldSpans(meta, this.spans);
    this.corrections = module.input(corrections, partition);
    for (JoinEvent event : JoinEvent.values()) {
      events.put(event, module.counter(EVENTS, "event", event.name().toLowerCase(Locale.ROOT)));
    }
  }

  void spanReceived() {
    spans.received();
  }

  void spanRejected(RejectReason reason) {
    spans.rejected(reason);
  }

  /** A record or a tick is done: what waits now is written down. */
  void settled() {
    held.save();
  }

  /** The task goes. */
  void leave() {
    held.leave();
  }

  void correctionReceived() {
    corrections.received();
  }

  void correctionApplied() {
    corrections.sentPrimary();
  }

  void correctionRejected(RejectReason reason) {
    corrections.rejected(reason);
  }

  /** Counts a closed trace once; later revisions are in the ledger only. */
  void closed(ServiceCoverage coverage) {
    String service = coverage.service();
    ServiceCounters counters = services.get(service);
    if (counters == null) {
      service = services.size() < MAX_SERVICES ? service : "other";
      counters = services.computeIfAbsent(service, this::countersOf);
    }
    counters.add(coverage);
  }

  private ServiceCounters countersOf(String service) {
    return new ServiceCounters(
        counter(CALLS, service, true),
        counter(CALLS, service, false),
        counter(COST, service, true),
        counter(COST, service, false));
  }

  private Counter counter(String name, String service, boolean isAttributed) {
    return module.counter(name, "service", service, "attributed", Boolean.toString(isAttributed));
  }

  /** Resolved once: a registry's look-up costs more than what is counted. */
  private record ServiceCounters(
      Counter attributedCalls, Counter otherCalls, Counter attributedCost, Counter otherCost) {
    void add(ServiceCoverage coverage) {
      attributedCalls.increment((double) coverage.attributedCalls());
      otherCalls.increment((double) (coverage.calls() - coverage.attributedCalls()));
      BigDecimal attributed = known(coverage.attributedCost());
      attributedCost.increment(attributed.doubleValue());
      otherCost.increment(known(coverage.cost()).subtract(attributed).doubleValue());
    }

    private static BigDecimal known(@Nullable BigDecimal amount) {
      return amount == null ? BigDecimal.ZERO : amount;
    }
  }

  void count(JoinEvent event, long count) {
    Counter counter = events.get(event);
    if (counter != null) {
      counter.increment((double) count);
    }
    switch (event) {
      case HELD -> held.came(count);
      case BOOKED -> {
        held.booked(count);
        spans.sentPrimary(count);
      }
      case OVER_LIMIT, STUB_SPAN -> spans.sentPrimary(count);
      case DUPLICATE, CONFLICT, STUB_DUPLICATE -> {
        for (long i = 0; i < count; i++) {
          spans.dropped(event);
        }
      }
      default -> {
        // outside of the equation
      }
    }
  }
}
