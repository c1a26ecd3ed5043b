package dev.tributary.attribution.core;

import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Span;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Joins spans to traces and books them when they are due: at once where a span states its tags, at
 * the latest book-after, and all when the trace closes; whatever comes later revises. All state is
 * in the stores; time is the partition's clock, an argument. Not safe for use by several threads.
 */
public final class TraceJoin {
  private static final int TRACES_PER_TICK = 2_000;

  private final JoinContext context;
  private final OpenTraceWatch watch;
  private final TraceSchedule schedule;
  private final TraceBooker booker;
  private final TraceCache cache;
  private final OverLimitJoin overLimit;
  private final StubJoin stubs;
  private final RootlessBudget rootless;
  private final Corrections corrections;

  /** A join over stores that may already hold traces. */
  public TraceJoin(
      JoinTimes times,
      JoinLimits limits,
      JoinStores stores,
      JoinOutput output,
      References references,
      RecordCodec codec) {
    this.context = new JoinContext(times, limits, stores, output, references, codec);
    this.watch = new OpenTraceWatch(context);
    this.schedule = new TraceSchedule(context.times, watch);
    this.booker = new TraceBooker(context, watch);
    this.cache = new TraceCache(limits.cachedSpans());
    this.overLimit = new OverLimitJoin(context, booker);
    this.stubs = new StubJoin(context);
    this.rootless = new RootlessBudget(context);
    this.corrections = new Corrections(context, booker, stubs, this::state);
  }

  /** Commands on booked lines. */
  public Corrections corrections() {
    return corrections;
  }

  /**
   * Takes a span.
   *
   * @param content the span's Avro bytes, as {@link RecordCodec#encode(Span)} makes them
   * @param clockUs the partition's clock
   */
  public void onSpan(Span span, byte[] content, long clockUs) {
    String trace = Keys.trace(span.getTenant(), span.getTraceId());
    long hash = Hash64.of(content);
    TraceState state = cache.get(trace);
    if (state == null) {
      TraceHeader header = context.header(trace);
      if (header == null) {
        if (isBeyondMemory(span, clockUs)) {
          rejectBeyondMemory(span);
          return;
        }
        state = open(trace, clockUs);
      } else if (header.status == TraceHeader.Status.STUB) {
        stubs.onSpan(trace, header, span, hash, clockUs);
        return;
      } else {
        state = load(trace, header);
      }
      cache.put(trace, state);
    }
    join(state, span, content, hash, clockUs);
    if (state.header.isClosed() && !state.isDirty()) {
      cache.remove(trace);
    }
  }

  /**
   * True where the trace of an unknown span may be one that was forgotten: it ended before what is
   * remembered, or it is an aggregate that began before and may repeat what was counted then.
   */
  private boolean isBeyondMemory(Span span, long clockUs) {
    long memoryFromUs = clockUs - context.times.memoryUs();
    boolean mayRepeat =
        SpanKinds.isAggregate(span.getKind())
            && SpanKinds.carriesUsage(span)
            && span.getStartTimeUs() < memoryFromUs;
    return span.getEndTimeUs() < memoryFromUs || mayRepeat;
  }

  private void join(TraceState state, Span span, byte[] content, long hash, long clockUs) {
    SpanSlot.Joined before = state.get(span.getSpanId());
    if (before != null && before.hash() == hash) {
      duplicate(state, JoinEvent.DUPLICATE);
      return;
    }
    if (before != null && !SpanWinner.wins(span, hash, before.span(), before.hash())) {
      duplicate(state, JoinEvent.CONFLICT);
      return;
    }
    if (before == null && isAdmitted(state, span)) {
      duplicate(state, JoinEvent.CONFLICT);
      return;
    }
    if (before == null && isFull(state)) {
      overLimit.onSpan(state, span, hash, clockUs);
      settleHeader(state, clockUs);
      return;
    }
    long arrived = before == null ? clockUs : before.arrivedUs();
    SpanSlot.Joined slot = new SpanSlot.Joined(span, hash, arrived, clockUs, state.nextSequence());
    String slotKey = JoinContext.slotKey(state.key, span.getSpanId());
    byte[] stored = SpanSlot.write(slot, content);
    byte[] replaced = before == null ? null : context.stores.spans().get(slotKey);
    context.stores.spans().put(slotKey, stored);
    state.put(slot);
    if (watch.arrived(state, span, clockUs)) {
      context.putHeader(state.key, state.header);
    }
    state.header.spanBytes += stored.length - (replaced == null ? 0 : replaced.length);
    cache.grew(state);
    if (before == null) {
      context.output.count(JoinEvent.HELD, 1);
    } else {
      duplicate(state, JoinEvent.CONFLICT);
    }
    bookOrPlan(state, slot, clockUs);
  }

  /** A command booked the span's line before the span came: one of the two counts, the line. */
  private static boolean isAdmitted(TraceState state, Span span) {
    return state.header.hasAdmitted && state.lines().get(span.getSpanId()) != null;
  }

  private boolean isFull(TraceState state) {
    return state.header.isOverLimit || state.size() >= context.limits.spansPerTrace();
  }

  private void duplicate(TraceState state, JoinEvent event) {
    context.output.count(event, 1);
    state.header.duplicates++;
    context.putHeader(state.key, state.header);
  }

  private void bookOrPlan(TraceState state, SpanSlot.Joined slot, long clockUs) {
    TraceHeader header = state.header;
    boolean wanted =
        header.isClosed() || header.lineCount > 0 || context.statesRequiredTags(slot.span());
    long deadline = slot.arrivedUs() + context.times.bookAfterUs();
    if (wanted) {
      long next = schedule.nextBookingUs(state);
      if (next <= clockUs) {
        book(state, clockUs);
        deadline = header.isClosed() ? Long.MAX_VALUE : deadline;
      } else {
        deadline = Math.min(deadline, next);
      }
    }
    if (!header.isClosed() && state.hasRoot()) {
      deadline = Math.min(deadline, state.lastTouchedUs() + context.times.settleUs());
    }
    if (!header.isClosed()) {
      deadline = Math.min(deadline, watch.mayStallAtUs(slot));
    }
    if (header.isClosed() && state.hasRoot()) {
      rootless.release(state.key, header);
      deadline = Math.min(deadline, schedule.stubDeadline(header));
    }
    if (deadline < header.deadlineUs) {
      context.reschedule(state.key, header, deadline);
      context.putHeader(state.key, header);
    } else if (header.isClosed()) {
      context.putHeader(state.key, header);
    }
  }

  private void bookAll(TraceState state, long clockUs, EntryCause revisionCause) {
    int marks;
    do {
      marks = state.usageBelow().size();
      booker.book(state, clockUs, revisionCause);
      if (state.header.isOverLimit) {
        overLimit.reconcile(state, clockUs);
      }
      // Each mark is made once, and each line gives way once.
    } while (state.usageBelow().size() > marks || state.isDirty());
  }

  private void book(TraceState state, long clockUs) {
    bookAll(state, clockUs, EntryCause.LATE_SPAN);
    context.putHeader(state.key, state.header);
  }

  private void settleHeader(TraceState state, long clockUs) {
    if (state.isDirty() && schedule.nextBookingUs(state) <= clockUs) {
      book(state, clockUs);
    }
    context.putHeader(state.key, state.header);
  }

  private TraceState open(String trace, long clockUs) {
    TraceHeader header = new TraceHeader();
    header.openedUs = clockUs;
    header.closedUs = clockUs;
    header.deadlineUs = clockUs + context.times.settleUs();
    context.deadlines.schedule(trace, header.deadlineUs);
    context.putHeader(trace, header);
    return new TraceState(trace, header, context.stores.lines());
  }

  private TraceState load(String trace, TraceHeader header) {
    TraceState state = new TraceState(trace, header, context.stores.lines());
    header.spanBytes = 0;
    context
        .stores
        .spans()
        .range(
            trace + '|',
            trace + '}',
            (key, stored) -> {
              if (SpanSlot.isJoined(stored)) {
                state.put(SpanSlot.readJoined(stored, context.codec));
                header.spanBytes += stored.length;
              } else if (stored[0] == SpanSlot.USAGE_BELOW) {
                state.usageBelow().add(key.substring(trace.length() + 2));
              }
              return true;
            });
    context.output.count(JoinEvent.LOADED, 1);
    return state;
  }

  /** A trace that is kept whole, from the cache or the stores; null: a stub, or unknown. */
  private @Nullable TraceState state(String trace) {
    TraceState cached = cache.get(trace);
    if (cached != null) {
      return cached;
    }
    TraceHeader header = context.header(trace);
    return header == null || header.status == TraceHeader.Status.STUB ? null : load(trace, header);
  }

  private void rejectBeyondMemory(Span span) {
    BigDecimal cost = stubs.wouldBeCost(span, context.references.current(span.getTenant()));
    context.output.rejected(
        RejectReason.BEYOND_MEMORY, "ended before the time for which traces are known", span, cost);
  }

  /**
   * Does what is due at {@code clockUs}. Costs what is due, whatever else is kept; after a long
   * silence it takes several ticks, so that no single one outlasts a poll or a transaction.
   */
  public void onClock(long clockUs) {
    for (String trace : context.deadlines.due(clockUs, TRACES_PER_TICK)) {
      onDeadline(trace, clockUs);
    }
    enforceBudget(clockUs);
  }

  private void onDeadline(String trace, long clockUs) {
    TraceState cached = cache.get(trace);
    TraceHeader header = cached == null ? context.header(trace) : cached.header;
    if (header == null) {
      throw new IllegalStateException("deadline of an unknown trace " + trace);
    }
    context.deadlines.unschedule(trace, header.deadlineUs);
    if (header.status == TraceHeader.Status.STUB) {
      stubs.forget(trace, header, clockUs);
      return;
    }
    if (header.status == TraceHeader.Status.CLOSED) {
      onClosedDeadline(trace, header, clockUs);
    } else {
      onOpenDeadline(cached == null ? load(trace, header) : cached, clockUs);
    }
  }

  private void onOpenDeadline(TraceState state, long clockUs) {
    String reason = schedule.closeReason(state, clockUs);
    if (reason != null) {
      close(state, reason, clockUs);
      return;
    }
    if (watch.stallsAtUs(state) <= clockUs) {
      watch.quiet(state, clockUs);
    }
    long next = schedule.nextOpenDeadline(state);
    if (next <= clockUs) {
      bookAll(state, clockUs, EntryCause.LATE_SPAN);
      next = schedule.nextOpenDeadline(state);
    }
    plan(state.key, state.header, Math.max(next, clockUs + 1));
  }

  private void close(TraceState state, String reason, long clockUs) {
    TraceHeader header = state.header;
    header.status = TraceHeader.Status.CLOSED;
    header.closedUs = clockUs;
    header.closeReason = reason;
    bookAll(state, clockUs, EntryCause.CLOSE);
    header.closeReason = "late"; // whatever is sent from now on came after the close
    context.output.count(JoinEvent.CLOSED, 1);
    plan(state.key, header, Math.max(schedule.stubDeadline(header), clockUs + 1));
    cache.remove(state.key);
  }

  private void plan(String trace, TraceHeader header, long deadlineUs) {
    context.reschedule(trace, header, deadlineUs);
    context.putHeader(trace, header);
  }

  /** Reads the header alone: the spans of a trace that nobody revised are not touched again. */
  private void onClosedDeadline(String trace, TraceHeader header, long clockUs) {
    if (header.isDirty()) {
      TraceState state = state(trace);
      if (state != null && schedule.nextBookingUs(state) <= clockUs) {
        bookAll(state, clockUs, EntryCause.LATE_SPAN);
      }
      TraceHeader booked = state == null ? header : state.header;
      long next =
          state == null || !booked.isDirty()
              ? schedule.stubDeadline(booked)
              : schedule.nextBookingUs(state);
      plan(trace, booked, Math.max(next, clockUs + 1));
      cache.remove(trace);
      return;
    }
    cache.remove(trace);
    long deadline = schedule.stubDeadline(header);
    long rootDeadline = header.openedUs + context.times.maxAgeUs();
    if (deadline <= clockUs && header.rootSpanId == null && rootDeadline > clockUs) {
      rootless.keep(trace, header);
      deadline = rootDeadline;
    }
    if (deadline > clockUs) {
      plan(trace, header, deadline);
    } else {
      makeStub(trace, header, clockUs);
    }
  }

  private void makeStub(String trace, TraceHeader header, long clockUs) {
    cache.remove(trace);
    rootless.release(trace, header);
    watch.forget(trace, header);
    stubs.make(trace, header, clockUs);
  }

  /** Makes stubs of the oldest traces without a root until the rest fits the budget. */
  private void enforceBudget(long clockUs) {
    for (String trace = rootless.excess(); trace != null; trace = rootless.excess()) {
      TraceState cached = cache.get(trace);
      TraceHeader header = cached == null ? context.header(trace) : cached.header;
      if (header == null) {
        throw new IllegalStateException("budget for an unknown trace " + trace);
      }
      context.deadlines.unschedule(trace, header.deadlineUs);
      if (header.isDirty()) {
        TraceState state = state(trace);
        if (state != null) {
          bookAll(state, clockUs, EntryCause.LATE_SPAN);
          header = state.header;
        }
      }
      makeStub(trace, header, clockUs);
      context.output.count(JoinEvent.ROOTLESS_EVICTED, 1);
    }
  }
}
