package dev.tributary.attribution.core;

import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.Span;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes stubs of old traces and books what comes after. A new span is a line of its own with the
 * root's tags. Its usage is counted only where no token can be counted twice: lines of the trace
 * can no longer be retracted.
 */
final class StubJoin {
  private final JoinContext context;

  StubJoin(JoinContext context) {
    this.context = context;
  }

  /** Replaces spans and lines of a closed, fully booked trace by its stub. */
  void make(String trace, TraceHeader header, long clockUs) {
    Map<String, BookedLine> lines = new HashMap<>();
    TraceLines.load(trace, header.lineCount, context.stores.lines())
        .forEach(line -> lines.put(line.item(), line));
    List<String> keys = new ArrayList<>();
    Stub all = new Stub();
    context
        .stores
        .spans()
        .range(
            trace + '|',
            trace + '}',
            (key, stored) -> {
              keys.add(key);
              remember(all, key.substring(trace.length() + 1), stored, lines);
              return true;
            });
    BookedLine own = lines.get(LineFactory.TRACE_ITEM);
    if (own != null) {
      all.ids.put(own.item(), Stub.Known.early(0, own.revision(), false, null));
    }
    rememberAdmitted(all, lines);
    writeHead(trace, header);
    header.stubChunks = Math.max(1, (all.ids.size() + Stub.CHUNK_IDS - 1) / Stub.CHUNK_IDS);
    writeChunks(trace, header.stubChunks, all);
    keys.forEach(context.stores.spans()::delete);
    TraceLines.delete(trace, header.lineCount, context.stores.lines());
    header.lineCount = 0;
    header.status = TraceHeader.Status.STUB;
    long until = Math.max(clockUs + context.times.stubUs(), header.memoryEndsUs(context.times));
    context.reschedule(trace, header, until);
    context.putHeader(trace, header);
  }

  private void remember(Stub all, String id, byte[] stored, Map<String, BookedLine> lines) {
    if (SpanSlot.isJoined(stored)) {
      BookedLine line = lines.get(id);
      if (line == null) {
        throw new IllegalStateException("span " + id + " of a closed trace is not booked");
      }
      all.ids.put(
          id,
          Stub.Known.early(
              SpanSlot.hashOf(stored), line.revision(), line.isCovered(), line.missing()));
      rememberResponse(all, line);
      return;
    }
    if (stored[0] != SpanSlot.OVER_LIMIT) {
      return;
    }
    SpanSlot slot = SpanSlot.read(stored, context.codec);
    if (slot instanceof SpanSlot.OverLimit over) {
      all.ids.put(
          id,
          Stub.Known.early(
              over.hash(), over.line().revision(), over.line().isCovered(), over.line().missing()));
      rememberResponse(all, over.line());
    }
  }

  /** Lines that commands admitted for spans that have not come: they are booked all the same. */
  private static void rememberAdmitted(Stub all, Map<String, BookedLine> lines) {
    lines.forEach(
        (id, line) -> all.ids.putIfAbsent(id, Stub.Known.early(0, line.revision(), true, null)));
  }

  private static void rememberResponse(Stub all, BookedLine line) {
    CallResponse response = line.response();
    if (response.isCounted()) {
      all.ids.put(Stub.response(response.hash()), Stub.Known.NOTHING);
    } else if (response.isKnown()) {
      all.ids.putIfAbsent(Stub.response(response.hash()), Stub.Known.TOLD);
    }
  }

  private void writeHead(String trace, TraceHeader header) {
    Inherited tags = Inherited.NOTHING;
    if (header.rootSpanId != null) {
      byte[] root = context.stores.spans().get(JoinContext.slotKey(trace, header.rootSpanId));
      if (root != null && SpanSlot.isJoined(root)) {
        tags = Inherited.NOTHING.through(SpanSlot.readJoined(root, context.codec).span());
      }
    }
    context.stores.stubs().put(Stub.headKey(trace), tags.write());
  }

  private void writeChunks(String trace, int chunks, Stub all) {
    Map<String, Stub> byKey = new HashMap<>();
    all.ids.forEach(
        (id, known) ->
            byKey
                .computeIfAbsent(Stub.key(trace, id, chunks), unused -> new Stub())
                .ids
                .put(id, known));
    byKey.forEach((key, stub) -> context.stores.stubs().put(key, stub.write()));
  }

  /** Ends the memory of a trace, unless late spans have come that must be known for longer. */
  void forget(String trace, TraceHeader header, long clockUs) {
    long until = header.memoryEndsUs(context.times);
    if (until > clockUs) {
      context.reschedule(trace, header, until);
      context.putHeader(trace, header);
      return;
    }
    List<String> keys = new ArrayList<>();
    context
        .stores
        .stubs()
        .range(
            trace + '|',
            trace + '}',
            (key, stored) -> {
              keys.add(key);
              return true;
            });
    keys.forEach(context.stores.stubs()::delete);
    context.stores.traces().delete(trace);
  }

  /** What a stub knows of an id; null: nothing. */
  Stub.@Nullable Known known(String trace, TraceHeader header, String id) {
    byte[] late = context.stores.stubs().get(Stub.lateKey(trace, id));
    byte[] stored =
        late != null ? late : context.stores.stubs().get(Stub.key(trace, id, header.stubChunks));
    return stored == null ? null : Stub.read(stored).ids.get(id);
  }

  /** Records an id that came late, or a line's new revision: an entry beside the chunks. */
  void remember(String trace, String id, Stub.Known known) {
    Stub one = new Stub();
    one.ids.put(id, known);
    context.stores.stubs().put(Stub.lateKey(trace, id), one.write());
  }

  /** Records the response of a line that a command left; null: it removed the line. */
  void rememberFixed(String trace, @Nullable LedgerLine line) {
    CallResponse response =
        line == null ? CallResponse.NONE : CallResponse.ofFixed(line, CallResponse.NONE);
    if (response.isCounted()) {
      remember(trace, Stub.response(response.hash()), Stub.Known.NOTHING);
    }
  }

  /** Books or rejects a span of a trace that is a stub. */
  void onSpan(String trace, TraceHeader header, Span span, long hash, long clockUs) {
    if (known(trace, header, span.getSpanId()) != null) {
      context.output.count(JoinEvent.STUB_DUPLICATE, 1);
      return;
    }
    ReferenceView view = context.view(header, span.getTenant());
    byte[] head = context.stores.stubs().get(Stub.headKey(trace));
    Inherited tags = head == null ? Inherited.NOTHING : Inherited.read(head);
    Attribution attribution =
        TagResolution.resolve(
            span,
            new TagResolution.Places(Provenance.OWN, Inherited.NOTHING, tags, Provenance.STUB),
            view.rules());
    StubLinks links = new StubLinks(this, trace, header);
    StubLinks.Above above = links.above(span.getParentSpanId());
    CallResponse known = response(trace, header, span);
    UsageDecision decision =
        LateUsage.decide(
            span,
            attribution,
            view,
            links.hasUsageBelow(span.getSpanId()),
            above.isCovered(),
            known);
    if (header.hasAggregate && SpanKinds.carriesUsage(span) && mayCount(decision)) {
      context.output.rejected(
          RejectReason.BEYOND_MEMORY,
          "the trace has a booked aggregate, which can no longer be retracted",
          span,
          wouldBeCost(span, view));
      return;
    }
    boolean isCall = LateUsage.isLogicalCall(span, decision, known);
    LedgerLine line = LineFactory.spanLine(span, attribution, decision, isCall, view);
    byte[] bytes = context.codec.encode(line);
    send(trace, 1, 1, line.getEventTimeUs(), bytes);
    context.output.count(JoinEvent.STUB_SPAN, 1);
    boolean isCounted = decision.owns() || above.isCovered();
    String lateOwner = decision.owns() ? span.getSpanId() : above.lateOwner();
    remember(
        trace,
        span.getSpanId(),
        new Stub.Known(
            hash, 1, isCounted, above.missing(), lateOwner, decision.owns() ? bytes : new byte[0]));
    CallResponse response = CallResponse.of(span, decision, isCounted, isCall);
    if (response.isKnown()) {
      Stub.Known told = response.isCounted() ? Stub.Known.NOTHING : Stub.Known.TOLD;
      remember(trace, Stub.response(response.hash()), told);
    }
    links.linked(span.getSpanId(), above, decision.owns());
    header.lastTouchedUs = Math.max(header.lastTouchedUs, clockUs);
    header.sawEnd(span.getEndTimeUs());
    context.putHeader(trace, header);
  }

  /** False where the usage is counted elsewhere or by no one, whatever else the trace owns. */
  private static boolean mayCount(UsageDecision decision) {
    return decision != UsageDecision.SHADOW && decision != UsageDecision.DOUBLE;
  }

  /** Takes the usage from a late line that turned out to lie above or below counted usage. */
  void disown(String trace, TraceHeader header, String id) {
    Stub.Known known = known(trace, header, id);
    if (known == null || known.line().length == 0) {
      return;
    }
    LedgerLine before = context.codec.decodeLine(known.line());
    byte[] bytes = context.codec.encode(Corrected.disowned(before));
    send(trace, -1, known.revision(), before.getEventTimeUs(), known.line());
    send(trace, 1, known.revision() + 1, before.getEventTimeUs(), bytes);
    remember(trace, id, known.revised(known.revision() + 1, new byte[0]));
    context.output.count(JoinEvent.REVISED, 1);
  }

  private void send(String trace, int sign, long revision, long eventTimeUs, byte[] bytes) {
    context.output.entry(
        new SignedLine(
            trace, sign, revision, EntryCause.LATE_SPAN, null, eventTimeUs, null, bytes));
  }

  /** What the stub knows of a span's response. */
  private CallResponse response(String trace, TraceHeader header, Span span) {
    String responseId = span.getResponseId();
    if (responseId == null || !SpanKinds.isCall(span.getKind())) {
      return CallResponse.NONE;
    }
    long hash = Stub.responseHash(responseId);
    Stub.Known known = known(trace, header, Stub.response(hash));
    return known == null
        ? CallResponse.NONE
        : new CallResponse(hash, known.hash() != Stub.Known.TOLD.hash());
  }

  /** The cost a span's usage would have; null: unknown, or it would never be counted. */
  @Nullable BigDecimal wouldBeCost(Span span, ReferenceView view) {
    if (!SpanKinds.carriesUsage(span)) {
      return null;
    }
    Attribution attribution =
        TagResolution.resolve(
            span,
            new TagResolution.Places(
                Provenance.OWN, Inherited.NOTHING, Inherited.NOTHING, Provenance.STUB),
            view.rules());
    return LateUsage.isShadow(span, attribution, view)
        ? null
        : LineFactory.spanLine(span, attribution, UsageDecision.LEAF, true, view).getCost();
  }
}
