package dev.tributary.attribution.core;

import dev.tributary.schemas.ServiceQuality;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.SpanStatus;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the services of a trace leave out: tags, usage and finish reasons of calls that went well,
 * parents that never came, starts before the parent's, calls recorded twice. A service's score is 1
 * minus the mean of the six shares.
 */
final class InstrumentationQuality {
  private static final int LISTED = 20;

  /** Clocks of two hosts differ by this much without anybody's fault, microseconds. */
  private static final long SKEW_US = 1_000;

  private enum Fault {
    NO_TAGS("no_tags"),
    NO_USAGE("no_usage"),
    NO_FINISH_REASON("no_finish_reason"),
    BROKEN_PARENT("broken_parent"),
    CLOCK_SKEW("clock_skew"),
    DOUBLE_REPORTED("double_reported");

    final String wireName;

    Fault(String wireName) {
      this.wireName = wireName;
    }
  }

  private static final class Service {
    long spans;
    long calls;
    private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);

    void count(Fault fault, boolean isThere) {
      if (isThere) {
        faults.merge(fault, 1L, Long::sum);
      }
    }

    private double share(Fault fault) {
      long count = faults.getOrDefault(fault, 0L);
      long of =
          switch (fault) {
            case BROKEN_PARENT, CLOCK_SKEW -> spans;
            case DOUBLE_REPORTED -> calls + count;
            default -> calls;
          };
      return of == 0 ? 0 : (double) count / of;
    }

    ServiceQuality quality(String name) {
      double missing = 0;
      Map<String, Long> reasons = new TreeMap<>();
      for (Fault fault : Fault.values()) {
        missing += share(fault);
        long count = faults.getOrDefault(fault, 0L);
        if (count > 0) {
          reasons.put(fault.wireName, count);
        }
      }
      double score = 1 - missing / Fault.values().length;
      return new ServiceQuality(name.isEmpty() ? null : name, spans, calls, score, reasons);
    }
  }

  private final Booking booking;
  private final SpanTree tree;
  private final UsageRules usage;
  private final Map<String, Service> services = new TreeMap<>();

  InstrumentationQuality(Booking booking, SpanTree tree, UsageRules usage) {
    this.booking = booking;
    this.tree = tree;
    this.usage = usage;
    for (int i = 0; i < tree.size(); i++) {
      String name = tree.span(i).getServiceName();
      Service service = services.get(name == null ? "" : name);
      if (service == null) {
        if (services.size() >= LISTED) {
          continue;
        }
        service = new Service();
        services.put(name == null ? "" : name, service);
      }
      count(service, i);
    }
  }

  private void count(Service service, int i) {
    Span span = tree.span(i);
    service.spans++;
    service.count(Fault.BROKEN_PARENT, tree.isOrphan(i));
    int parent = tree.parent(i);
    service.count(
        Fault.CLOCK_SKEW,
        parent >= 0 && span.getStartTimeUs() + SKEW_US < tree.span(parent).getStartTimeUs());
    service.count(Fault.DOUBLE_REPORTED, usage.decision(i) == UsageDecision.DOUBLE);
    if (usage.isLogicalCall(i) && span.getStatus() != SpanStatus.ERROR) {
      service.calls++;
      service.count(
          Fault.NO_TAGS,
          !ServiceCoverage.isAttributed(booking.attribution(i).getFeature().getProvenance()));
      service.count(Fault.NO_USAGE, usage.decision(i) == UsageDecision.NO_USAGE);
      service.count(
          Fault.NO_FINISH_REASON,
          span.getKind() == SpanKind.LLM && span.getFinishReasons().isEmpty());
    }
  }

  /** The services by name. */
  List<ServiceQuality> listed() {
    List<ServiceQuality> listed = new ArrayList<>();
    services.forEach((name, service) -> listed.add(service.quality(name)));
    return listed;
  }
}
