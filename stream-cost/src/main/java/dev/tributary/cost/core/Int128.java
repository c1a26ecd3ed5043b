package dev.tributary.cost.core;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * Exact amounts of scale 18 as 128-bit integers in pairs of longs (high, low) of an array: adding
 * one costs two additions and no object. Sums are modulo 2^128, so that adding and retracting
 * always cancel; a decimal(38,18) is below 2^127.
 */
final class Int128 {
  /** Digits after the point, as in {@code decimal(38,18)} on the wire. */
  static final int SCALE = 18;

  private Int128() {}

  /**
   * Writes an amount into a slot.
   *
   * @throws ArithmeticException when the amount has more than 18 digits after the point, or does
   *     not fit into 128 bits
   */
  static void set(long[] pairs, int slot, BigDecimal amount) {
    BigDecimal exact =
        amount.scale() == SCALE ? amount : amount.setScale(SCALE, RoundingMode.UNNECESSARY);
    BigInteger unscaled = exact.unscaledValue();
    if (unscaled.bitLength() < Long.SIZE) {
      long low = unscaled.longValue();
      pairs[2 * slot] = low >> 63;
      pairs[2 * slot + 1] = low;
      return;
    }
    if (unscaled.bitLength() >= 2 * Long.SIZE) {
      throw new ArithmeticException("amount beyond 128 bits: " + amount);
    }
    pairs[2 * slot] = unscaled.shiftRight(Long.SIZE).longValue();
    pairs[2 * slot + 1] = unscaled.longValue();
  }

  static void add(long[] into, int slot, long high, long low) {
    long sum = into[2 * slot + 1] + low;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    into[2 * slot] += high + carry;
    into[2 * slot + 1] = sum;
  }

  static void subtract(long[] from, int slot, long high, long low) {
    long before = from[2 * slot + 1];
    long borrow = Long.compareUnsigned(before, low) < 0 ? 1 : 0;
    from[2 * slot] -= high + borrow;
    from[2 * slot + 1] = before - low;
  }

  static boolean isZero(long[] pairs, int slot) {
    return (pairs[2 * slot] | pairs[2 * slot + 1]) == 0;
  }

  static BigDecimal toDecimal(long high, long low) {
    if (high == low >> 63) {
      return BigDecimal.valueOf(low, SCALE);
    }
    BigInteger unsignedLow =
        BigInteger.valueOf(low >>> 1).shiftLeft(1).or(BigInteger.valueOf(low & 1));
    return new BigDecimal(BigInteger.valueOf(high).shiftLeft(Long.SIZE).or(unsignedLow), SCALE);
  }
}
