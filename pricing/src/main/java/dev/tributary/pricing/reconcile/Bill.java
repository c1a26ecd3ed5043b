package dev.tributary.pricing.reconcile;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/**
 * What a provider billed for some days.
 *
 * @param provider who billed; a surface of the ledger
 * @param from first billing day
 * @param until first day after the last
 * @param lines in any order, each of a day between the two
 */
public record Bill(String provider, LocalDate from, LocalDate until, List<BilledLine> lines) {
  public Bill {
    if (!from.isBefore(until)) {
      throw new IllegalArgumentException("a bill without a day: from " + from + " until " + until);
    }
    for (BilledLine line : lines) {
      if (line.day().isBefore(from) || !line.day().isBefore(until)) {
        throw new IllegalArgumentException(
            "a line of " + line.day() + " on a bill from " + from + " until " + until);
      }
    }
    lines = List.copyOf(lines);
  }

  /** Whether a day is billed. */
  boolean covers(LocalDate day) {
    return !day.isBefore(from) && day.isBefore(until);
  }

  /** All that was billed, adjustments included. */
  public BigDecimal total() {
    return lines.stream().map(BilledLine::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** What was billed for usage. */
  public BigDecimal usage() {
    return lines.stream()
        .filter(line -> line.charge() == Charge.USAGE)
        .map(BilledLine::amount)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
