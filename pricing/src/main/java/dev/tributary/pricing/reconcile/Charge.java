package dev.tributary.pricing.reconcile;

/** What a line of a bill charges for; the categories of FOCUS, with discounts apart. */
public enum Charge {
  /** Tokens and other units that were used; the only charge that the ledger estimates. */
  USAGE(Cause.PROVIDER_ONLY),
  /** Capacity or commitments that were bought, used or not. */
  PURCHASE(Cause.PURCHASE),
  DISCOUNT(Cause.DISCOUNT),
  CREDIT(Cause.CREDIT),
  TAX(Cause.TAX),
  /** Corrections of earlier bills, rounding, and what fits nowhere else. */
  ADJUSTMENT(Cause.ADJUSTMENT);

  private final Cause cause;

  Charge(Cause cause) {
    this.cause = cause;
  }

  /** Why a line of this charge differs from the ledger where nothing there can be matched to it. */
  Cause cause() {
    return cause;
  }
}
