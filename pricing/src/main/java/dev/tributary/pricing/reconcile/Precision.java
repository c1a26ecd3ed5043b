package dev.tributary.pricing.reconcile;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What the digits of a bill can tell. Amounts that are printed in full say how many tokens they
 * are: at the right price the quotient is a whole number, at a wrong one it is one by chance only.
 * Amounts that are cut to cents say nothing of the kind.
 */
final class Precision {
  /** A JSON number that went through a double is off by up to 1e-16 of itself. */
  private static final BigDecimal OF_DOUBLES = new BigDecimal("1e-12");

  /** A ratio of amounts that is known no better than this proves nothing. */
  private static final BigDecimal COARSE = new BigDecimal("1e-4");

  /** Units that digits which are not printed may be worth, for the others to show units at all. */
  private static final BigDecimal OFF_WHOLE = new BigDecimal("0.02");

  /** Units that an amount may be off from a whole number, were it printed in full. */
  private static final BigDecimal NEAR_WHOLE = new BigDecimal("0.001");

  private static final BigDecimal HALF = new BigDecimal("0.5");

  private final BigDecimal step;

  private Precision(BigDecimal step) {
    this.step = step;
  }

  /** The precision of a bill: the last place that any of its amounts states. */
  static Precision of(Bill bill) {
    int scale = bill.lines().stream().mapToInt(line -> line.amount().scale()).max().orElse(0);
    return new Precision(BigDecimal.ONE.movePointLeft(Math.max(0, scale)));
  }

  /** How far two equal amounts can be apart. */
  private BigDecimal slack(BigDecimal amount) {
    return step.multiply(HALF).max(amount.abs().multiply(OF_DOUBLES));
  }

  /** Whether the sides differ by no more than what the bill does not print. */
  boolean isEqual(Cell cell) {
    return isSmall(cell, cell.delta());
  }

  /** Whether the bill is that amount as far as it can be said. */
  boolean isBilled(Cell cell, BigDecimal amount) {
    return isSmall(cell, cell.billedOrZero().subtract(amount));
  }

  /** Whether a part of the cell's difference is no more than what the bill does not print. */
  boolean isSmall(Cell cell, BigDecimal part) {
    return part.abs().compareTo(slack(cell.billedOrZero())) <= 0;
  }

  /** Whether the ratio of the two amounts is known well enough to be compared. */
  boolean hasRatio(Cell cell) {
    return ratioSlack(cell).compareTo(COARSE) < 0;
  }

  /** Whether billed is so many times what was estimated. */
  boolean isRatio(Cell cell, BigDecimal ratio) {
    return cell.ratio().subtract(ratio).abs().compareTo(ratioSlack(cell)) <= 0;
  }

  private BigDecimal ratioSlack(Cell cell) {
    BigDecimal amounts =
        slack(cell.billedOrZero()).divide(cell.cost(), Cell.DIGITS).multiply(BigDecimal.valueOf(2));
    return amounts.max(new BigDecimal("1e-9"));
  }

  /** Whether the billed amount is a whole number of units at so many times the ledger's price. */
  boolean isWhole(Cell cell, BigDecimal factor) {
    BigDecimal units = cell.unitsAt(factor);
    BigDecimal off = units.subtract(units.setScale(0, RoundingMode.HALF_EVEN)).abs();
    BigDecimal unit = cell.unitPrice().multiply(factor, Cell.DIGITS);
    BigDecimal unprinted = slack(cell.billedOrZero()).divide(unit, Cell.DIGITS);
    return off.compareTo(NEAR_WHOLE.max(unprinted)) <= 0;
  }

  /** Whether the digits reach far enough for {@link #isWhole} to mean anything. */
  boolean showsUnits(Cell cell, BigDecimal factor) {
    BigDecimal unit = cell.unitPrice().multiply(factor, Cell.DIGITS);
    return cell.hasOnePrice()
        && slack(cell.billedOrZero()).compareTo(unit.multiply(OFF_WHOLE, Cell.DIGITS)) <= 0;
  }
}
