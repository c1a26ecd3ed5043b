package dev.tributary.pricing.reconcile;

import dev.tributary.pricing.Bucket;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Matches a bill with the ledger at the finest level that both have. A bucket that the bill does
 * not know is part of its whole there, as reasoning of the output; projects count only where the
 * two sides share at least one name.
 */
final class CellTable {
  private final Bill bill;
  private final Set<Bucket> billedBuckets = EnumSet.noneOf(Bucket.class);
  private final boolean hasProjects;
  private final Map<Cell.Key, Cell> cells = new LinkedHashMap<>();
  private final List<EstimatedUsage> before = new ArrayList<>();
  private final List<EstimatedUsage> after = new ArrayList<>();

  private CellTable(Bill bill, List<EstimatedUsage> usage) {
    this.bill = bill;
    Set<String> billed = new HashSet<>();
    for (BilledLine line : bill.lines()) {
      if (line.isMatchable()) {
        billedBuckets.add(known(line.bucket()));
        if (line.project() != null) {
          billed.add(line.project());
        }
      }
    }
    hasProjects =
        usage.stream().map(EstimatedUsage::project).anyMatch(p -> p != null && billed.contains(p));
  }

  /**
   * The table.
   *
   * @param usage of the bill's provider, each call once
   * @param shift how much later than UTC the ledger's clock is to be read to get the bill's days
   */
  static CellTable of(Bill bill, List<EstimatedUsage> usage, Duration shift) {
    CellTable table = new CellTable(bill, usage);
    for (BilledLine line : bill.lines()) {
      if (line.isMatchable()) {
        Cell.Key key =
            table.key(line.day(), line.project(), known(line.model()), known(line.bucket()));
        table.cells.computeIfAbsent(key, Cell::new).add(line);
      }
    }
    for (EstimatedUsage one : usage) {
      if (one.quantity() > 0) {
        table.add(one, LocalDate.ofInstant(one.at().plus(shift), ZoneOffset.UTC));
      }
    }
    table.cells.values().stream()
        .filter(cell -> cell.key().bucket() == Bucket.INPUT_UNCACHED)
        .forEach(cell -> cell.mayContain(table.cached(cell)));
    return table;
  }

  private long cached(Cell cell) {
    return others(cell).stream()
        .filter(other -> other.key().bucket().isInput())
        .mapToLong(Cell::priced)
        .sum();
  }

  private static <T> T known(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a line without model or bucket cannot be matched");
    }
    return value;
  }

  private void add(EstimatedUsage usage, LocalDate day) {
    if (day.isBefore(bill.from())) {
      before.add(usage);
    } else if (!day.isBefore(bill.until())) {
      after.add(usage);
    } else {
      cells.computeIfAbsent(keyOf(usage, day), Cell::new).add(usage);
    }
  }

  /** The cell that usage belongs to, were it of that day. */
  Cell.Key keyOf(EstimatedUsage usage, LocalDate day) {
    return key(day, usage.project(), usage.model(), billedAs(usage.bucket()));
  }

  private Cell.Key key(LocalDate day, @Nullable String project, String model, Bucket bucket) {
    return new Cell.Key(day, hasProjects ? project : null, model, bucket);
  }

  /** The bucket under which the bill has it. */
  Bucket billedAs(Bucket bucket) {
    if (!billedBuckets.contains(bucket)) {
      for (Bucket whole : bucket.wholes()) {
        if (billedBuckets.contains(whole)) {
          return whole;
        }
      }
    }
    return bucket;
  }

  /** All cells; first those of the bill, in its order. */
  Collection<Cell> cells() {
    return cells.values();
  }

  /** The other buckets of the same day, project and model. */
  List<Cell> others(Cell cell) {
    Cell.Key key = cell.key();
    List<Cell> others = new ArrayList<>();
    for (Bucket bucket : Bucket.values()) {
      Cell other = cells.get(new Cell.Key(key.day(), key.project(), key.model(), bucket));
      if (other != null && bucket != key.bucket()) {
        others.add(other);
      }
    }
    return others;
  }

  /** The cell and those of other days of its project, model and bucket. */
  List<Cell> daysOf(Cell cell) {
    Cell.Key key = cell.key();
    return bill.from()
        .datesUntil(bill.until())
        .map(day -> cells.get(new Cell.Key(day, key.project(), key.model(), key.bucket())))
        .filter(Objects::nonNull)
        .toList();
  }

  /** Usage before the first billed day. */
  List<EstimatedUsage> before() {
    return before;
  }

  /** Usage after the last billed day. */
  List<EstimatedUsage> after() {
    return after;
  }
}
