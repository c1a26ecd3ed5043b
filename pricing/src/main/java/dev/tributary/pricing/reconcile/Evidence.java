package dev.tributary.pricing.reconcile;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the amounts of several cells of a model show together about the price they were billed at.
 */
final class Evidence {
  private static final BigDecimal ONE = BigDecimal.ONE;
  private static final BigDecimal HALF = new BigDecimal("0.5");

  /** Ratios closer than this are one. */
  private static final BigDecimal SAME = new BigDecimal("1e-6");

  /**
   * Ratios that providers' price lists have between one call's possible prices: batch and flex;
   * residency; long input (output, input); priority.
   */
  private static final List<BigDecimal> KNOWN =
      List.of(
          HALF,
          new BigDecimal("1.1"),
          new BigDecimal("1.5"),
          new BigDecimal("2"),
          new BigDecimal("1.75"),
          new BigDecimal("2.5"));

  /** A quantity that differs by more than this is likelier a whole number by chance. */
  private static final BigDecimal MOST_CHANGE = new BigDecimal("0.4");

  /** That amounts share a divisor by chance is less likely than one in so many. */
  private static final BigDecimal NO_CHANCE = new BigDecimal("500");

  /** Of so many counts of the ledger one must lack the divisor, or it is the calls that have it. */
  private static final int COUNTS = 9;

  /** Less than this of what the ledger has is likelier bought at its price. */
  private static final BigDecimal LEAST_BOUGHT = new BigDecimal("0.75");

  private final Precision precision;
  private final Set<LocalDate> cutDays;

  /**
   * What a bill's amounts show.
   *
   * @param cutDays days of which the ledger lacks an edge, whatever the price
   */
  Evidence(Precision precision, Set<LocalDate> cutDays) {
    this.precision = precision;
    this.cutDays = cutDays;
  }

  /** Groups in the order of their first cells. */
  static <K> List<List<Cell>> by(List<Cell> cells, Function<Cell, K> key) {
    Map<K, List<Cell>> groups = new LinkedHashMap<>();
    cells.forEach(
        cell -> groups.computeIfAbsent(key.apply(cell), unused -> new ArrayList<>()).add(cell));
    return List.copyOf(groups.values());
  }

  static boolean isSame(BigDecimal one, BigDecimal other) {
    return one.subtract(other).abs().compareTo(SAME) <= 0;
  }

  static boolean isBetween(BigDecimal ratio, BigDecimal one, BigDecimal other) {
    return ratio.compareTo(one.min(other).subtract(SAME)) >= 0
        && ratio.compareTo(one.max(other).add(SAME)) <= 0;
  }

  /** Tokens that the amount is at so many times the ledger's price. */
  static BigDecimal wholeUnits(Cell cell, BigDecimal factor) {
    return whole(cell.unitsAt(factor));
  }

  /**
   * Whether each amount is whole tokens at the ledger's price, and nothing says that they are of
   * another one.
   */
  boolean isUnits(List<Cell> cells) {
    return cells.stream().noneMatch(TierWords::isBilledAtUnseenPrice)
        && isUnitsAt(cells, ONE)
        && !isAtMultiple(cells);
  }

  /**
   * Whether amounts of whole tokens share a divisor that the ledger's counts do not: they are of
   * that many times its price.
   */
  private boolean isAtMultiple(List<Cell> cells) {
    BigDecimal factor = CommonUnit.of(cells, precision);
    if (factor == null || factor.compareTo(ONE.add(SAME)) < 0 || !isSame(factor, whole(factor))) {
      return false;
    }
    BigDecimal times = whole(factor);
    long others =
        cells.stream().filter(cell -> cell.priced() % times.longValueExact() != 0).count();
    return times.pow(cells.size()).compareTo(NO_CHANCE) > 0
        && COUNTS * others >= cells.size()
        && cells.stream()
            .allMatch(cell -> cell.ratio().compareTo(times.multiply(LEAST_BOUGHT)) >= 0);
  }

  private static BigDecimal whole(BigDecimal number) {
    return number.setScale(0, RoundingMode.HALF_EVEN);
  }

  boolean isUnitsAt(List<Cell> cells, BigDecimal factor) {
    return cells.stream()
        .allMatch(cell -> precision.showsUnits(cell, factor) && precision.isWhole(cell, factor));
  }

  /** Whether the amount shows that it is not of the ledger's price alone. */
  boolean isOfNoUnits(Cell cell) {
    return precision.showsUnits(cell, ONE) && !precision.isWhole(cell, ONE);
  }

  /**
   * Whether all are billed at one ratio to the estimate. One cell alone, or cells of one quantity,
   * show a ratio only where it is one that price lists have.
   */
  boolean isOneRatio(List<Cell> cells) {
    if (!cells.stream().allMatch(precision::hasRatio)) {
      return false;
    }
    if (cells.stream().map(Cell::priced).distinct().count() == 1) {
      return cells.stream().allMatch(this::isKnown);
    }
    BigDecimal first = cells.get(0).ratio();
    return cells.stream().allMatch(cell -> precision.isRatio(cell, first));
  }

  private boolean isKnown(Cell cell) {
    return KNOWN.stream().anyMatch(factor -> precision.isRatio(cell, factor));
  }

  /** Several cells of a day at one ratio; a single cell shows that by chance. */
  boolean isSureDay(List<Cell> day) {
    return day.size() > 1 && isOneRatio(day);
  }

  /** Some calls at half the price: whole halves each, between half the price and all of it. */
  boolean isPartlyHalf(List<Cell> cells) {
    return isUnitsAt(cells, HALF)
        && !isUnits(cells)
        && cells.stream()
            .map(Cell::ratio)
            .allMatch(ratio -> ratio.compareTo(HALF) >= 0 && ratio.compareTo(ONE) < 0);
  }

  /** Whether most are at half the price to the digit, which of some calls in batch is no chance. */
  boolean isMostlyHalf(List<Cell> cells) {
    return 2 * cells.stream().filter(cell -> precision.isRatio(cell, HALF)).count() > cells.size();
  }

  /** Whether all are at half the price, with other quantities or not. */
  boolean isHalf(List<Cell> cells) {
    BigDecimal unit = commonUnit(cells);
    return cells.stream().allMatch(cell -> precision.isRatio(cell, HALF))
        || (unit != null && isSame(unit, HALF));
  }

  /** The price that the bill itself shows for all of them; null: none, or the ledger's. */
  @Nullable BigDecimal commonUnit(List<Cell> cells) {
    BigDecimal factor = unitOfAmounts(cells);
    BigDecimal other = factor == null ? unitOfSureDays(cells) : factor;
    return other == null || isStep(cells, other) ? null : other;
  }

  /**
   * The price of a day by itself, where one that changed within it would not look alike. Half the
   * price of few amounts may as well be of some calls in batch.
   */
  @Nullable BigDecimal priceOfDay(List<Cell> day) {
    if (isSureDay(day) && !isSame(day.get(0).ratio(), HALF)) {
      return day.get(0).ratio();
    }
    BigDecimal factor = unitOfAmounts(day);
    return factor == null || !isDivisor(factor) || isCut(day) ? factor : null;
  }

  private @Nullable BigDecimal unitOfAmounts(List<Cell> cells) {
    BigDecimal factor = CommonUnit.of(cells, precision);
    // Whole tokens are also whole halves, and may share a divisor by chance; neither is a price.
    return factor == null || isSame(factor, ONE) || isUnits(cells) ? null : factor;
  }

  /** The price of the days that are at one ratio, where the other days are whole units at it. */
  private @Nullable BigDecimal unitOfSureDays(List<Cell> cells) {
    BigDecimal factor = null;
    for (List<Cell> day : by(cells, cell -> cell.key().day())) {
      if (isSureDay(day)) {
        BigDecimal ratio = day.get(0).ratio();
        if (factor != null && !isSame(factor, ratio)) {
          return null;
        }
        factor = ratio;
      }
    }
    return factor != null && isUnitsAt(cells, factor) ? factor : null;
  }

  /**
   * Whether some days have that price and the others less of it, as where it changes in one. At a
   * price that the ledger's is no multiple of, no mixture of both is whole.
   */
  private boolean isStep(List<Cell> cells, BigDecimal factor) {
    List<List<Cell>> days = by(cells, cell -> cell.key().day());
    List<List<Cell>> rest = days.stream().filter(day -> !isSureDay(day) && !isCut(day)).toList();
    return isDivisor(factor)
        && !rest.isEmpty()
        && rest.size() < days.size()
        && rest.stream()
            .flatMap(List::stream)
            .allMatch(cell -> isBetween(cell.ratio(), ONE, factor));
  }

  private boolean isCut(List<Cell> day) {
    return cutDays.contains(day.get(0).key().day());
  }

  private static boolean isDivisor(BigDecimal factor) {
    BigDecimal times = ONE.divide(factor, Cell.DIGITS);
    return isSame(times, whole(times));
  }

  /**
   * The known ratio at which all amounts are whole units, with the least change of quantity; null
   * also where quantities would have to change out of proportion.
   */
  @Nullable BigDecimal knownFactor(List<Cell> cells) {
    BigDecimal best = null;
    BigDecimal least = MOST_CHANGE.multiply(BigDecimal.valueOf(cells.size()));
    for (BigDecimal factor : KNOWN) {
      if (isUnitsAt(cells, factor)) {
        BigDecimal change = BigDecimal.ZERO;
        for (Cell cell : cells) {
          change = change.add(cell.ratio().divide(factor, Cell.DIGITS).subtract(ONE).abs());
        }
        if (change.compareTo(least) < 0) {
          least = change;
          best = factor;
        }
      }
    }
    return best;
  }
}
