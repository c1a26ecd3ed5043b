package dev.tributary.attribution.core;

import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Books spans of a trace that has reached its limit, each for itself: with its own tags, without
 * the tree. Aggregates of the trace own nothing from then on. What links spans is kept in their
 * slots, so that a call and the calls below it are still not both counted.
 */
final class OverLimitJoin {
  /** Ancestors looked at for one span; deeper chains are taken as not owning. */
  private static final int MAX_STEPS = 1_000;

  private static final byte[] MARK = {SpanSlot.USAGE_BELOW};

  private final JoinContext context;
  private final TraceBooker booker;

  OverLimitJoin(JoinContext context, TraceBooker booker) {
    this.context = context;
    this.booker = booker;
  }

  /**
   * What the ids above a span lead to.
   *
   * @param isCovered an ancestor owns usage
   * @param missing the first ancestor that has not come; null: none
   * @param joined the first joined ancestor, the root for an orphan; null: none
   * @param owner the first owner over the limit; null: none
   */
  private record Above(
      boolean isCovered,
      @Nullable String missing,
      @Nullable String joined,
      @Nullable String owner) {}

  /** Takes a span that is not among the joined ones; the caller puts the header back. */
  void onSpan(TraceState state, Span span, long hash, long clockUs) {
    TraceHeader header = state.header;
    if (!header.isOverLimit) {
      header.isOverLimit = true;
      booker.book(state, clockUs, EntryCause.LATE_SPAN);
    }
    String slotKey = JoinContext.slotKey(state.key, span.getSpanId());
    byte[] stored = context.stores.spans().get(slotKey);
    SpanSlot known = stored == null ? null : SpanSlot.read(stored, context.codec);
    if (known instanceof SpanSlot.OverLimit before) {
      header.duplicates++;
      context.output.count(before.hash() == hash ? JoinEvent.DUPLICATE : JoinEvent.CONFLICT, 1);
      return;
    }
    boolean usageBelow =
        known instanceof SpanSlot.Awaited || header.awaited.contains(span.getSpanId());
    Above above = above(state, span.getParentSpanId());
    UsageDecision decision = bookOwn(state, span, hash, usageBelow, above);
    if (decision.owns() || usageBelow) {
      usageCountedBelow(state, above, clockUs);
    }
    state.touched(clockUs);
    header.sawEnd(span.getEndTimeUs());
    header.lastSequence++; // the summary has something to say
  }

  /** Nothing above counted usage may own: marks what has not come, and takes from what has. */
  private void usageCountedBelow(TraceState state, Above above, long clockUs) {
    if (above.missing() != null) {
      watch(state, above.missing());
    }
    if (above.joined() != null && state.usageBelow().add(above.joined())) {
      String key = JoinContext.slotKey(state.key, SpanSlot.USAGE_BELOW_MARK + above.joined());
      context.stores.spans().put(key, MARK);
      if (above.isCovered()) {
        booker.book(state, clockUs, EntryCause.LATE_SPAN);
      }
    }
    if (above.owner() != null) {
      disown(state, above.owner());
    }
  }

  /** Joined spans may have gained usage below a span over the limit: it then owns none. */
  void reconcile(TraceState state, long clockUs) {
    for (String id : List.copyOf(state.header.awaited)) {
      byte[] stored = context.stores.spans().get(JoinContext.slotKey(state.key, id));
      if (stored != null
          && SpanSlot.read(stored, context.codec) instanceof SpanSlot.OverLimit over) {
        if (over.owns()) {
          disown(state, id);
        } else if (!over.usageBelow()) {
          putSlot(
              state,
              id,
              new SpanSlot.OverLimit(over.hash(), over.parentId(), false, true, over.line()));
          usageCountedBelow(state, above(state, over.parentId()), clockUs);
        }
      }
    }
  }

  private UsageDecision bookOwn(
      TraceState state, Span span, long hash, boolean usageBelow, Above above) {
    TraceHeader header = state.header;
    ReferenceView view = context.view(header, span.getTenant());
    Attribution attribution =
        TagResolution.resolve(
            span,
            new TagResolution.Places(
                Provenance.OVER_LIMIT, Inherited.NOTHING, Inherited.NOTHING, Provenance.OVER_LIMIT),
            view.rules());
    CallResponse known = known(state, span);
    UsageDecision decision =
        LateUsage.decide(span, attribution, view, usageBelow, above.isCovered(), known);
    boolean isCall = LateUsage.isLogicalCall(span, decision, known);
    LedgerLine line = LineFactory.spanLine(span, attribution, decision, isCall, view);
    byte[] bytes = context.codec.encode(line);
    booker.send(state.key, 1, 1, EntryCause.INITIAL, null, line.getEventTimeUs(), bytes);
    boolean isCounted = decision.owns() || above.isCovered();
    CallResponse response = CallResponse.of(span, decision, isCounted, isCall);
    BookedLine booked =
        BookedLine.first(line, bytes, new BookedLine.Place(isCounted, above.missing(), response));
    putSlot(
        state,
        span.getSpanId(),
        new SpanSlot.OverLimit(hash, span.getParentSpanId(), decision.owns(), usageBelow, booked));
    if (response.isKnown() && decision != UsageDecision.DOUBLE) {
      context.putResponse(state.key, response);
    }
    header.overLimit.addSpan();
    header.overLimit.count(line, 1);
    context.output.count(JoinEvent.OVER_LIMIT, 1);
    return decision;
  }

  /** Applies a correction's effect on the trace's sums. */
  static void recount(TraceHeader header, @Nullable LedgerLine before, @Nullable LedgerLine now) {
    if (before != null) {
      header.overLimit.count(before, -1);
    }
    if (now != null) {
      header.overLimit.count(now, 1);
    }
  }

  /** What is known of a span's response: from joined calls, or from others over the limit. */
  private CallResponse known(TraceState state, Span span) {
    String responseId = span.getResponseId();
    if (responseId == null || !SpanKinds.isCall(span.getKind())) {
      return CallResponse.NONE;
    }
    CallResponse known = context.responseOverLimit(state.key, responseId);
    for (String id : state.recordsOf(responseId)) {
      BookedLine line = state.lines().get(id);
      if (line != null && (line.response().isCounted() || !known.isKnown())) {
        known = line.response();
      }
    }
    return known;
  }

  /** Follows the parents to the next owner, a joined span, or one that has not come. */
  private Above above(TraceState state, @Nullable String parentId) {
    String id = parentId;
    for (int step = 0; id != null && step < MAX_STEPS; step++) {
      if (state.get(id) != null) {
        return new Above(isCovered(state, id), null, id, null);
      }
      byte[] stored = context.stores.spans().get(JoinContext.slotKey(state.key, id));
      SpanSlot slot = stored == null ? null : SpanSlot.read(stored, context.codec);
      if (!(slot instanceof SpanSlot.OverLimit over)) {
        String root = state.header.rootSpanId; // an orphan hangs below it
        return new Above(root != null && isCovered(state, root), id, root, null);
      }
      if (over.owns()) {
        return new Above(true, null, null, id);
      }
      id = over.parentId();
    }
    return new Above(false, null, null, null);
  }

  private static boolean isCovered(TraceState state, String id) {
    BookedLine line = state.lines().get(id);
    return line != null && line.isCovered();
  }

  /** Marks a span that has not come, so that it counts nothing when it comes. */
  private void watch(TraceState state, String missing) {
    String key = JoinContext.slotKey(state.key, missing);
    if (context.stores.spans().get(key) == null) {
      context.stores.spans().put(key, SpanSlot.writeAwaited());
    }
  }

  /** Takes the usage from a call over the limit that turned out to lie above others. */
  private void disown(TraceState state, String id) {
    byte[] stored = context.stores.spans().get(JoinContext.slotKey(state.key, id));
    SpanSlot slot = stored == null ? null : SpanSlot.read(stored, context.codec);
    if (!(slot instanceof SpanSlot.OverLimit over) || !over.line().isPresent()) {
      return;
    }
    LedgerLine before = context.codec.decodeLine(over.line().bytes());
    LedgerLine now = Corrected.disowned(before);
    byte[] bytes = context.codec.encode(now);
    booker.retract(state.key, over.line(), EntryCause.LATE_SPAN, null);
    BookedLine revised =
        over.line()
            .revised(
                bytes, new BookedLine.Place(false, over.line().missing(), over.line().response()));
    booker.send(
        state.key, 1, revised.revision(), EntryCause.LATE_SPAN, null, now.getEventTimeUs(), bytes);
    recount(state.header, before, now);
    state.header.lastSequence++; // the summary's sums have changed
    putSlot(state, id, new SpanSlot.OverLimit(over.hash(), over.parentId(), false, true, revised));
  }

  private void putSlot(TraceState state, String id, SpanSlot.OverLimit slot) {
    context.stores.spans().put(JoinContext.slotKey(state.key, id), SpanSlot.write(slot));
  }
}
