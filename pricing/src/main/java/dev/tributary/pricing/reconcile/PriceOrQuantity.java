package dev.tributary.pricing.reconcile;

import static dev.tributary.pricing.reconcile.Evidence.by;
import static dev.tributary.pricing.reconcile.Evidence.wholeUnits;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

  /** Less than this of what the ledger has is likelier at another price. */
  private static final BigDecimal LEAST_OF_OWN = new BigDecimal("0.75");

  private final CellTable table;
  private final Precision precision;
  private final Evidence evidence;
  private final SurePrices sure = new SurePrices();
  private final List<Cell> bare = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();

  /** Whether the model is at half the price wherever it is used. */
  private final boolean isHalfForAll;

  private PriceOrQuantity(
      List<Cell> cells, CellTable table, Precision precision, Set<LocalDate> cutDays) {
    this.table = table;
    this.precision = precision;
    evidence = new Evidence(precision, cutDays);
    isHalfForAll = isHalfForAll(cells.get(0).key().model());
    for (Cell cell : cells) {
      if (!isSettledByWord(cell)) {
        bare.add(cell);
      }
    }
  }

  /**
   * The parts of the cells' differences; they add up to them.
   *
   * @param cells of one model, each comparable and each different on the two sides
   * @param table where they stand
   * @param cutDays days of which the ledger lacks an edge, whatever the price
   */
  static List<Part> of(
      List<Cell> cells, CellTable table, Precision precision, Set<LocalDate> cutDays) {
    PriceOrQuantity judge = new PriceOrQuantity(cells, table, precision, cutDays);
    judge.settleModel();
    return judge.parts;
  }

  /** What the bill or telemetry says itself: a quantity, or a class of service. */
  private boolean isSettledByWord(Cell cell) {
    BigDecimal quantity = cell.billedQuantity();
    if (quantity != null) {
      split(cell, quantity, Cause.PRICE_DIFFERENCE);
      return true;
    }
    BigDecimal ofTiers = TierWords.quantity(cell, precision);
    if (ofTiers != null) {
      split(cell, ofTiers, Cause.PRICE_DIFFERENCE_SERVICE_TIER);
      return true;
    }
    return false;
  }

  private void settleModel() {
    if (bare.size() > 1 && evidence.isOneRatio(bare)) {
      bare.forEach(cell -> price(cell, cell.ratio()));
    } else if (evidence.isPartlyHalf(bare) && !evidence.isMostlyHalf(bare)) {
      boolean isOfBuckets = bare.stream().allMatch(this::isBesideUntouched);
      settleAs(isOfBuckets ? Cause.PRICE_DIFFERENCE : Cause.PRICE_DIFFERENCE_SERVICE_TIER, bare);
    } else {
      List<Cell> rest = new ArrayList<>(bare);
      settleSureBuckets(rest);
      List<Cell> unsure = List.copyOf(rest);
      settleDays(rest);
      settleProjects(unsure, rest);
      by(rest, cell -> cell.key().bucket()).forEach(this::settle);
    }
  }

  /** Takes out the buckets that differ by one ratio wherever they are used. */
  private void settleSureBuckets(List<Cell> left) {
    for (List<Cell> bucket : by(bare, cell -> cell.key().bucket())) {
      if (bucket.size() > 1 && evidence.isOneRatio(bucket)) {
        bucket.forEach(cell -> price(cell, cell.ratio()));
        left.removeAll(bucket);
      }
    }
  }

  /** Takes out the days that the bill itself shows at another price, and those cut by it. */
  private void settleDays(List<Cell> left) {
    for (List<Cell> day : by(bare, cell -> cell.key().day())) {
      BigDecimal factor = evidence.priceOfDay(day);
      if (factor != null) {
        day.stream().filter(left::contains).forEach(cell -> splitAt(cell, factor));
        left.removeAll(day);
      }
    }
    for (List<Cell> day : by(List.copyOf(left), cell -> cell.key().day())) {
      if (isWithinStep(day)) {
        settleAs(Cause.PRICE_DIFFERENCE, day);
        left.removeAll(day);
      }
    }
  }

  /** Takes out the projects that the bill itself shows at another price. */
  private void settleProjects(List<Cell> cells, List<Cell> left) {
    for (List<Cell> project : by(cells, cell -> Optional.ofNullable(cell.key().project()))) {
      BigDecimal factor = evidence.commonUnit(project);
      if (factor != null) {
        project.stream()
            .filter(left::contains)
            .forEach(cell -> split(cell, wholeUnits(cell, factor), causeOf(cell, factor)));
        left.removeAll(project);
      }
    }
  }

  private void settle(List<Cell> cells) {
    if (evidence.isOneRatio(cells)) {
      cells.forEach(cell -> price(cell, cell.ratio()));
    } else if (evidence.isUnits(cells)) {
      cells.forEach(cell -> split(cell, wholeUnits(cell, ONE), Cause.PRICE_DIFFERENCE));
    } else if (cells.size() == 1) {
      settleAs(Cause.PRICE_OR_QUANTITY, cells);
    } else {
      BigDecimal unit = evidence.commonUnit(cells);
      BigDecimal factor = unit == null ? evidence.knownFactor(cells) : unit;
      if (factor == null) {
        settleInParts(cells);
      } else {
        cells.forEach(cell -> splitAt(cell, factor));
      }
    }
  }

  private void settleInParts(List<Cell> cells) {
    List<List<Cell>> days = by(cells, cell -> cell.key().day());
    if (days.size() > 1) {
      days.forEach(this::settle);
    } else {
      settleDay(cells);
    }
  }

  /**
   * Amounts that are no whole tokens at the ledger's price were billed at another, at least in
   * part. Where most of a day's are not, the others are by chance.
   */
  private void settleDay(List<Cell> cells) {
    List<Cell> all = bareOf(cells.get(0).key().day());
    long others = all.stream().filter(evidence::isOfNoUnits).count();
    if (all.size() > 1 && 2 * others > all.size()) {
      settleAs(Cause.PRICE_DIFFERENCE, cells);
    } else {
      cells.forEach(cell -> settle(List.of(cell)));
    }
  }

  /**
   * Whether a price changed in the middle of the day. Where all buckets are whole tokens none did;
   * one bucket alone is that by chance.
   */
  private boolean isWithinStep(List<Cell> day) {
    return !evidence.isUnits(bareOf(day.get(0).key().day()))
        && day.stream().allMatch(sure::isWithinStep);
  }

  private List<Cell> bareOf(LocalDate day) {
    return bare.stream().filter(cell -> cell.key().day().equals(day)).toList();
  }

  private void settleAs(Cause cause, List<Cell> cells) {
    cells.forEach(cell -> parts.add(new Part(cell, cause, cell.delta())));
  }

  private void price(Cell cell, BigDecimal ratio) {
    sure.add(cell, ratio);
    settleAs(causeOf(cell, ratio), List.of(cell));
  }

  private void splitAt(Cell cell, BigDecimal factor) {
    sure.add(cell, factor);
    split(cell, wholeUnits(cell, factor), causeOf(cell, factor));
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

  /**
   * Half the price is that of batch and flex, which is how some callers call: of one bucket alone,
   * or of all projects alike, it is another price.
   */
  private Cause causeOf(Cell cell, BigDecimal ratio) {
    return Evidence.isSame(ratio, HALF)
            && !isHalfForAll
            && table.others(cell).stream().noneMatch(this::isAtOwnPrice)
        ? Cause.PRICE_DIFFERENCE_SERVICE_TIER
        : Cause.PRICE_DIFFERENCE;
  }

  /**
   * Whether other buckets of the same calls are as billed, which those of calls in batch are not.
   */
  private boolean isBesideUntouched(Cell cell) {
    return table.others(cell).stream()
        .anyMatch(other -> table.daysOf(other).stream().allMatch(precision::isEqual));
  }

  /** Whether the project has the bucket at the ledger's price all days, if in other quantity. */
  private boolean isAtOwnPrice(Cell other) {
    return table.daysOf(other).stream()
        .filter(Cell::isComparable)
        .allMatch(
            cell ->
                precision.isEqual(cell)
                    || (cell.ratio().compareTo(LEAST_OF_OWN) > 0
                        && evidence.isUnits(List.of(cell))));
  }

  /** Whether several projects have the model at half the price, and none has it at another. */
  private boolean isHalfForAll(String model) {
    List<Cell> all =
        table.cells().stream()
            .filter(cell -> cell.isComparable() && cell.key().model().equals(model))
            .toList();
    return evidence.isHalf(all)
        && by(all, cell -> Optional.ofNullable(cell.key().project())).size() > 1;
  }
}
