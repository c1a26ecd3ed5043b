package dev.tributary.standalone.correct;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import dev.tributary.standalone.platform.PlatformException;
import org.jspecify.annotations.Nullable;

/**
 * Which lines a correction looks at: usage lines of a tenant whose event time is in a period.
 *
 * @param fromUs first event time, microseconds since the epoch
 * @param untilUs end of the period, exclusive
 * @param feature only lines of this feature; null: all
 * @param model only lines of this model, by its canonical or a raw name; null: all
 */
public record Selection(
    String tenant, long fromUs, long untilUs, @Nullable String feature, @Nullable String model) {
  private static final long US_PER_MS = 1_000;

  /** Checks the period. */
  public Selection {
    if (untilUs <= fromUs) {
      throw new PlatformException("--to must be after --from");
    }
  }

  /** True for the lines it is about. */
  boolean matches(LedgerLine line) {
    return line.getKind() == LineKind.USAGE
        && line.getTenant().equals(tenant)
        && isInPeriod(line.getEventTimeUs())
        && (feature == null || feature.equals(line.getAttribution().getFeature().getValue()))
        && (model == null || isModel(line));
  }

  boolean isInPeriod(long eventTimeUs) {
    return eventTimeUs >= fromUs && eventTimeUs < untilUs;
  }

  private boolean isModel(LedgerLine line) {
    return model != null
        && (model.equals(line.getModelCanonical())
            || model.equals(line.getModelReturned())
            || model.equals(line.getModelRequested()));
  }

  /**
   * A record with an earlier timestamp cannot be about a selected line: the ledger's records carry
   * the event time of their line.
   */
  long fromMs() {
    return Math.floorDiv(fromUs, US_PER_MS);
  }
}
