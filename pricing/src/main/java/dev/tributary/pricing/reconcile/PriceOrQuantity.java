package dev.tributary.pricing.reconcile;

import dev.tributary.pricing.Bucket;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells from amounts alone whether the cells of one model were billed at another price or for
 * another quantity. Three kinds of evidence:
 *
 * <ul>
 *   <li>Cells that all differ by one and the same ratio have another price. Other quantities do not
 *       differ alike.
 *   <li>Amounts that are whole numbers of tokens at the ledger's price were billed at that price.
 *   <li>Amounts that are all multiples of another unit were billed at that ({@link CommonUnit}).
 * </ul>
 *
 * <p>Where none holds for all, buckets are looked at one by one, then days, then cells. What
 * remains open is said to be open. The split is {@code billed - estimated = (Qb - Qe) x Pe + (Pb -
 * Pe) x Qb}.
 */
final class PriceOrQuantity {
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

  private final CellTable table;
  private final Precision precision;
  private final List<Cell> bare = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private final List<Cell> open = new ArrayList<>();

  /** Ratios of prices that are sure, by bucket and day. */
  private final Map<Bucket, Map<LocalDate, BigDecimal>> ratios = new EnumMap<>(Bucket.class);

  /** Whether the model is at half the price wherever it is used. */
  private boolean isHalfForAll;

  private PriceOrQuantity(CellTable table, Precision precision) {
    this.table = table;
    this.precision = precision;
  }

  /**
   * The parts of the cells' differences; they add up to them.
   *
   * @param cells of one model, each comparable and each different on the two sides
   * @param table where they stand
   */
  static List<Part> of(List<Cell> cells, CellTable table, Precision precision) {
    PriceOrQuantity judge = new PriceOrQuantity(table, precision);
    judge.isHalfForAll = judge.isHalfForAll(cells);
    for (Cell cell : cells) {
      if (!judge.isSettledByWord(cell)) {
        judge.bare.add(cell);
      }
    }
    judge.settleModel();
    return judge.parts;
  }

  private void settleModel() {
    boolean isAllUnits = bare.stream().allMatch(cell -> isUnitsAt(cell, ONE));
    if (bare.size() > 1 && isOneRatio(bare)) {
      bare.forEach(cell -> price(cell, cell.ratio()));
    } else if (!isAllUnits && bare.stream().allMatch(this::isPartlyHalf)) {
      halve(bare);
    } else {
      List<Cell> rest = new ArrayList<>(bare);
      by(bare, cell -> Optional.ofNullable(cell.key().project()))
          .forEach(
              project -> {
                if (isAtCommonUnit(project)) {
                  rest.removeAll(project);
                }
              });
      by(rest, cell -> cell.key().bucket()).forEach(this::settle);
      settleOpen();
    }
  }

  /** Splits cells that the bill itself shows at one price, other than the ledger's. */
  private boolean isAtCommonUnit(List<Cell> cells) {
    BigDecimal factor = CommonUnit.of(cells, precision);
    if (factor == null || factor.subtract(ONE).abs().compareTo(SAME) < 0) {
      return false;
    }
    if (isStep(cells, factor)) {
      return false;
    }
    // Whole tokens are also whole halves, and may share a divisor; neither is another price.
    if (cells.stream().allMatch(cell -> isUnitsAt(cell, ONE))) {
      return false;
    }
    cells.forEach(cell -> split(cell, wholeUnits(cell, factor), causeOf(cell, factor)));
    return true;
  }

  /** Whether some days have that price and the others less of it, as where it changes in one. */
  private boolean isStep(List<Cell> cells, BigDecimal factor) {
    List<List<Cell>> days = by(cells, cell -> cell.key().day());
    List<List<Cell>> rest = days.stream().filter(day -> !isSureDay(day)).toList();
    return !rest.isEmpty()
        && rest.size() < days.size()
        && rest.stream()
            .allMatch(day -> day.stream().allMatch(cell -> isBetween(cell.ratio(), factor)));
  }

  private void halve(List<Cell> cells) {
    cells.forEach(
        cell -> parts.add(new Part(cell, Cause.PRICE_DIFFERENCE_SERVICE_TIER, cell.delta())));
  }

  /** What the bill or telemetry says itself: a quantity, or a class of service. */
  private boolean isSettledByWord(Cell cell) {
    BigDecimal quantity = cell.billedQuantity();
    if (quantity != null) {
      split(cell, quantity, Cause.PRICE_DIFFERENCE);
      return true;
    }
    if (TierWords.explain(cell, precision)) {
      parts.add(new Part(cell, Cause.PRICE_DIFFERENCE_SERVICE_TIER, cell.delta()));
      return true;
    }
    return false;
  }

  private void settle(List<Cell> cells) {
    if (isOneRatio(cells)) {
      cells.forEach(cell -> price(cell, cell.ratio()));
    } else if (cells.stream().allMatch(cell -> isUnitsAt(cell, ONE))) {
      cells.forEach(cell -> split(cell, wholeUnits(cell, ONE), Cause.PRICE_DIFFERENCE));
    } else if (cells.size() == 1) {
      open.add(cells.get(0));
    } else if (by(cells, cell -> cell.key().day()).stream().anyMatch(this::isSureDay)) {
      settleInParts(cells);
    } else if (isAtCommonUnit(cells)) {
      return;
    } else if (cells.stream().allMatch(this::isPartlyHalf)) {
      halve(cells);
    } else {
      BigDecimal factor = knownFactor(cells);
      if (factor == null) {
        settleInParts(cells);
      } else {
        cells.forEach(cell -> split(cell, wholeUnits(cell, factor), causeOf(cell, factor)));
      }
    }
  }

  /** Some calls at half the price: the amount is a whole number of halves, between half and all. */
  private boolean isPartlyHalf(Cell cell) {
    return isUnitsAt(cell, HALF)
        && cell.ratio().compareTo(HALF) >= 0
        && cell.ratio().compareTo(ONE) < 0;
  }

  /**
   * The known ratio at which all amounts are whole units, with the least change of quantity; null
   * also where quantities would have to change out of proportion.
   */
  private @Nullable BigDecimal knownFactor(List<Cell> cells) {
    BigDecimal best = null;
    BigDecimal least = MOST_CHANGE.multiply(BigDecimal.valueOf(cells.size()));
    for (BigDecimal factor : KNOWN) {
      if (cells.stream().allMatch(cell -> isUnitsAt(cell, factor))) {
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

  /** The days with a price that is sure first, because a day beside them may be cut by a change. */
  private void settleInParts(List<Cell> cells) {
    List<List<Cell>> days = by(cells, cell -> cell.key().day());
    if (days.size() == 1) {
      settleDay(cells);
      return;
    }
    List<List<Cell>> rest = new ArrayList<>();
    for (List<Cell> day : days) {
      if (isSureDay(day)) {
        day.forEach(cell -> price(cell, cell.ratio()));
      } else {
        rest.add(day);
      }
    }
    for (List<Cell> day : rest) {
      if (!isOfUnits(day.get(0).key().day()) && day.stream().allMatch(this::isBesideStep)) {
        day.forEach(cell -> parts.add(new Part(cell, Cause.PRICE_DIFFERENCE, cell.delta())));
      } else {
        settle(day);
      }
    }
  }

  /**
   * Amounts that are no whole tokens at the ledger's price were billed at another, at least in
   * part. Where most of a day's are not, the others are by chance.
   */
  private void settleDay(List<Cell> cells) {
    LocalDate day = cells.get(0).key().day();
    List<Cell> all = bare.stream().filter(cell -> cell.key().day().equals(day)).toList();
    long others = all.stream().filter(this::isOfNoUnits).count();
    if (all.size() > 1 && 2 * others > all.size()) {
      cells.forEach(cell -> parts.add(new Part(cell, Cause.PRICE_DIFFERENCE, cell.delta())));
    } else {
      cells.forEach(cell -> settle(List.of(cell)));
    }
  }

  private boolean isOfNoUnits(Cell cell) {
    return precision.showsUnits(cell, ONE) && !precision.isWhole(cell, ONE);
  }

  /** Whether all buckets of a day are whole units; one bucket alone is that by chance. */
  private boolean isOfUnits(LocalDate day) {
    return bare.stream()
        .filter(cell -> cell.key().day().equals(day))
        .allMatch(cell -> isUnitsAt(cell, ONE));
  }

  /** Several cells of a day at one ratio; a single cell shows that by chance. */
  private boolean isSureDay(List<Cell> day) {
    return day.size() > 1 && isOneRatio(day);
  }

  /** Groups in the order of their first cells. */
  private static <K> List<List<Cell>> by(List<Cell> cells, Function<Cell, K> key) {
    Map<K, List<Cell>> groups = new LinkedHashMap<>();
    cells.forEach(
        cell -> groups.computeIfAbsent(key.apply(cell), unused -> new ArrayList<>()).add(cell));
    return List.copyOf(groups.values());
  }

  /** One cell alone shows a ratio only where it is one that price lists have. */
  private boolean isOneRatio(List<Cell> cells) {
    Cell first = cells.get(0);
    if (!cells.stream().allMatch(precision::hasRatio)) {
      return false;
    }
    if (cells.stream().map(Cell::priced).distinct().count() == 1) {
      return cells.stream().allMatch(cell -> isKnown(cell));
    }
    return cells.stream().allMatch(cell -> precision.isRatio(cell, first.ratio()));
  }

  private boolean isKnown(Cell cell) {
    return KNOWN.stream().anyMatch(factor -> precision.isRatio(cell, factor));
  }

  private boolean isUnitsAt(Cell cell, BigDecimal factor) {
    return precision.showsUnits(cell, factor) && precision.isWhole(cell, factor);
  }

  private static BigDecimal wholeUnits(Cell cell, BigDecimal factor) {
    return cell.unitsAt(factor).setScale(0, RoundingMode.HALF_EVEN);
  }

  private void price(Cell cell, BigDecimal ratio) {
    ratios
        .computeIfAbsent(cell.key().bucket(), unused -> new HashMap<>())
        .put(cell.key().day(), ratio);
    parts.add(new Part(cell, causeOf(cell, ratio), cell.delta()));
  }

  /**
   * Half the price is that of batch and flex, which is how some callers call: of one bucket alone,
   * or of all projects alike, it is another price.
   */
  private Cause causeOf(Cell cell, BigDecimal ratio) {
    boolean isHalf = ratio.subtract(HALF).abs().compareTo(SAME) < 0;
    return isHalf && !isHalfForAll && table.others(cell).stream().noneMatch(precision::isEqual)
        ? Cause.PRICE_DIFFERENCE_SERVICE_TIER
        : Cause.PRICE_DIFFERENCE;
  }

  /** Whether several projects have the model at half the price, and none has it at another. */
  private boolean isHalfForAll(List<Cell> cells) {
    String model = cells.get(0).key().model();
    List<Cell> all =
        table.cells().stream()
            .filter(cell -> cell.isComparable() && cell.key().model().equals(model))
            .toList();
    return all.stream().allMatch(cell -> precision.isRatio(cell, HALF))
        && by(all, cell -> Optional.ofNullable(cell.key().project())).size() > 1;
  }

  /** Quantity at the ledger's price, and what is left of the difference as price. */
  private void split(Cell cell, BigDecimal billedUnits, Cause ofPrice) {
    BigDecimal more = billedUnits.subtract(BigDecimal.valueOf(cell.priced()));
    BigDecimal quantity =
        more.multiply(cell.unitPrice(), Cell.DIGITS).setScale(18, RoundingMode.HALF_EVEN);
    BigDecimal rest = cell.delta().subtract(quantity);
    if (precision.isSmall(cell, rest)) {
      quantity = cell.delta();
      rest = BigDecimal.ZERO;
    }
    if (quantity.signum() != 0) {
      parts.add(
          new Part(cell, more.signum() > 0 ? Cause.UNTRACKED_USAGE : Cause.NOT_BILLED, quantity));
    }
    if (rest.signum() != 0) {
      parts.add(new Part(cell, ofPrice, rest));
    }
  }

  /** What one bucket leaves open, several of a day may show together. */
  private void settleOpen() {
    for (List<Cell> day : by(open, cell -> cell.key().day())) {
      if (day.size() > 1 && isOneRatio(day)) {
        day.forEach(cell -> price(cell, cell.ratio()));
        open.removeAll(day);
      }
    }
    for (Cell cell : open) {
      Cause cause = isBesideStep(cell) ? Cause.PRICE_DIFFERENCE : Cause.PRICE_OR_QUANTITY;
      parts.add(new Part(cell, cause, cell.delta()));
    }
  }

  /** A price that changes in the middle of a day leaves that day between the two prices. */
  private boolean isBesideStep(Cell cell) {
    Map<LocalDate, BigDecimal> sure = ratios.getOrDefault(cell.key().bucket(), Map.of());
    BigDecimal before = sure.get(cell.key().day().minusDays(1));
    BigDecimal after = sure.get(cell.key().day().plusDays(1));
    return (before != null && isBetween(cell.ratio(), before))
        || (after != null && isBetween(cell.ratio(), after));
  }

  /** Whether all, some or none of the day can be at the other price. */
  private static boolean isBetween(BigDecimal ratio, BigDecimal other) {
    return ratio.compareTo(ONE.min(other).subtract(SAME)) >= 0
        && ratio.compareTo(ONE.max(other).add(SAME)) <= 0;
  }
}
