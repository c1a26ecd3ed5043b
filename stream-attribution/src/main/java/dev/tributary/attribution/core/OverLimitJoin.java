package dev.tributary.attribution.core;

import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.UsageScope;
import org.jspecify.annotations.Nullable;

/**
 * Books spans of a trace that has reached its limit, each for itself: with its own tags, without
 * the tree. Aggregates of the trace own nothing from then on. What links spans is kept in their
 * slots, so that a call and the calls below it are still not both counted.
 */
final class OverLimitJoin {
  /** Ancestors looked at for one span; deeper chains are taken as not owning. */
  private static final int MAX_STEPS = 1_000;

  private static final byte[] SEEN = {4};

  private final JoinContext context;
  private final TraceBooker booker;

  OverLimitJoin(JoinContext context, TraceBooker booker) {
    this.context = context;
    this.booker = booker;
  }

  /** What the ids above a span lead to. */
  private record Above(
      boolean isCovered, @Nullable String missing, @Nullable String owner, boolean isOwnerJoined) {}

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
    boolean usageBelow = known instanceof SpanSlot.Awaited;
    Above above = above(state, span.getParentSpanId());
    UsageDecision decision = bookOwn(state, span, hash, usageBelow, above);
    if (decision.owns() || usageBelow) {
      watch(state, above);
    }
    if (usageBelow && above.owner() != null) {
      disown(state, above.owner(), above.isOwnerJoined(), clockUs);
    }
    state.touched(clockUs);
    header.lastSequence++; // the summary has something to say
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
    UsageDecision decision =
        LateUsage.decide(
            span, attribution, view, usageBelow, above.isCovered(), isCounted(state, span));
    boolean isCall = LateUsage.isLogicalCall(span, decision);
    LedgerLine line = LineFactory.spanLine(span, attribution, decision, isCall, view);
    byte[] bytes = context.codec.encode(line);
    booker.send(state.key, 1, 1, EntryCause.INITIAL, null, line.getEventTimeUs(), bytes);
    BookedLine booked = BookedLine.first(line, bytes, decision.owns() || above.isCovered());
    putSlot(
        state,
        span.getSpanId(),
        new SpanSlot.OverLimit(hash, span.getParentSpanId(), decision.owns(), usageBelow, booked));
    if (booked.responseHash() != 0) {
      context.stores.spans().put(responseKey(state, booked.responseHash()), SEEN);
    }
    header.overLimitSpans++;
    count(header, line, 1);
    context.output.count(JoinEvent.OVER_LIMIT, 1);
    return decision;
  }

  private static void count(TraceHeader header, LedgerLine line, int sign) {
    header.overLimitCalls += (long) sign * line.getCalls();
    header.overLimitUnpriced += line.getCost() == null ? (long) sign * line.getCalls() : 0;
    if (line.getCost() != null) {
      header.overLimitCost =
          Amounts.sum(header.overLimitCost, sign > 0 ? line.getCost() : line.getCost().negate());
    }
  }

  /** Applies a correction's effect on the trace's sums. */
  static void recount(TraceHeader header, @Nullable LedgerLine before, @Nullable LedgerLine now) {
    if (before != null) {
      count(header, before, -1);
    }
    if (now != null) {
      count(header, now, 1);
    }
  }

  private boolean isCounted(TraceState state, Span span) {
    String responseId = span.getResponseId();
    if (responseId == null || !SpanKinds.isCall(span.getKind())) {
      return false;
    }
    return state.responseIds().contains(responseId)
        || context.stores.spans().get(responseKey(state, Stub.responseHash(responseId))) != null;
  }

  private static String responseKey(TraceState state, long responseHash) {
    return JoinContext.slotKey(state.key, Stub.response(responseHash));
  }

  /** Follows the parents to the next owner, a joined span, or one that has not come. */
  private Above above(TraceState state, @Nullable String parentId) {
    String id = parentId;
    for (int step = 0; id != null && step < MAX_STEPS; step++) {
      if (state.get(id) != null) {
        return joined(state, id);
      }
      byte[] stored = context.stores.spans().get(JoinContext.slotKey(state.key, id));
      SpanSlot slot = stored == null ? null : SpanSlot.read(stored, context.codec);
      if (!(slot instanceof SpanSlot.OverLimit over)) {
        // An orphan hangs below the root; a root that owns covers it.
        String root = state.header.rootSpanId;
        boolean covered = root != null && joined(state, root).isCovered();
        return new Above(covered, id, covered ? root : null, true);
      }
      if (over.owns()) {
        return new Above(true, null, id, false);
      }
      id = over.parentId();
    }
    return new Above(false, null, null, false);
  }

  private static Above joined(TraceState state, String id) {
    BookedLine line = state.lines().get(id);
    boolean covered = line != null && line.isCovered();
    return new Above(covered, null, covered ? id : null, true);
  }

  /** Marks the missing span above counted usage, so that it counts nothing when it comes. */
  private void watch(TraceState state, Above above) {
    if (above.missing() != null) {
      String key = JoinContext.slotKey(state.key, above.missing());
      if (context.stores.spans().get(key) == null) {
        context.stores.spans().put(key, SpanSlot.writeAwaited());
      }
    }
  }

  /** Takes the usage from a call that turned out to lie above others that are counted. */
  private void disown(TraceState state, String id, boolean isJoined, long clockUs) {
    if (isJoined) {
      String owner = nearestOwner(state, id);
      if (owner != null && state.header.overruled.add(owner)) {
        booker.book(state, clockUs, EntryCause.LATE_SPAN);
      }
      return;
    }
    byte[] stored = context.stores.spans().get(JoinContext.slotKey(state.key, id));
    if (stored == null || !(SpanSlot.read(stored, context.codec) instanceof SpanSlot.OverLimit)) {
      return;
    }
    SpanSlot.OverLimit slot = (SpanSlot.OverLimit) SpanSlot.read(stored, context.codec);
    LedgerLine before = context.codec.decodeLine(slot.line().bytes());
    LedgerLine now = Corrected.disowned(before);
    byte[] bytes = context.codec.encode(now);
    booker.retract(state.key, slot.line(), EntryCause.LATE_SPAN, null);
    BookedLine revised = slot.line().revised(bytes, false);
    booker.send(
        state.key, 1, revised.revision(), EntryCause.LATE_SPAN, null, now.getEventTimeUs(), bytes);
    recount(state.header, before, now);
    putSlot(state, id, new SpanSlot.OverLimit(slot.hash(), slot.parentId(), false, true, revised));
  }

  private @Nullable String nearestOwner(TraceState state, String from) {
    String id = from;
    for (int step = 0; id != null && step < MAX_STEPS; step++) {
      SpanSlot.Joined slot = state.get(id);
      BookedLine line = state.lines().get(id);
      if (slot == null || line == null) {
        return null;
      }
      if (line.isPresent()
          && context.codec.decodeLine(line.bytes()).getUsageScope() != UsageScope.NONE) {
        return id;
      }
      id = slot.span().getParentSpanId();
    }
    return null;
  }

  private void putSlot(TraceState state, String id, SpanSlot.OverLimit slot) {
    context.stores.spans().put(JoinContext.slotKey(state.key, id), SpanSlot.write(slot));
  }
}
