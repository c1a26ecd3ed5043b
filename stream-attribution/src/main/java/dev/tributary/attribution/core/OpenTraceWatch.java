package dev.tributary.attribution.core;

import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Flags open traces that reach a limit of their policy: a warning at the limit, critical at twice
 * of it, cleared when it no longer holds or the trace closes. Limits are those of the active
 * reference version: flags are no part of the ledger. Without a policy nothing is looked at.
 */
final class OpenTraceWatch {
  /** What is flagged; two bits each in the trace's header. */
  private enum Kind {
    RUNAWAY_COST("runaway_cost", 0),
    TOOL_LOOP("tool_loop", 2),
    STALLED_HANDOFF("stalled_handoff", 4);

    final String wireName;
    final int shift;

    Kind(String wireName, int shift) {
      this.wireName = wireName;
      this.shift = shift;
    }
  }

  private static final BigDecimal CRITICAL = BigDecimal.valueOf(2);

  private final JoinContext context;

  OpenTraceWatch(JoinContext context) {
    this.context = context;
  }

  /** Looks at an open trace that was just booked; the caller puts the header back. */
  void look(TraceState state, Booking booking, @Nullable BigDecimal cost, long clockUs) {
    int speaker = booking.speaker();
    List<OpenTracePolicy> policies = policies(booking.span(speaker));
    if (policies.isEmpty()) {
      clear(state, clockUs);
      return;
    }
    KnownTags known = KnownTags.of(booking.attribution(speaker));
    OpenTracePolicy policy = OpenTracePolicy.of(policies, known);
    if (policy == null) {
      clear(state, clockUs);
      return;
    }
    Subject subject = new Subject(state, booking.span(speaker), known, policy.id(), clockUs);
    flag(subject, Kind.RUNAWAY_COST, cost, policy.runawayCost(), Map.of());
    if (policy.toolLoopCalls() != null) {
      flagLongestLoop(subject, booking, BigDecimal.valueOf(policy.toolLoopCalls()));
    } else {
      flag(subject, Kind.TOOL_LOOP, null, null, Map.of());
    }
  }

  private void flagLongestLoop(Subject subject, Booking booking, BigDecimal limit) {
    Map<String, Long> calls = new HashMap<>();
    String tool = "";
    long most = 0;
    for (int i = 0; i < booking.size(); i++) {
      Span span = booking.span(i);
      if (ToolLoops.isTool(span) && span.getToolName() != null && span.getToolArgsHash() != null) {
        String key = span.getToolArgsHash() + '|' + span.getToolName();
        long count = calls.merge(key, 1L, Long::sum);
        if (count > most) {
          most = count;
          tool = span.getToolName();
        }
      }
    }
    flag(subject, Kind.TOOL_LOOP, BigDecimal.valueOf(most), limit, Map.of("tool", tool));
  }

  /** When the trace stalls, if nothing comes; {@link Long#MAX_VALUE}: it waits for no agent. */
  long stallsAtUs(TraceState state) {
    if (level(state.header, Kind.STALLED_HANDOFF) > 0) {
      return Long.MAX_VALUE;
    }
    Handover handover = handover(state);
    return handover == null ? Long.MAX_VALUE : state.lastTouchedUs() + handover.limitUs();
  }

  private record Handover(Span from, long limitUs, String policy) {}

  /** The handover the trace waits in; null: none, or no policy limits it. */
  private @Nullable Handover handover(TraceState state) {
    if (policies(state.slots().iterator().next().span()).isEmpty()) {
      return null;
    }
    Span last = null;
    for (SpanSlot.Joined slot : state.slots()) {
      Span span = slot.span();
      if (last == null || span.getEndTimeUs() > last.getEndTimeUs()) {
        last = span;
      }
    }
    return last == null ? null : handover(last);
  }

  /** The handover that begins with the end of a span; null: none, or no policy limits it. */
  private @Nullable Handover handover(Span span) {
    if (!handsOver(span)) {
      return null;
    }
    // Tags come from above, and what is above has not come: the span's own have to do.
    OpenTracePolicy policy = OpenTracePolicy.of(policies(span), KnownTags.of(span));
    return policy == null || policy.stalledHandoffUs() == null
        ? null
        : new Handover(span, policy.stalledHandoffUs(), policy.id());
  }

  /** When the trace may stall by a span that has come; {@link Long#MAX_VALUE}: not by this one. */
  long mayStallAtUs(SpanSlot.Joined slot) {
    Handover handover = handover(slot.span());
    return handover == null ? Long.MAX_VALUE : slot.touchedUs() + handover.limitUs();
  }

  /** An agent that has ended below something that still runs, or a tool that calls the next one. */
  private static boolean handsOver(Span span) {
    if (span.getKind() == SpanKind.AGENT) {
      return span.getParentSpanId() != null;
    }
    String tool = span.getToolName();
    return ToolLoops.isTool(span)
        && tool != null
        && (tool.startsWith("transfer_to_") || tool.contains("handoff"));
  }

  /** Nothing came for a while: flags a handoff that nobody took up. */
  void quiet(TraceState state, long clockUs) {
    Handover handover = handover(state);
    if (handover == null) {
      return;
    }
    Span from = handover.from();
    Subject subject = new Subject(state, from, KnownTags.of(from), handover.policy(), clockUs);
    String agent = AgentScopes.name(from);
    flag(
        subject,
        Kind.STALLED_HANDOFF,
        seconds(clockUs - state.lastTouchedUs()),
        seconds(handover.limitUs()),
        agent == null ? Map.of() : Map.of("from_agent", agent));
  }

  private static BigDecimal seconds(long us) {
    return BigDecimal.valueOf(us, 6);
  }

  /**
   * A span has come: whatever was waited for, it goes on. True where that took back a flag; the
   * caller puts the header back.
   */
  boolean arrived(TraceState state, Span span, long clockUs) {
    if (level(state.header, Kind.STALLED_HANDOFF) == 0) {
      return false;
    }
    send(
        new Subject(state, span, KnownTags.NONE, "", clockUs),
        Kind.STALLED_HANDOFF,
        0,
        null,
        null,
        Map.of());
    return true;
  }

  /** Takes back every flag. */
  void clear(TraceState state, long clockUs) {
    for (Kind kind : Kind.values()) {
      if (level(state.header, kind) > 0) {
        Span any = state.slots().iterator().next().span();
        send(new Subject(state, any, KnownTags.NONE, "", clockUs), kind, 0, null, null, Map.of());
      }
    }
  }

  /** Nothing is left of the trace but its stub: its flags need no record any more. */
  void forget(String trace, TraceHeader header) {
    if (header.signals != 0) {
      String tenant = Keys.tenantOf(trace);
      for (Kind kind : Kind.values()) {
        String scope = scope(trace.substring(tenant.length() + 1), kind);
        context.output.signal(tenant + Keys.SEPARATOR + scope, null);
      }
      header.signals = 0;
    }
  }

  private record Subject(
      TraceState state, Span span, KnownTags known, String policy, long clockUs) {}

  private void flag(
      Subject subject,
      Kind kind,
      @Nullable BigDecimal value,
      @Nullable BigDecimal limit,
      Map<String, String> facts) {
    int now = 0;
    if (value != null && limit != null && value.compareTo(limit) >= 0) {
      now = value.compareTo(limit.multiply(CRITICAL)) >= 0 ? 2 : 1;
    }
    if (now != level(subject.state().header, kind)) {
      send(subject, kind, now, value, limit, facts);
    }
  }

  private void send(
      Subject subject,
      Kind kind,
      int level,
      @Nullable BigDecimal value,
      @Nullable BigDecimal limit,
      Map<String, String> facts) {
    TraceHeader header = subject.state().header;
    header.signals =
        (header.signals & ~(0b11 << kind.shift)) | (level << kind.shift) | TraceHeader.SIGNALLED;
    Span span = subject.span();
    Map<String, String> detail = new TreeMap<>(facts);
    detail.put("trace_id", span.getTraceId());
    subject.known().putInto(detail);
    if (!subject.policy().isEmpty()) {
      detail.put("policy", subject.policy());
    }
    String scope = scope(span.getTraceId(), kind);
    Signal signal =
        new Signal(
            span.getTenant(),
            scope,
            kind.wireName,
            level > 0,
            level == 2 ? "critical" : level == 1 ? "warning" : "info",
            scaled(value),
            scaled(limit),
            subject.clockUs(),
            detail);
    context.output.signal(span.getTenant() + Keys.SEPARATOR + scope, signal);
  }

  private static @Nullable BigDecimal scaled(@Nullable BigDecimal value) {
    return value == null ? null : value.setScale(Amounts.SCALE, RoundingMode.UNNECESSARY);
  }

  private static String scope(String traceId, Kind kind) {
    return "trace:" + traceId + ":" + kind.wireName;
  }

  private static int level(TraceHeader header, Kind kind) {
    return (header.signals >> kind.shift) & 0b11;
  }

  private List<OpenTracePolicy> policies(Span span) {
    return context.references.current(span.getTenant()).openTraces();
  }
}
