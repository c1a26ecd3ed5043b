package dev.tributary.attribution.core;

import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.UsageQuality;
import dev.tributary.schemas.UsageScope;
import java.util.List;

/**
 * Lines computed anew from lines: what a correction books where the trace is no longer known, and
 * what a command's author compares to say in advance what it will change.
 */
public final class Corrected {
  private Corrected() {}

  /** The line priced under another reference version; the line itself stays as it is. */
  public static LedgerLine priced(LedgerLine line, ReferenceView view) {
    LedgerLine copy = LineCopy.of(line);
    copy.setReferenceVersion(view.version());
    boolean priceless =
        line.getPriceStatus() == PriceStatus.NOT_BILLABLE
            || line.getPriceStatus() == PriceStatus.INVALID_USAGE
            || line.getKind() != LineKind.USAGE;
    if (!priceless) {
      LinePricer.price(copy, view.catalogue());
    }
    return copy;
  }

  /** The line attributed under another reference version; what was stated on the way stays. */
  public static LedgerLine attributed(LedgerLine line, ReferenceView view) {
    LedgerLine copy = LineCopy.of(line);
    copy.setReferenceVersion(view.version());
    Attribution again =
        TagResolution.again(
            line.getAttribution(),
            line.getServiceName(),
            line.getKeyAlias(),
            line.getEventTimeUs(),
            view.rules());
    copy.setAttribution(again);
    return copy;
  }

  /** The line without its usage, for a call that turned out to lie above others. */
  static LedgerLine disowned(LedgerLine line) {
    return disowned(line, UsageDecision.BELOW);
  }

  /** The line without its usage, which is counted elsewhere. */
  static LedgerLine disowned(LedgerLine line, UsageDecision why) {
    LedgerLine copy = LineCopy.of(line);
    copy.setUsageScope(UsageScope.NONE);
    copy.setUsage(null);
    copy.setUsageQuality(UsageQuality.MISSING);
    copy.setCalls(0);
    copy.setCostLines(List.of());
    LinePricer.unpriced(copy, PriceStatus.NOT_BILLABLE, why.reason());
    return copy;
  }
}
