package dev.tributary.attribution;

import dev.tributary.attribution.core.JoinEvent;
import dev.tributary.attribution.core.RejectReason;
import dev.tributary.attribution.core.ServiceCoverage;
import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.runtime.metrics.ModuleMetrics;
import io.micrometer.core.instrument.Counter;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The counters of one task. Per input partition: {@code received = sent_primary + rejected +
 * dead_lettered + dropped + in_state}. For spans, {@code sent_primary} is a span whose line was
 * booked for the first time, {@code in_state} one that waits for it, {@code dropped} a duplicate.
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
  private final Set<String> services = new HashSet<>();
  private final InputMetrics spans;
  private final InputMetrics corrections;
  private final Map<JoinEvent, Counter> events = new EnumMap<>(JoinEvent.class);

  AttributionMetrics(ModuleMetrics module, String spans, String corrections, int partition) {
    this.module = module;
    this.spans = module.input(spans, partition);
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
    if (!services.contains(service) && services.size() >= MAX_SERVICES) {
      service = "other";
    }
    services.add(service);
    long others = coverage.calls() - coverage.attributedCalls();
    add(CALLS, service, true, (double) coverage.attributedCalls());
    add(CALLS, service, false, (double) others);
    BigDecimal attributed =
        coverage.attributedCost() == null ? BigDecimal.ZERO : coverage.attributedCost();
    BigDecimal cost = coverage.cost() == null ? BigDecimal.ZERO : coverage.cost();
    add(COST, service, true, attributed.doubleValue());
    add(COST, service, false, cost.subtract(attributed).doubleValue());
  }

  private void add(String name, String service, boolean isAttributed, double amount) {
    module
        .counter(name, "service", service, "attributed", Boolean.toString(isAttributed))
        .increment(amount);
  }

  void count(JoinEvent event, long count) {
    Counter counter = events.get(event);
    if (counter != null) {
      counter.increment((double) count);
    }
    switch (event) {
      case HELD -> spans.inState(count);
      case BOOKED -> {
        spans.inState(-count);
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
