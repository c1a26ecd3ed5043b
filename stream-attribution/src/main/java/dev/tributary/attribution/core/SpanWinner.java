package dev.tributary.attribution.core;

import dev.tributary.schemas.Span;

/** Which of two records of one span id is the span: a total order, so arrival does not matter. */
final class SpanWinner {
  private SpanWinner() {}

  /** True where the challenger wins: has an end, better usage, later end, greater hash. */
  static boolean wins(Span challenger, long challengerHash, Span holder, long holderHash) {
    if (challenger.getHasEnd() != holder.getHasEnd()) {
      return challenger.getHasEnd();
    }
    int quality =
        Integer.compare(
            SpanKinds.rank(holder.getUsageQuality()), SpanKinds.rank(challenger.getUsageQuality()));
    if (quality != 0) {
      return quality > 0;
    }
    if (challenger.getEndTimeUs() != holder.getEndTimeUs()) {
      return challenger.getEndTimeUs() > holder.getEndTimeUs();
    }
    return Long.compareUnsigned(challengerHash, holderHash) > 0;
  }
}
