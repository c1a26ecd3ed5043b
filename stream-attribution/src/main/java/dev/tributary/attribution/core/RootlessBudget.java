package dev.tributary.attribution.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps closed traces without a root beyond the revisable time, the root may still come, within a
 * budget of bytes. The sum is kept in the store beside the traces it counts.
 */
final class RootlessBudget {
  private static final String SUM = "s";

  private final JoinContext context;

  RootlessBudget(JoinContext context) {
    this.context = context;
  }

  /** Counts a trace in; the caller puts its header back. */
  void keep(String trace, TraceHeader header) {
    if (header.rootlessBytes == 0) {
      header.rootlessBytes = Math.max(1, header.spanBytes);
      context.deadlines.addRootless(trace, header.openedUs);
      add(header.rootlessBytes);
    }
  }

  /** Counts a trace out; the caller puts its header back. */
  void release(String trace, TraceHeader header) {
    if (header.rootlessBytes > 0) {
      context.deadlines.removeRootless(trace, header.openedUs);
      add(-header.rootlessBytes);
      header.rootlessBytes = 0;
    }
  }

  /** The oldest trace that has to go; null: all fit. */
  @Nullable String excess() {
    if (sum() <= context.limits.rootlessBytes()) {
      return null;
    }
    List<String> oldest = context.deadlines.oldestRootless(1);
    return oldest.isEmpty() ? null : oldest.get(0);
  }

  private void add(long change) {
    byte[] sum = new ByteWriter(10).number(sum() + change).done();
    context.stores.deadlines().put(SUM, sum);
  }

  private long sum() {
    byte[] stored = context.stores.deadlines().get(SUM);
    return stored == null ? 0 : new ByteReader(stored).number();
  }
}
