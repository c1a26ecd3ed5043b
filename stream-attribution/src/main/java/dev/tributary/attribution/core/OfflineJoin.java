package dev.tributary.attribution.core;

import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The join of a finished set of spans: what the stream books once everything has come and every
 * trace has closed. Same winner among equal ids, same {@link Book}. Not safe for use by several
 * threads.
 */
public final class OfflineJoin {
  private record Held(Span span, long hash) {}

  private final ReferenceView view;
  private final Function<Span, byte[]> bytes;
  private final Map<String, Map<String, Held>> traces = new LinkedHashMap<>();

  /**
   * A join without any span.
   *
   * @param bytes a span's Avro bytes, which decide between equal ids where nothing else does
   */
  public OfflineJoin(ReferenceView view, Function<Span, byte[]> bytes) {
    this.view = view;
    this.bytes = bytes;
  }

  /** Takes a span; of several with one id the winner stays, whatever their order. */
  public void add(Span span) {
    Held challenger = new Held(span, Hash64.of(bytes.apply(span)));
    traces
        .computeIfAbsent(
            Keys.trace(span.getTenant(), span.getTraceId()), trace -> new LinkedHashMap<>())
        .merge(span.getSpanId(), challenger, OfflineJoin::winner);
  }

  private static Held winner(Held holder, Held challenger) {
    return SpanWinner.wins(challenger.span, challenger.hash, holder.span, holder.hash)
        ? challenger
        : holder;
  }

  /** Every trace, closed and booked, in the order their first spans came. */
  public List<Booking> book() {
    List<Booking> booked = new ArrayList<>();
    for (Map<String, Held> trace : traces.values()) {
      List<Span> spans = trace.values().stream().map(Held::span).toList();
      booked.add(Book.book(spans, view, BookOptions.closed(view)));
    }
    return booked;
  }
}
