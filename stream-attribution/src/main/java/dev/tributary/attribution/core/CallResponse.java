package dev.tributary.attribution.core;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.UsageScope;

/**
 * The response that a call is a record of, as far as later records of it have to know. One whose
 * usage is counted makes every other record a double; of one that only a call without usage has
 * told, the usage may still come, and the call is not counted again.
 *
 * @param hash of the response id; 0: none
 * @param isCounted its usage is counted, here or elsewhere
 */
record CallResponse(long hash, boolean isCounted) {
  static final CallResponse NONE = new CallResponse(0, false);

  /**
   * The response of a span that is booked. A record of a shadow service tells nothing, and for a
   * double the record speaks that was kept.
   *
   * @param isCovered the span's usage is counted on it or on an ancestor
   * @param isCall it is a logical call
   */
  static CallResponse of(Span span, UsageDecision decision, boolean isCovered, boolean isCall) {
    boolean isRecord = span.getResponseId() != null && SpanKinds.isCall(span.getKind());
    boolean isCounted = isCovered || decision.countsResponse();
    boolean isKnown = decision != UsageDecision.SHADOW && (isCounted || isCall);
    return isRecord && isKnown
        ? new CallResponse(Stub.responseHash(span.getResponseId()), isCounted)
        : NONE;
  }

  /** The response of a line that a command gave usage to: as if it had come with it. */
  static CallResponse ofFixed(LedgerLine line, CallResponse before) {
    boolean isOwner = line.getUsageScope() == UsageScope.LEAF && line.getResponseId() != null;
    return isOwner ? new CallResponse(Stub.responseHash(line.getResponseId()), true) : before;
  }

  boolean isKnown() {
    return hash != 0;
  }
}
