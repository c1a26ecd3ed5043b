package dev.tributary.pricing;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * An exact sum of amounts that are not negative. It is a long with decimal places while that fits,
 * which it does for nearly every bill, and has the places that {@link BigDecimal#add} would give.
 */
final class CostSum {
  private static final long[] POWERS_OF_TEN = powersOfTen();

  private long digits;
  private int places;

  /** The sum, where it does not fit a long; then the two above say nothing. */
  private @Nullable BigDecimal wide;

  /** Adds {@code digits} with so many decimal places. */
  void add(long more, int morePlaces) {
    if (wide != null || !addNarrow(more, morePlaces)) {
      add(BigDecimal.valueOf(more, morePlaces));
    }
  }

  /** Adds an amount of any size. */
  void add(BigDecimal amount) {
    wide = total().add(amount);
  }

  /** The sum; 0 without places where nothing was added. */
  BigDecimal total() {
    return wide == null ? BigDecimal.valueOf(digits, places) : wide;
  }

  private boolean addNarrow(long more, int morePlaces) {
    int common = Math.max(places, morePlaces);
    long left = scaled(digits, common - places);
    long right = scaled(more, common - morePlaces);
    long sum = left + right;
    if (left < 0 || right < 0 || sum < 0) {
      return false;
    }
    digits = sum;
    places = common;
    return true;
  }

  /** With so many zeros at the end; negative where that does not fit. */
  private static long scaled(long digits, int zeros) {
    if (zeros == 0 || digits == 0) {
      return digits;
    }
    if (zeros >= POWERS_OF_TEN.length) {
      return -1;
    }
    long power = POWERS_OF_TEN[zeros];
    return Math.multiplyHigh(digits, power) == 0 ? digits * power : -1;
  }

  private static long[] powersOfTen() {
    long[] powers = new long[19];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * 10;
    }
    return powers;
  }
}
