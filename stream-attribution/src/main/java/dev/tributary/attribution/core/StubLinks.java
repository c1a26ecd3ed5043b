package dev.tributary.attribution.core;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What links the spans of a stub. Lines booked before the stub can no longer be retracted, late
 * ones can: where a late link shows that a token is counted twice, the late line gives way.
 */
final class StubLinks {
  /** Missing parents that came late, one above the other. */
  private static final int MAX_STEPS = 1_000;

  /** Late owners and missing parents that are followed; they are in the trace's header. */
  private static final int MAX_FOLLOWED = 500;

  private final StubJoin stubs;
  private final String trace;
  private final TraceHeader header;

  /**
   * What is above a span.
   *
   * @param isCovered an ancestor owns usage
   * @param lateOwner that ancestor, where it came late
   * @param missing the first ancestor that has not come; null: none
   */
  record Above(boolean isCovered, @Nullable String lateOwner, @Nullable String missing) {
    static final Above NOTHING = new Above(false, null, null);
  }

  StubLinks(StubJoin stubs, String trace, TraceHeader header) {
    this.stubs = stubs;
    this.trace = trace;
    this.header = header;
  }

  boolean hasUsageBelow(String spanId) {
    return header.awaited.contains(spanId) || header.lateOwners.containsKey(spanId);
  }

  Above above(@Nullable String parentId) {
    String id = parentId;
    for (int step = 0; id != null && step < MAX_STEPS; step++) {
      Stub.Known known = stubs.known(trace, header, id);
      if (known == null) {
        // An orphan hangs below the root; a root that owns covers it.
        String root = header.rootSpanId;
        Stub.Known rootKnown = root == null ? null : stubs.known(trace, header, root);
        return new Above(rootKnown != null && rootKnown.isCovered(), null, id);
      }
      if (known.isCovered() && known.lateOwner() == null) {
        return new Above(true, null, null);
      }
      if (known.lateOwner() != null && isOwner(known.lateOwner())) {
        return new Above(true, known.lateOwner(), missingAbove(known.lateOwner()));
      }
      id = known.missing();
    }
    return Above.NOTHING;
  }

  /** The first ancestor that has not come by now; what was missing first may have come since. */
  private @Nullable String missingAbove(String spanId) {
    String id = spanId;
    for (int step = 0; id != null && step < MAX_STEPS; step++) {
      Stub.Known known = stubs.known(trace, header, id);
      if (known == null) {
        return id;
      }
      id = known.missing();
    }
    return null;
  }

  private boolean isOwner(String lateId) {
    Stub.Known known = stubs.known(trace, header, lateId);
    return known != null && known.line().length > 0;
  }

  /** Draws the consequences of a span that has come; the caller puts the header back. */
  void linked(String spanId, Above above, boolean owns) {
    boolean earlyBelow = header.awaited.remove(spanId);
    Set<String> lateBelow = header.lateOwners.remove(spanId);
    Set<String> counted = lateBelow == null ? new TreeSet<>() : lateBelow;
    boolean usageBelow = earlyBelow || !counted.isEmpty();
    if (usageBelow && above.lateOwner() != null) {
      stubs.disown(trace, header, above.lateOwner());
      header.lateOwners.values().forEach(owners -> owners.remove(above.lateOwner()));
      header.lateOwners.values().removeIf(Set::isEmpty);
    } else if (usageBelow && above.isCovered()) {
      counted.forEach(id -> stubs.disown(trace, header, id));
      counted.clear();
    }
    if (owns) {
      counted.add(spanId);
    }
    if (above.missing() != null) {
      if (earlyBelow && header.awaited.size() < MAX_FOLLOWED) {
        header.awaited.add(above.missing());
      }
      if (!counted.isEmpty() && followed() < MAX_FOLLOWED) {
        header
            .lateOwners
            .computeIfAbsent(above.missing(), unused -> new TreeSet<>())
            .addAll(counted);
      }
    }
  }

  private int followed() {
    return header.lateOwners.values().stream().mapToInt(Set::size).sum();
  }
}
