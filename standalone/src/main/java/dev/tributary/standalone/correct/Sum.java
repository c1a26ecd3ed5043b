package dev.tributary.standalone.correct;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A sum of costs some of which are not known: what is known, and how many are not. */
final class Sum {
  private @Nullable BigDecimal known;
  private long unknown;

  void add(@Nullable BigDecimal cost) {
    if (cost == null) {
      unknown++;
    } else {
      known = known == null ? cost : known.add(cost);
    }
  }

  /** Null: no cost is known. */
  @Nullable BigDecimal known() {
    return known;
  }

  /** Lines whose cost is null. */
  long unknown() {
    return unknown;
  }

  BigDecimal orZero() {
    return known == null ? BigDecimal.ZERO : known;
  }

  /** Text: the known sum, {@code null} where none is. */
  @Override
  public String toString() {
    return known == null ? "null" : text(known);
  }

  static String text(BigDecimal amount) {
    return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
  }
}
