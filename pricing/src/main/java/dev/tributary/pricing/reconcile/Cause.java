package dev.tributary.pricing.reconcile;

import java.util.Locale;

/** Why a bill and the ledger's estimate differ. */
public enum Cause {
  /** The ledger holds a call twice: two lines with one response id. Negative. */
  DUPLICATED_TELEMETRY,
  /** The ledger knows the tokens and no price for them. */
  UNPRICED_USAGE,
  /** More was billed than the ledger saw: aborted streams, retries, keys used past telemetry. */
  UNTRACKED_USAGE,
  /** The ledger saw more than was billed, and not because of one response id twice. Negative. */
  NOT_BILLED,
  /** Cached tokens are in the ledger's uncached input as well. Negative. */
  QUANTITY_OVERCOUNT_UNCACHED_INPUT,
  /** The provider's price is another than the catalogue's. */
  PRICE_DIFFERENCE,
  /** The same because the call ran in another tier than telemetry says: batch, flex, priority. */
  PRICE_DIFFERENCE_SERVICE_TIER,
  /** Price or quantity: amounts alone do not tell, and the bill states no quantity. */
  PRICE_OR_QUANTITY,
  /** Calls about the beginning of the period that only one side counts to it. */
  PERIOD_CUTOFF_HEAD,
  /** Calls about the end of the period that only one side counts to it. */
  PERIOD_CUTOFF_TAIL,
  /** Digits that the bill does not print. */
  ROUNDING,
  /** Billed usage that names nothing that a ledger of calls has. */
  PROVIDER_ONLY,
  DISCOUNT,
  CREDIT,
  TAX,
  PURCHASE,
  ADJUSTMENT,
  /** What is left when all causes are taken off; 0 by construction, and printed to show it. */
  RESIDUAL;

  /** The name in files, as {@code untracked_usage}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is of the bill as a whole and no statement about usage or its price. */
  public boolean isAdjustment() {
    return switch (this) {
      case DISCOUNT, CREDIT, TAX, PURCHASE, ADJUSTMENT -> true;
      default -> false;
    };
  }
}
