package dev.tributary.pricing;

/** What became of the attempt to price a call. Where there is no cost it is null, never 0. */
public enum PriceStatus {
  /** Every bucket with a count above 0 has a rate. */
  PRICED,
  /**
   * Some buckets with a count above 0 have a rate and some have none: the cost is a lower bound.
   */
  PARTIAL,
  /**
   * No card for the model, or none for its service tier, region, input size or date, or one that
   * has a rate for nothing the call used; the reason says which. No cost.
   */
  UNKNOWN_MODEL,
  /** Nobody knows who bills. No cost. */
  UNKNOWN_SURFACE,
  /** The call reported no usage. No cost. */
  NO_USAGE,
  /** The usage contradicts itself, as a part larger than its whole. No cost. */
  INVALID_USAGE,
  /** An explicit card of zeros. The cost is 0. */
  FREE,
  /** The span can own no usage. Never given by the calculator: the ledger's own. No cost. */
  NOT_BILLABLE,
  /** A share of a provisioned pool. Never given by the calculator: booked by the allocation run. */
  ALLOCATED,
  /**
   * Priced by a card past its review date. Never given by the calculator, which knows no review
   * dates: set by who does.
   */
  STALE;

  /** Whether a result of this status carries an amount. */
  public boolean hasCost() {
    return switch (this) {
      case PRICED, PARTIAL, FREE, ALLOCATED, STALE -> true;
      case UNKNOWN_MODEL, UNKNOWN_SURFACE, NO_USAGE, INVALID_USAGE, NOT_BILLABLE -> false;
    };
  }
}
