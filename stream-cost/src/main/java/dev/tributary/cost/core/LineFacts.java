package dev.tributary.cost.core;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.UsageQuality;

/** Questions about a line that several measures ask. */
final class LineFacts {
  private LineFacts() {}

  static boolean isAttributed(LedgerLine line) {
    Provenance provenance = line.getAttribution().getFeature().getProvenance();
    return provenance != Provenance.RULE && provenance != Provenance.UNATTRIBUTED;
  }

  static boolean isUntagged(LedgerLine line) {
    return line.getAttribution().getFeature().getProvenance() == Provenance.UNATTRIBUTED;
  }

  static boolean isEstimated(UsageQuality quality) {
    return quality == UsageQuality.ESTIMATED;
  }
}
