package dev.tributary.pricing.reconcile;

import dev.tributary.pricing.Bucket;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Finds uncached input that contains the cached tokens a second time, which instrumentations do
 * that take a provider's inclusive count for an exclusive one.
 *
 * <p>A model's calls are taken for counted so where it holds of all its days and projects that
 * without the cached tokens the ledger has no more input than was billed; and what it then lacks
 * must be lacking in other buckets as well, because whole calls get lost and not their input. Where
 * calls are counted so only in part, too much of uncached input and of nothing else is the sign.
 */
final class Overcount {
  private static final BigDecimal HALF = new BigDecimal("0.5");

  private final CellTable table;
  private final Precision precision;

  /** Differences of quantity by cell, as amounts. */
  private final Map<Cell.Key, BigDecimal> quantities = new HashMap<>();

  private Overcount(CellTable table, List<Part> parts, Precision precision) {
    this.table = table;
    this.precision = precision;
    for (Part part : parts) {
      if (isQuantity(part)) {
        quantities.merge(part.cell().key(), part.amount(), BigDecimal::add);
      }
    }
  }

  /** The same parts, with what was counted twice in parts of its own. */
  static List<Part> split(CellTable table, List<Part> parts, Precision precision) {
    Overcount overcount = new Overcount(table, parts, precision);
    Map<String, Predicate<Bucket>> counted = overcount.countedTwice(parts);
    List<Part> split = new ArrayList<>();
    for (Part part : parts) {
      Cell.Key key = part.cell().key();
      Predicate<Bucket> cached = counted.get(key.model());
      if (!isQuantity(part) || !isInput(part.cell())) {
        split.add(part);
      } else if (cached != null) {
        BigDecimal twice = overcount.worth(part.cell(), cached);
        split.add(new Part(part.cell(), Cause.QUANTITY_OVERCOUNT_UNCACHED_INPUT, twice.negate()));
        split.add(new Part(part.cell(), Cause.UNTRACKED_USAGE, part.amount().add(twice)));
      } else {
        boolean isPartly = overcount.isPartly(part);
        split.add(
            isPartly
                ? new Part(part.cell(), Cause.QUANTITY_OVERCOUNT_UNCACHED_INPUT, part.amount())
                : part);
      }
    }
    return split;
  }

  private static boolean isQuantity(Part part) {
    return part.cause() == Cause.UNTRACKED_USAGE || part.cause() == Cause.NOT_BILLED;
  }

  private static boolean isInput(Cell cell) {
    return cell.key().bucket() == Bucket.INPUT_UNCACHED && cell.isComparable();
  }

  /** Models whose uncached input contains cached tokens, with the buckets that it contains. */
  private Map<String, Predicate<Bucket>> countedTwice(List<Part> parts) {
    Map<String, Predicate<Bucket>> models = new LinkedHashMap<>();
    for (Part part : parts) {
      if (isInput(part.cell()) && part.cause() == Cause.NOT_BILLED) {
        String model = part.cell().key().model();
        if (isAllOf(model, Overcount::isCached)) {
          models.put(model, Overcount::isCached);
        } else if (isAllOf(model, bucket -> bucket == Bucket.CACHE_READ)) {
          models.put(model, bucket -> bucket == Bucket.CACHE_READ);
        }
      }
    }
    return models;
  }

  private static boolean isCached(Bucket bucket) {
    return bucket.isInput() && bucket != Bucket.INPUT_UNCACHED;
  }

  private boolean isAllOf(String model, Predicate<Bucket> cached) {
    List<Cell> withCached =
        table.cells().stream()
            .filter(cell -> isInput(cell) && cell.key().model().equals(model))
            .filter(cell -> tokens(cell, cached) > 0)
            .toList();
    // A model of which nothing was cached would be counted so in all of nothing.
    return !withCached.isEmpty()
        && withCached.stream().allMatch(cell -> isCountedTwice(cell, cached));
  }

  private boolean isCountedTwice(Cell cell, Predicate<Bucket> cached) {
    BigDecimal quantity = quantities.get(cell.key());
    if (quantity == null) {
      return false;
    }
    BigDecimal left =
        quantity
            .divide(cell.unitPrice(), Cell.DIGITS)
            .add(BigDecimal.valueOf(tokens(cell, cached)));
    boolean isNothingLeft = left.abs().compareTo(HALF) < 0;
    boolean isOtherMore = false;
    boolean isOtherLess = false;
    for (Cell other : table.others(cell)) {
      int sign = quantities.getOrDefault(other.key(), BigDecimal.ZERO).signum();
      isOtherMore |= sign > 0;
      isOtherLess |= sign < 0;
    }
    return isNothingLeft || (left.signum() > 0 && isOtherMore && !isOtherLess);
  }

  /** Too much of uncached input, at most what was cached, and everything else as billed. */
  private boolean isPartly(Part part) {
    Cell cell = part.cell();
    List<Cell> others = table.others(cell);
    BigDecimal excess = part.amount().negate().divide(cell.unitPrice(), Cell.DIGITS);
    return excess.signum() > 0
        && !others.isEmpty()
        && excess.setScale(0, RoundingMode.HALF_EVEN).longValue()
            <= tokens(cell, Overcount::isCached)
        && others.stream().allMatch(precision::isEqual);
  }

  private long tokens(Cell cell, Predicate<Bucket> buckets) {
    return table.others(cell).stream()
        .filter(other -> buckets.test(other.key().bucket()))
        .mapToLong(Cell::priced)
        .sum();
  }

  private BigDecimal worth(Cell cell, Predicate<Bucket> cached) {
    return BigDecimal.valueOf(tokens(cell, cached))
        .multiply(cell.unitPrice(), Cell.DIGITS)
        .setScale(18, RoundingMode.HALF_EVEN);
  }
}
