package dev.tributary.attribution.core;

import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.TraceSummary;
import java.math.BigDecimal;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Where the join's results go, in the order they are made. */
public interface JoinOutput {
  void entry(SignedLine entry);

  void trace(TraceSummary summary);

  /**
   * A closed trace for a session; where the trace's own session is another one, it has left.
   *
   * @param sessionKey tenant and session
   */
  void session(String sessionKey, TraceSummary summary);

  /** A span that cannot be booked any more, with the cost it would have had. */
  void rejected(RejectReason reason, String detail, Span span, @Nullable BigDecimal wouldBeCost);

  /**
   * A flag of an open trace.
   *
   * @param key tenant and scope
   * @param signal null: nothing is known of the scope any more
   */
  void signal(String key, @Nullable Signal signal);

  /** What a trace that has just closed says of its services. */
  void coverage(Collection<ServiceCoverage> services);

  void count(JoinEvent event, long count);
}
