package dev.tributary.pricing;

/** What a reader of a cost should know beside its status. */
public enum PriceFlag {
  /** A division did not end, so a line stands rounded to the ledger's scale. */
  DIVISION_ROUNDED,
  /**
   * No input count is known, so the card for small inputs was taken although the model has cards
   * for larger ones.
   */
  CONTEXT_TIER_ASSUMED,
  /** Fewer units were used than the card bills at least, so a line stands with the minimum. */
  MINIMUM_BILLED
}
