package dev.tributary.attribution.core;

import dev.tributary.schemas.Span;
import java.util.Collection;

/**
 * The law's function: {@code lines = book(set of distinct spans, reference version, corrections)}.
 * It depends on nothing else, so on neither arrival order, batching, restarts nor any clock.
 */
public final class Book {
  private Book() {}

  /**
   * Books a trace.
   *
   * @param spans distinct by span id, in any order, all of one tenant and trace; not empty
   * @param view the reference version the trace is booked under
   * @throws IllegalArgumentException when there is no span
   */
  public static Booking book(Collection<Span> spans, ReferenceView view, BookOptions options) {
    if (spans.isEmpty()) {
      throw new IllegalArgumentException("a trace has at least one span");
    }
    return new Booking(new SpanTree(spans), view, options);
  }
}
