package dev.tributary.attribution.core;

import org.jspecify.annotations.Nullable;

/** When what is next to be done with a trace. */
final class TraceSchedule {
  /** A trace of n spans is booked again at most every n milliseconds while spans keep coming. */
  private static final long REBOOK_US_PER_SPAN = 1_000;

  /** Up to this size a closed trace is booked again with every late span. */
  private static final int SMALL_TRACE_SPANS = 100;

  private final JoinTimes times;
  private final OpenTraceWatch watch;

  TraceSchedule(JoinTimes times, OpenTraceWatch watch) {
    this.times = times;
    this.watch = watch;
  }

  @Nullable String closeReason(TraceState state, long clockUs) {
    if (state.hasRoot() && state.lastTouchedUs() + times.settleUs() <= clockUs) {
      return "settled";
    }
    if (state.lastTouchedUs() + times.idleUs() <= clockUs) {
      return "idle";
    }
    return state.header.openedUs + times.maxAgeUs() <= clockUs ? "max_age" : null;
  }

  long nextOpenDeadline(TraceState state) {
    long next =
        Math.min(state.lastTouchedUs() + times.idleUs(), state.header.openedUs + times.maxAgeUs());
    if (state.hasRoot()) {
      next = Math.min(next, state.lastTouchedUs() + times.settleUs());
    }
    next = Math.min(next, watch.stallsAtUs(state));
    long soonest = state.header.lineCount == 0 ? Long.MIN_VALUE : nextBookingUs(state);
    if (state.isDirty() && state.header.lineCount > 0) {
      next = Math.min(next, soonest);
    }
    TraceLines lines = state.lines();
    for (SpanSlot.Joined slot : state.slots()) {
      if (lines.get(slot.span().getSpanId()) == null) {
        next = Math.min(next, Math.max(soonest, slot.arrivedUs() + times.bookAfterUs()));
      }
    }
    return next;
  }

  /** Booking a trace costs its size, so it is spread out; late spans of small ones are booked. */
  long nextBookingUs(TraceState state) {
    long last = state.header.lastBookedUs;
    boolean atOnce =
        last == Long.MIN_VALUE || (state.header.isClosed() && state.size() <= SMALL_TRACE_SPANS);
    return atOnce ? Long.MIN_VALUE : last + state.size() * REBOOK_US_PER_SPAN;
  }

  long stubDeadline(TraceHeader header) {
    return header.lastTouchedUs + times.revisableUs();
  }
}
