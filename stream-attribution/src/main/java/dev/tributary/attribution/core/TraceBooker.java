package dev.tributary.attribution.core;

import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.TraceSummary;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Books a trace: computes its lines, and sends only the difference to what is booked. A line that
 * is equal byte for byte is not sent again.
 */
final class TraceBooker {
  /** Missing parents that are watched for; they are in the trace's header. */
  private static final int MAX_AWAITED = 1_000;

  private final JoinContext context;
  private final OpenTraceWatch watch;

  TraceBooker(JoinContext context, OpenTraceWatch watch) {
    this.context = context;
    this.watch = watch;
  }

  /** Books what is due at {@code clockUs}; everything, where the trace is closed. */
  void book(TraceState state, long clockUs, EntryCause revisionCause) {
    TraceHeader header = state.header;
    Span any = state.spans().get(0);
    ReferenceView view = context.view(header, any.getTenant());
    Booking booking = Book.book(state.spans(), view, options(state, clockUs, any.getTenant()));
    TraceLines lines = state.lines();
    BookedLine.Place[] places = booking.places();
    header.hasAggregate = false;
    BigDecimal cost = null;
    for (int i = 0; i < booking.size(); i++) {
      String item = booking.span(i).getSpanId();
      BookedLine before = lines.get(item);
      if (before != null || isDue(state, booking, i, clockUs)) {
        apply(
            state,
            before,
            booking.line(i),
            places[i],
            booking.span(i).getServiceVersion(),
            EntryCause.INITIAL,
            revisionCause);
        cost = Amounts.sum(cost, booking.line(i).getCost());
        header.hasAggregate |=
            booking.ownsUsage(i) && SpanKinds.isAggregate(booking.span(i).getKind());
      }
    }
    LedgerLine traceLine = booking.traceLine();
    if (traceLine != null) {
      BookedLine before = lines.get(LineFactory.TRACE_ITEM);
      apply(
          state, before, traceLine, BookedLine.Place.NONE, null, EntryCause.INITIAL, revisionCause);
    }
    header.awaited.clear();
    booking.awaited().stream().limit(MAX_AWAITED).forEach(header.awaited::add);
    header.lastBookedUs = clockUs;
    header.bookedSequence = header.lastSequence;
    Span root = booking.root();
    header.rootSpanId = root == null ? null : root.getSpanId();
    header.lineCount = lines.count();
    lines.flush();
    if (header.isClosed()) {
      summarise(state, booking, clockUs);
      watch.clear(state, clockUs);
    } else {
      watch.look(state, booking, Amounts.sum(cost, header.overLimit.spend().cost()), clockUs);
    }
  }

  private BookOptions options(TraceState state, long clockUs, String tenant) {
    Map<String, LineOverride> overrides = new HashMap<>();
    state
        .lines()
        .forEach(
            line -> {
              if (line.override() != null) {
                overrides.put(line.item(), line.override());
              }
            });
    return new BookOptions(
        state.header.isClosed(),
        span -> isRipe(state, span, clockUs),
        state.header.isOverLimit,
        state.usageBelow(),
        state.header.isOverLimit
            ? response -> context.isCountedOverLimit(state.key, response)
            : response -> false,
        overrides,
        version -> context.references.version(tenant, version));
  }

  /** Book-after has passed since the span came. */
  private boolean isRipe(TraceState state, Span span, long clockUs) {
    SpanSlot.Joined slot = state.get(span.getSpanId());
    return slot != null && slot.arrivedUs() + context.times.bookAfterUs() <= clockUs;
  }

  private boolean isDue(TraceState state, Booking booking, int i, long clockUs) {
    Span span = booking.span(i);
    return state.header.isClosed()
        || state.header.isOverLimit
        || isRipe(state, span, clockUs)
        || (context.statesRequiredTags(span) && !booking.waitsForDescendants(i));
  }

  private void apply(
      TraceState state,
      @Nullable BookedLine before,
      LedgerLine line,
      BookedLine.Place place,
      @Nullable String serviceVersion,
      EntryCause firstCause,
      EntryCause revisionCause) {
    if (before != null && before.isFixed()) {
      return;
    }
    byte[] bytes = context.codec.encode(line);
    if (before == null) {
      state.lines().put(BookedLine.first(line, bytes, place));
      context.output.entry(
          new SignedLine(
              state.key, 1, 1, firstCause, null, line.getEventTimeUs(), serviceVersion, bytes));
      if (!line.getItem().equals(LineFactory.TRACE_ITEM)) {
        context.output.count(JoinEvent.BOOKED, 1);
      }
    } else if (!Arrays.equals(before.bytes(), bytes)) {
      retract(state.key, before, revisionCause, null, serviceVersion);
      BookedLine revised = before.revised(bytes, place);
      state.lines().put(revised);
      context.output.entry(
          new SignedLine(
              state.key,
              1,
              revised.revision(),
              revisionCause,
              null,
              line.getEventTimeUs(),
              serviceVersion,
              bytes));
      context.output.count(JoinEvent.REVISED, 1);
    } else if (!before.isAt(place)) {
      state.lines().put(before.at(place));
    }
  }

  /** Sends the retraction of a line as it is booked; nothing where it is not there. */
  void retract(String key, BookedLine before, EntryCause cause, @Nullable String runId) {
    retract(key, before, cause, runId, null);
  }

  private void retract(
      String key,
      BookedLine before,
      EntryCause cause,
      @Nullable String runId,
      @Nullable String serviceVersion) {
    if (before.isPresent()) {
      long bookedAt = context.codec.decodeLine(before.bytes()).getEventTimeUs();
      context.output.entry(
          new SignedLine(
              key, -1, before.revision(), cause, runId, bookedAt, serviceVersion, before.bytes()));
    }
  }

  void send(
      String key,
      int sign,
      long revision,
      EntryCause cause,
      @Nullable String runId,
      long eventTimeUs,
      byte[] bytes) {
    context.output.entry(
        new SignedLine(key, sign, revision, cause, runId, eventTimeUs, null, bytes));
  }

  /** Sends the trace's summary where it says something new, to its session too. */
  private void summarise(TraceState state, Booking booking, long clockUs) {
    TraceHeader header = state.header;
    SummaryFactory factory = new SummaryFactory(booking, state, context.codec);
    TraceSummary summary = factory.summary();
    long hash = Hash64.of(context.codec.encode(summary));
    String session = summary.getSessionId();
    if (header.summaryRevision > 0 && hash == header.summaryHash) {
      return;
    }
    if (header.summaryRevision == 0) {
      context.output.coverage(ServiceCoverage.of(factory.lines()));
    }
    header.summaryRevision++;
    header.summaryHash = hash;
    summary.setRevision(header.summaryRevision);
    summary.setClosedAtUs(clockUs);
    context.output.trace(summary);
    String tenant = summary.getTenant();
    String before = header.sessionId;
    if (before != null && !before.equals(session)) {
      context.output.session(Keys.session(tenant, before), summary);
    }
    if (session != null) {
      context.output.session(Keys.session(tenant, session), summary);
    }
    header.sessionId = session;
  }
}
