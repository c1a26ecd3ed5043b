package dev.tributary.pricing;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The price of a bucket.
 *
 * @param amount money for {@code per} units, never negative; trailing zeros are dropped, so equal
 *     prices are equal records
 * @param per how many units the amount buys, as 1000000 tokens or 1000 searches
 */
public record Rate(BigDecimal amount, long per) {

  /** Tokens are priced by the million everywhere since 2024. */
  public static final long PER_MILLION = 1_000_000L;

  public Rate {
    if (amount.signum() < 0) {
      throw new IllegalArgumentException("a rate must not be negative: " + amount.toPlainString());
    }
    if (per <= 0) {
      throw new IllegalArgumentException("'per' must be positive: " + per);
    }
    amount = Money.normal(amount);
  }

  /** A rate for a million units. */
  public static Rate perMillion(String amount) {
    return new Rate(new BigDecimal(amount), PER_MILLION);
  }

  /** {@code dividend / per} without rounding, or null where the division does not end. */
  @Nullable BigDecimal exactQuotient(BigDecimal dividend) {
    if (per == PER_MILLION) {
      return dividend.movePointLeft(6);
    }
    if (per == 1_000) {
      return dividend.movePointLeft(3);
    }
    return Money.terminates(dividend, per) ? Money.divideExact(dividend, per) : null;
  }

  /** Whether both ask the same for a unit, however many units they name. */
  public boolean isSamePrice(Rate other) {
    return amount
            .multiply(BigDecimal.valueOf(other.per))
            .compareTo(other.amount.multiply(BigDecimal.valueOf(per)))
        == 0;
  }

  /** Whether the bucket costs nothing, as a stated price. */
  public boolean isZero() {
    return amount.signum() == 0;
  }
}
