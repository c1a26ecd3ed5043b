package dev.tributary.pricing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Exact money arithmetic and the one place where an amount is rounded for the ledger. */
public final class Money {

  /** Decimal places of a booked amount; equal to the ledger's Avro and ClickHouse scale. */
  public static final int BOOKED_SCALE = 18;

  private static final BigInteger FIVE = BigInteger.valueOf(5);

  private Money() {}

  /** Rounds an amount once, to the ledger's scale, half to even. */
  public static BigDecimal book(BigDecimal amount) {
    return amount.setScale(BOOKED_SCALE, RoundingMode.HALF_EVEN);
  }

  /** The same value without trailing zeros and without an exponent. */
  static BigDecimal normal(BigDecimal amount) {
    BigDecimal stripped = amount.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0, RoundingMode.UNNECESSARY) : stripped;
  }

  /** Whether {@code dividend / divisor} has a finite decimal expansion. */
  static boolean terminates(BigDecimal dividend, long divisor) {
    BigInteger denominator = BigInteger.valueOf(divisor);
    BigInteger rest = denominator.divide(dividend.unscaledValue().gcd(denominator));
    rest = rest.shiftRight(rest.getLowestSetBit());
    while (rest.mod(FIVE).signum() == 0) {
      rest = rest.divide(FIVE);
    }
    return rest.equals(BigInteger.ONE);
  }

  /** The exact quotient; only where {@link #terminates}. */
  static BigDecimal divideExact(BigDecimal dividend, long divisor) {
    return dividend.divide(BigDecimal.valueOf(divisor));
  }

  /** The quotient rounded to the ledger's scale; only for one that does not terminate. */
  static BigDecimal divideRounded(BigDecimal dividend, long divisor) {
    return dividend.divide(BigDecimal.valueOf(divisor), BOOKED_SCALE, RoundingMode.HALF_EVEN);
  }
}
