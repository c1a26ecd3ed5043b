package dev.tributary.pricing.reconcile;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The price that a bill shows by itself: amounts that are all multiples of one unit, which then is
 * the price of a token in parts of the ledger's. Unlike a ratio it is seen where quantities differ
 * as well.
 */
final class CommonUnit {
  /** With fewer amounts a common divisor of the token counts is likely. */
  private static final int FEWEST = 4;

  /** A unit may be this many times the price, where all counts share a divisor. */
  private static final int MOST_SHARED = 4;

  /** What is left of a division that came out even, in units. */
  private static final BigDecimal EVEN = new BigDecimal("0.001");

  /** What is usual in a cell must be at least this much of what the ledger has. */
  private static final BigDecimal LEAST = new BigDecimal("0.75");

  private static final BigDecimal MOST = new BigDecimal("2");

  /** The same of what the ledger has without what it may have counted twice: that is exact. */
  private static final BigDecimal LEAST_ONCE = new BigDecimal("0.95");

  private static final BigDecimal MOST_ONCE = new BigDecimal("1.2");

  /** Below the ledger's price more than this is likelier a share of the calls at it. */
  private static final BigDecimal MOST_BELOW = new BigDecimal("1.4");

  private CommonUnit() {}

  /**
   * Billed price in parts of the ledger's; null: no price alone explains the amounts, or only one
   * at which far more or far less was billed than the ledger has.
   */
  static @Nullable BigDecimal of(List<Cell> cells, Precision precision) {
    if (cells.size() < FEWEST || !cells.stream().allMatch(Cell::hasOnePrice)) {
      return null;
    }
    BigDecimal unit = BigDecimal.ZERO;
    for (Cell cell : cells) {
      unit = divisor(cell.unitsAt(BigDecimal.ONE), unit);
      if (unit.compareTo(EVEN) <= 0) {
        return null;
      }
    }
    for (int shared = 1; shared <= MOST_SHARED; shared++) {
      BigDecimal factor = refined(cells, unit.divide(BigDecimal.valueOf(shared), Cell.DIGITS));
      if (isLikely(cells, factor)) {
        boolean isProven =
            cells.stream()
                .allMatch(
                    cell -> precision.showsUnits(cell, factor) && precision.isWhole(cell, factor));
        return isProven ? factor : null;
      }
    }
    return null;
  }

  private static BigDecimal divisor(BigDecimal one, BigDecimal other) {
    BigDecimal larger = one.max(other);
    BigDecimal smaller = one.min(other);
    while (smaller.compareTo(EVEN) > 0) {
      BigDecimal rest = larger.remainder(smaller, Cell.DIGITS);
      // A quotient just below a whole number leaves nearly the divisor, which is nothing as well.
      rest = rest.min(smaller.subtract(rest));
      larger = smaller;
      smaller = rest;
    }
    return larger;
  }

  /** The factor by all amounts together, which are less off than each. */
  private static BigDecimal refined(List<Cell> cells, BigDecimal factor) {
    BigDecimal units = BigDecimal.ZERO;
    BigDecimal whole = BigDecimal.ZERO;
    for (Cell cell : cells) {
      units = units.add(cell.unitsAt(BigDecimal.ONE));
      whole = whole.add(cell.unitsAt(factor).setScale(0, RoundingMode.HALF_EVEN));
    }
    return whole.signum() == 0 ? factor : units.divide(whole, Cell.DIGITS);
  }

  /** Whether most of what the ledger has was bought at the factor, and not much more. */
  private static boolean isLikely(List<Cell> cells, BigDecimal factor) {
    BigDecimal most = factor.compareTo(BigDecimal.ONE) < 0 ? MOST_BELOW : MOST;
    return isWithin(usual(cells, factor, Cell::priced), LEAST, most)
        || isWithin(usual(cells, factor, Cell::pricedOnce), LEAST_ONCE, MOST_ONCE);
  }

  private static boolean isWithin(BigDecimal value, BigDecimal least, BigDecimal most) {
    return value.compareTo(least) >= 0 && value.compareTo(most) < 0;
  }

  /** The median of what the cells bought at the factor, in parts of what the ledger has. */
  private static BigDecimal usual(
      List<Cell> cells, BigDecimal factor, ToLongFunction<Cell> quantity) {
    return cells.stream()
        .map(
            cell ->
                cell.unitsAt(factor)
                    .divide(
                        BigDecimal.valueOf(Math.max(1, quantity.applyAsLong(cell))), Cell.DIGITS))
        .sorted()
        .skip(cells.size() / 2)
        .findFirst()
        .orElseThrow();
  }
}
