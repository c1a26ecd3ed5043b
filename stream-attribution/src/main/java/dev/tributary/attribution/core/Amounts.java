package dev.tributary.attribution.core;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Sums of money where unknown is not zero. */
final class Amounts {
  /** Decimal places of every booked amount. */
  static final int SCALE = 18;

  private Amounts() {}

  /** The sum of what is known; null: nothing is. */
  static @Nullable BigDecimal sum(@Nullable BigDecimal left, @Nullable BigDecimal right) {
    return left == null ? right : right == null ? left : left.add(right);
  }
}
