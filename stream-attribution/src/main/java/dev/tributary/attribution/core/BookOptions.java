package dev.tributary.attribution.core;

import dev.tributary.schemas.Span;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/**
 * How far a trace has come, as far as its lines depend on it.
 *
 * @param isClosed true: the trace has its own line, and all its aggregates are ripe
 * @param ripe aggregates that may own before the close (book-after has passed)
 * @param isOverLimit true: later spans are not joined, so no aggregate owns
 * @param usageBelow spans below which spans that came over the limit own usage
 * @param countedOutside response ids that are counted on other spans than these
 * @param overrides corrected lines by item
 * @param views reference data by version, for corrected lines
 */
public record BookOptions(
    boolean isClosed,
    Predicate<Span> ripe,
    boolean isOverLimit,
    Set<String> usageBelow,
    Predicate<String> countedOutside,
    Map<String, LineOverride> overrides,
    LongFunction<ReferenceView> views) {

  /** A closed trace without corrections: the plain function of its spans. */
  public static BookOptions closed(ReferenceView view) {
    return new BookOptions(
        true, span -> true, false, Set.of(), response -> false, Map.of(), version -> view);
  }
}
