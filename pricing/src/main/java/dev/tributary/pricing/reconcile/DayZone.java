package dev.tributary.pricing.reconcile;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the zone of the bill's days, which providers do not always state: read at the right shift,
 * days that matched nowhere match exactly.
 */
final class DayZone {
  /** Zones are between 12 hours behind UTC and 14 ahead, and differ by half hours and more. */
  private static final int MOST_BEHIND = -24;

  private static final int MOST_AHEAD = 28;

  private static final Duration STEP = Duration.ofMinutes(30);

  /** Cells that there have to be for a shift to be believed. */
  private static final int FEWEST = 3;

  /** Of five cells so many have to match. */
  private static final int OF_FIVE = 4;

  /** What a model's bucket cost, without a day. */
  private record Series(Cell.Key ofNoDay) {
    static Series of(Cell.Key key) {
      return new Series(new Cell.Key(LocalDate.EPOCH, key.project(), key.model(), key.bucket()));
    }
  }

  private final Bill bill;
  private final Precision precision;
  private final List<Cell> inner = new ArrayList<>();
  private final Map<Series, Map<Instant, BigDecimal>> costs = new HashMap<>();

  private DayZone(Bill bill, List<EstimatedUsage> usage, Precision precision) {
    this.bill = bill;
    this.precision = precision;
    CellTable table = CellTable.of(bill, usage, Duration.ZERO);
    for (Cell cell : table.cells()) {
      if (cell.isComparable() && isInner(cell.key().day())) {
        inner.add(cell);
      }
    }
    for (EstimatedUsage one : usage) {
      BigDecimal cost = one.cost();
      if (cost != null) {
        long slot = one.at().getEpochSecond() / STEP.toSeconds() * STEP.toSeconds();
        costs
            .computeIfAbsent(
                Series.of(table.keyOf(one, LocalDate.EPOCH)), unused -> new HashMap<>())
            .merge(Instant.ofEpochSecond(slot), cost, BigDecimal::add);
      }
    }
  }

  /** How much later than UTC the ledger's clock is to be read; zero where nothing says so. */
  static Duration of(Bill bill, List<EstimatedUsage> usage, Precision precision) {
    return new DayZone(bill, usage, precision).shift();
  }

  /**
   * The first and the last day do not count: at any other zone they are not whole in the ledger.
   */
  private boolean isInner(LocalDate day) {
    return day.isAfter(bill.from()) && day.isBefore(bill.until().minusDays(1));
  }

  private Duration shift() {
    Duration best = Duration.ZERO;
    int most = matches(best);
    if (inner.size() < FEWEST || isMost(most)) {
      return best;
    }
    for (int steps = MOST_BEHIND; steps <= MOST_AHEAD; steps++) {
      Duration shift = STEP.multipliedBy(steps);
      int matches = matches(shift);
      if (isMost(matches) && matches > most) {
        most = matches;
        best = shift;
      }
    }
    return best;
  }

  private boolean isMost(int matches) {
    return 5 * matches >= OF_FIVE * inner.size();
  }

  /** How many of the cells match. */
  private int matches(Duration shift) {
    int equal = 0;
    for (Cell cell : inner) {
      Map<Instant, BigDecimal> slots = costs.getOrDefault(Series.of(cell.key()), Map.of());
      Instant start = cell.key().day().atStartOfDay().toInstant(ZoneOffset.UTC).minus(shift);
      Instant end = start.plus(Duration.ofDays(1));
      BigDecimal cost = BigDecimal.ZERO;
      for (Instant slot = start; slot.isBefore(end); slot = slot.plus(STEP)) {
        cost = cost.add(slots.getOrDefault(slot, BigDecimal.ZERO));
      }
      equal += precision.isBilled(cell, cost) ? 1 : 0;
    }
    return equal;
  }
}
