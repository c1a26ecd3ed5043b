package dev.tributary.attribution.core;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.UsageScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lines of spans that came when their trace was forgotten, by what the ledger still says of the
 * trace. No token is counted twice: usage below or above a booked call, or under its response id,
 * is not counted again, and usage below a booked aggregate is left to a replay, which can retract
 * the aggregate.
 */
public final class LateBook {
  private static final int MAX_STEPS = 1_000;

  /**
   * What is known of a trace.
   *
   * @param booked its net lines by item
   * @param parents parent ids of its spans by span id, booked or not; null: a root
   */
  public record Known(Map<String, LedgerLine> booked, Map<String, @Nullable String> parents) {}

  /**
   * What becomes of late spans.
   *
   * @param lines to be booked
   * @param alreadyBooked spans that have a line
   * @param leftOut spans whose usage a booked aggregate may hold already
   */
  public record Late(List<LedgerLine> lines, int alreadyBooked, int leftOut) {}

  private final Known known;
  private final ReferenceView view;
  private final boolean hasAggregate;

  /** Responses whose usage is counted. */
  private final Set<String> counted = new HashSet<>();

  /** Responses that a call without usage has told, and is counted as a call for. */
  private final Set<String> told = new HashSet<>();

  private LateBook(Known known, ReferenceView view) {
    this.known = known;
    this.view = view;
    this.hasAggregate =
        known.booked.values().stream()
            .anyMatch(line -> line.getUsageScope() == UsageScope.AGGREGATE);
    for (LedgerLine line : known.booked.values()) {
      if (line.getResponseId() != null && SpanKinds.isCall(line.getSpanKind())) {
        if (isCounted(line)) {
          counted.add(line.getResponseId());
        } else if (line.getCalls() > 0) {
          told.add(line.getResponseId());
        }
      }
    }
  }

  /** Whether the usage of a booked call is counted: on its line, below or above it. */
  private boolean isCounted(LedgerLine line) {
    String why = line.getPriceReason();
    if (Objects.equals(why, UsageDecision.SHADOW.reason())) {
      return false;
    }
    return line.getUsageScope() != UsageScope.NONE
        || Objects.equals(why, UsageDecision.BELOW.reason())
        || Objects.equals(why, UsageDecision.ABOVE.reason())
        || isOwned(above(known.parents.get(line.getItem()), Map.of()));
  }

  private static boolean isOwned(Above above) {
    return above == Above.LEAF || above == Above.AGGREGATE;
  }

  /**
   * Books late spans of one trace.
   *
   * @param spans in any order, duplicates included
   * @param bytes a span's Avro bytes, which decide between equal ids where nothing else does
   */
  public static Late book(
      Collection<Span> spans, Known known, ReferenceView view, Function<Span, byte[]> bytes) {
    Map<String, Span> distinct = new HashMap<>();
    for (Span span : spans) {
      distinct.merge(span.getSpanId(), span, (a, b) -> winner(a, b, bytes));
    }
    int all = distinct.size();
    distinct.keySet().removeAll(known.booked.keySet());
    int alreadyBooked = all - distinct.size();
    if (distinct.isEmpty()) {
      return new Late(List.of(), alreadyBooked, 0);
    }
    return new LateBook(known, view).book(distinct, alreadyBooked);
  }

  private static Span winner(Span holder, Span challenger, Function<Span, byte[]> bytes) {
    long holds = Hash64.of(bytes.apply(holder));
    long challenges = Hash64.of(bytes.apply(challenger));
    return SpanWinner.wins(challenger, challenges, holder, holds) ? challenger : holder;
  }

  private Late book(Map<String, Span> distinct, int alreadyBooked) {
    BookOptions options =
        new BookOptions(
            true,
            span -> true,
            false,
            aboveOwners(distinct),
            counted::contains,
            Map.of(),
            version -> view);
    List<Span> linked = distinct.values().stream().map(span -> linked(span, distinct)).toList();
    Booking booking = Book.book(linked, view, options);
    List<LedgerLine> lines = new ArrayList<>();
    int leftOut = 0;
    for (int i = 0; i < booking.size(); i++) {
      Span span = booking.span(i);
      LedgerLine line = booking.line(i);
      if (booking.ownsUsage(i)) {
        Above above = above(parent(span.getSpanId(), distinct), distinct);
        if (hasAggregate && above != Above.LEAF && above != Above.NOBODY) {
          leftOut++;
          continue;
        }
        if (above == Above.LEAF) {
          line = Corrected.disowned(line, UsageDecision.ABOVE);
        }
      }
      if (line.getCalls() > 0 && told.contains(String.valueOf(span.getResponseId()))) {
        line = toldBefore(line);
      }
      lines.add(withTagsOfTrace(line));
    }
    return new Late(lines, alreadyBooked, leftOut);
  }

  /** The call is counted; what its record adds is its usage, if it has any. */
  private static LedgerLine toldBefore(LedgerLine line) {
    if (line.getUsageScope() == UsageScope.NONE) {
      return Corrected.disowned(line, UsageDecision.DOUBLE);
    }
    LedgerLine copy = LineCopy.of(line);
    copy.setCalls(0);
    return copy;
  }

  /**
   * The span below its nearest late ancestor: what is between them is booked and not among these.
   */
  private Span linked(Span span, Map<String, Span> distinct) {
    Set<String> seen = new HashSet<>();
    String at = span.getParentSpanId();
    while (at != null && !distinct.containsKey(at) && seen.add(at) && seen.size() < MAX_STEPS) {
      at = known.parents.get(at);
    }
    if (at == null || at.equals(span.getSpanId()) || !distinct.containsKey(at)) {
      return span;
    }
    return at.equals(span.getParentSpanId())
        ? span
        : Span.newBuilder(span).setParentSpanId(at).build();
  }

  private LedgerLine withTagsOfTrace(LedgerLine line) {
    LedgerLine trace = known.booked.get(LineFactory.TRACE_ITEM);
    if (trace == null) {
      return line;
    }
    LedgerLine copy = LineCopy.of(line);
    copy.setAttribution(
        TagResolution.filled(
            line.getAttribution(),
            trace.getAttribution(),
            line.getServiceName(),
            line.getKeyAlias(),
            line.getEventTimeUs(),
            view.rules()));
    return copy;
  }

  /** Spans above a line that owns usage. */
  private Set<String> aboveOwners(Map<String, Span> distinct) {
    Set<String> above = new HashSet<>();
    for (LedgerLine line : known.booked.values()) {
      if (line.getUsageScope() == UsageScope.NONE) {
        continue;
      }
      String at = parent(line.getItem(), distinct);
      for (int step = 0; at != null && step < MAX_STEPS && above.add(at); step++) {
        at = parent(at, distinct);
      }
    }
    return above;
  }

  private enum Above {
    /** A booked call owns usage above. */
    LEAF,
    /** A booked aggregate does. */
    AGGREGATE,
    /** Nobody up to the root. */
    NOBODY,
    /** The way up ends at a span nobody has seen. */
    UNKNOWN
  }

  private Above above(@Nullable String parentId, Map<String, Span> distinct) {
    String at = parentId;
    for (int step = 0; at != null && step < MAX_STEPS; step++) {
      LedgerLine line = known.booked.get(at);
      if (line != null && line.getUsageScope() == UsageScope.LEAF) {
        return Above.LEAF;
      }
      if (line != null && line.getUsageScope() == UsageScope.AGGREGATE) {
        return Above.AGGREGATE;
      }
      if (!distinct.containsKey(at) && !known.parents.containsKey(at)) {
        return orphan();
      }
      at = parent(at, distinct);
    }
    return at == null ? Above.NOBODY : orphan();
  }

  /** A span whose parent never came hangs below the root. */
  private Above orphan() {
    for (LedgerLine line : known.booked.values()) {
      boolean isRoot =
          known.parents.containsKey(line.getItem()) && known.parents.get(line.getItem()) == null;
      if (isRoot && line.getUsageScope() == UsageScope.LEAF) {
        return Above.LEAF;
      }
    }
    return Above.UNKNOWN;
  }

  private @Nullable String parent(String id, Map<String, Span> distinct) {
    Span late = distinct.get(id);
    return late != null ? late.getParentSpanId() : known.parents.get(id);
  }
}
