package dev.tributary.pricing.reconcile;

import dev.tributary.pricing.Bucket;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares a bill with the ledger's estimate and says why they differ. A pure function; the order
 * of lines and usage does not matter for amounts.
 *
 * <p>Repeated responses are taken off first, then usage outside the billed days. What remains is
 * matched by day, project, model and bucket, and each match is split by {@link PriceOrQuantity}.
 * Nothing is folded into a neighbour: tax, credit and discount can cancel each other while each is
 * wrong, so each stands alone.
 */
public final class Reconciler {
  /** No day on earth begins further from that of UTC. */
  public static final Duration MARGIN = Duration.ofHours(14);

  private final Bill bill;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private final Precision precision;
  private final Duration shift;

  /** The ledger's period is cut where days end in UTC, the bill's is not. */
  private final boolean isCutElsewhere;

  private final PeriodEdges edges;
  private final CellTable table;

  private Reconciler(
      Bill bill, List<EstimatedUsage> once, Precision precision, Duration shift, boolean isCut) {
    this.bill = bill;
    this.precision = precision;
    this.shift = shift;
    isCutElsewhere = isCut && !shift.isZero();
    edges = PeriodEdges.of(bill, once, shift);
    table = CellTable.of(bill, once, shift);
  }

  /**
   * Compares with all of the usage: what lies outside the billed days is a difference, too.
   *
   * @param usage what was estimated for the period; other providers' is ignored
   */
  public static Reconciliation reconcile(Bill bill, List<EstimatedUsage> usage) {
    return reconcile(bill, usage, true);
  }

  /**
   * Compares with the usage of the billed days, in the zone that the bill turns out to have.
   *
   * @param usage also of {@link #MARGIN} before and after the days in UTC; other providers' is
   *     ignored
   */
  public static Reconciliation reconcileBilledDays(Bill bill, List<EstimatedUsage> usage) {
    return reconcile(bill, usage, false);
  }

  private static Reconciliation reconcile(Bill bill, List<EstimatedUsage> all, boolean isCut) {
    List<EstimatedUsage> usage =
        all.stream().filter(one -> one.provider().equals(bill.provider())).toList();
    Precision precision = Precision.of(bill);
    Duration shift = DayZone.of(bill, once(usage), precision);
    if (!isCut) {
      usage = usage.stream().filter(one -> bill.covers(day(one, shift))).toList();
    }
    Reconciler reconciler = new Reconciler(bill, once(usage), precision, shift, isCut);
    reconciler.explain(usage);
    return reconciler.result(usage);
  }

  private static List<EstimatedUsage> once(List<EstimatedUsage> usage) {
    return usage.stream().filter(one -> !one.isRepeated()).toList();
  }

  private static LocalDate day(EstimatedUsage usage, Duration shift) {
    return LocalDate.ofInstant(usage.at().plus(shift), ZoneOffset.UTC);
  }

  private void explain(List<EstimatedUsage> usage) {
    for (BilledLine line : bill.lines()) {
      if (!line.isMatchable()) {
        Cause cause = line.isTakenBack() ? Cause.ADJUSTMENT : line.charge().cause();
        add(line.day(), line.model(), line.bucket(), cause, line.amount());
      }
    }
    usage.stream()
        .filter(EstimatedUsage::isRepeated)
        .forEach(one -> addBack(one, Cause.DUPLICATED_TELEMETRY));
    table.before().forEach(one -> addBack(one, Cause.PERIOD_CUTOFF_HEAD));
    table.after().forEach(one -> addBack(one, Cause.PERIOD_CUTOFF_TAIL));
    Map<String, List<Cell>> different = new LinkedHashMap<>();
    for (Cell cell : table.cells()) {
      if (isComparedAfterPricing(cell)) {
        different.computeIfAbsent(cell.key().model(), unused -> new ArrayList<>()).add(cell);
      }
    }
    Set<LocalDate> cutDays = edges.cutDays(bill);
    different
        .values()
        .forEach(cells -> parts.addAll(PriceOrQuantity.of(cells, table, precision, cutDays)));
    List<Part> split = Overcount.split(table, parts, precision);
    EdgeDays days = EdgeDays.of(bill, split, edges);
    split.forEach(part -> add(part, days));
  }

  /** Books what needs no comparison of amounts; true: price and quantity have to be told apart. */
  private boolean isComparedAfterPricing(Cell cell) {
    if (!cell.isComparable()) {
      addOneSided(cell);
      return false;
    }
    if (cell.unpriced() > 0 && !precision.isEqual(cell) && cell.delta().signum() > 0) {
      BigDecimal delta = cell.delta();
      BigDecimal rest = cell.priceTheRest();
      parts.add(new Part(cell, Cause.UNPRICED_USAGE, rest.min(delta)));
      if (rest.compareTo(delta) >= 0 || precision.isEqual(cell)) {
        parts.add(new Part(cell, Cause.ROUNDING, delta.subtract(rest.min(delta))));
        return false;
      }
    }
    if (precision.isEqual(cell)) {
      parts.add(new Part(cell, Cause.ROUNDING, cell.delta()));
      return false;
    }
    return true;
  }

  private void addOneSided(Cell cell) {
    Cause cause = Cause.UNTRACKED_USAGE;
    if (cell.unpriced() > 0 && cell.priced() == 0) {
      cause = Cause.UNPRICED_USAGE;
    } else if (cell.delta().signum() < 0) {
      cause = Cause.NOT_BILLED;
    }
    parts.add(new Part(cell, cause, cell.delta()));
  }

  private void add(Part part, EdgeDays days) {
    Cell.Key key = part.cell().key();
    add(key.day(), key.model(), key.bucket(), refined(part, days), part.amount());
  }

  /** What a difference of quantity is at an edge of the period. */
  private Cause refined(Part part, EdgeDays days) {
    Cause cause = part.cause();
    Cell cell = part.cell();
    if (cause != Cause.UNTRACKED_USAGE && cause != Cause.NOT_BILLED) {
      return cause;
    }
    boolean isFirst = cell.key().day().equals(bill.from());
    boolean isLast = cell.key().day().equals(bill.until().minusDays(1));
    boolean isMore = part.amount().signum() > 0;
    if (isFirst && (isCutElsewhere || (isMore ? days.isHeadMissing() : days.isHeadNotBilled()))) {
      return Cause.PERIOD_CUTOFF_HEAD;
    }
    if (isLast && (isCutElsewhere || (isMore ? days.isTailMissing() : days.isTailNotBilled()))) {
      return Cause.PERIOD_CUTOFF_TAIL;
    }
    return cause;
  }

  private void addBack(EstimatedUsage usage, Cause cause) {
    BigDecimal cost = usage.cost();
    if (cost != null) {
      add(day(usage, shift), usage.model(), table.billedAs(usage.bucket()), cause, cost.negate());
    }
  }

  private void add(
      LocalDate day,
      @Nullable String model,
      @Nullable Bucket bucket,
      Cause cause,
      BigDecimal amount) {
    if (amount.signum() != 0) {
      findings.add(
          new Finding(
              bill.provider(),
              day,
              model,
              bucket == null ? null : bucket.wireName(),
              cause,
              amount));
    }
  }

  private Reconciliation result(List<EstimatedUsage> usage) {
    BigDecimal estimated = BigDecimal.ZERO;
    for (EstimatedUsage one : usage) {
      BigDecimal cost = one.cost();
      estimated = cost == null ? estimated : estimated.add(cost);
    }
    BigDecimal explained =
        findings.stream().map(Finding::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal residual = bill.total().subtract(estimated).subtract(explained);
    add(bill.until().minusDays(1), null, null, Cause.RESIDUAL, residual);
    BigDecimal covered = BigDecimal.ZERO;
    for (Cell cell : table.cells()) {
      covered = cell.isComparable() ? covered.add(cell.billedOrZero()) : covered;
    }
    return new Reconciliation(bill, estimated, covered, shift, Findings.merged(findings));
  }
}
