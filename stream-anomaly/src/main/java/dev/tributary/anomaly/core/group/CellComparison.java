package dev.tributary.anomaly.core.group;

import dev.tributary.anomaly.core.explain.BucketCost;
import dev.tributary.anomaly.core.explain.CellCost;
import dev.tributary.anomaly.core.explain.CellTable;
import dev.tributary.anomaly.core.explain.CostSplit;
import dev.tributary.anomaly.core.series.SeriesMetric;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The cells of a series before and since, made comparable: the two sides cover different numbers of
 * steps, and a new prompt version stands for the one it succeeds.
 */
final class CellComparison {
  static final String PROMPT_VERSION = "prompt_version";

  private final List<CellFact> before;
  private final List<CellFact> after;
  private final long stepsBefore;
  private final long stepsAfter;

  CellComparison(List<CellFact> before, List<CellFact> after) {
    this.before = before;
    this.after = after;
    this.stepsBefore = steps(before);
    this.stepsAfter = steps(after);
  }

  /**
   * A price bucket of a change.
   *
   * @param share above 1 where others go the other way
   */
  record BucketShare(String bucket, double share) {}

  /** A number on both sides; 0 where there is nothing to divide by. */
  record Ratio(double before, double after) {}

  private static long steps(List<CellFact> cells) {
    return cells.stream().mapToLong(CellFact::startUs).distinct().count();
  }

  /** Whether there is nothing to compare with. */
  boolean isOneSided() {
    return stepsBefore == 0 || stepsAfter == 0;
  }

  /** The exact split of the change of the cost, per step. */
  CostSplit split() {
    CostSplit split = CostSplit.of(costs(before, stepsAfter), costs(after, stepsBefore));
    return split.per(stepsBefore * stepsAfter);
  }

  /** A sum over the cells, per step. */
  Ratio perStep(ToDoubleFunction<CellFact> value) {
    return new Ratio(sum(before, value) / stepsBefore, sum(after, value) / stepsAfter);
  }

  /** A ratio of sums over the cells. */
  Ratio ratio(ToDoubleFunction<CellFact> value, ToDoubleFunction<CellFact> count) {
    double countBefore = sum(before, count);
    double countAfter = sum(after, count);
    return new Ratio(
        countBefore > 0 ? sum(before, value) / countBefore : 0,
        countAfter > 0 ? sum(after, value) / countAfter : 0);
  }

  /** The price bucket with the largest part of the change of a slice's cost; null: no change. */
  @Nullable BucketShare bucket(Map<String, String> slice) {
    Map<String, Double> changes = new TreeMap<>();
    add(changes, before, -1.0 / stepsBefore, slice);
    add(changes, after, 1.0 / stepsAfter, slice);
    double all = changes.values().stream().mapToDouble(Double::doubleValue).sum();
    if (all == 0) {
      return null;
    }
    return changes.entrySet().stream()
        .map(change -> new BucketShare(change.getKey(), change.getValue() / all))
        .max(Comparator.comparingDouble(BucketShare::share))
        .orElse(null);
  }

  private static void add(
      Map<String, Double> changes, List<CellFact> cells, double by, Map<String, String> slice) {
    for (CellFact cell : cells) {
      if (cell.isIn(slice)) {
        cell.costs()
            .forEach((name, cost) -> changes.merge(name, by * cost.doubleValue(), Double::sum));
      }
    }
  }

  private static double sum(List<CellFact> cells, ToDoubleFunction<CellFact> value) {
    return cells.stream().mapToDouble(value).sum();
  }

  /**
   * Cells by their dimensions, each sum times the other side's steps, so that no step is split.
   * Prompt versions succeed each other: a cell goes on in the next version, or each new one would
   * be all new and all gone and say nothing of tokens or prices.
   */
  private static Map<String, CellCost> costs(List<CellFact> cells, long times) {
    Map<String, CellFact> sums = new TreeMap<>();
    for (CellFact cell : cells) {
      Map<String, String> key = new TreeMap<>(cell.dimensions());
      key.remove(PROMPT_VERSION);
      sums.merge(key.toString(), cell, CellComparison::plus);
    }
    Map<String, CellCost> costs = new TreeMap<>();
    BigDecimal by = BigDecimal.valueOf(times);
    sums.forEach(
        (key, cell) -> {
          TreeSet<String> names = new TreeSet<>(cell.tokens().keySet());
          names.addAll(cell.costs().keySet());
          List<BucketCost> buckets = new ArrayList<>();
          for (String name : names) {
            BigDecimal tokens =
                BigDecimal.valueOf(Math.max(0, cell.tokens().getOrDefault(name, 0L)));
            BigDecimal cost = cell.costs().getOrDefault(name, BigDecimal.ZERO);
            buckets.add(
                new BucketCost(
                    name, name.startsWith("in."), tokens.multiply(by), cost.multiply(by)));
          }
          costs.put(key, new CellCost(Math.max(0, cell.calls()) * times, buckets));
        });
    return costs;
  }

  private static CellFact plus(CellFact a, CellFact b) {
    Map<String, Long> tokens = new TreeMap<>(a.tokens());
    b.tokens().forEach((bucket, count) -> tokens.merge(bucket, count, Long::sum));
    Map<String, BigDecimal> costs = new TreeMap<>(a.costs());
    b.costs().forEach((bucket, cost) -> costs.merge(bucket, cost, BigDecimal::add));
    return new CellFact(
        a.dimensions(),
        a.startUs(),
        a.calls() + b.calls(),
        a.errors() + b.errors(),
        a.pricedCalls() + b.pricedCalls(),
        tokens,
        costs,
        a.rateCards());
  }

  /** A version that was not there before and makes most of a slice's calls now; null: none. */
  @Nullable String newVersion(Map<String, String> slice) {
    TreeSet<String> known = new TreeSet<>();
    before.forEach(cell -> known.add(version(cell)));
    Map<String, Long> calls = new TreeMap<>();
    long all = 0;
    for (CellFact cell : after) {
      if (cell.isIn(slice)) {
        all += cell.calls();
        calls.merge(version(cell), cell.calls(), Long::sum);
      }
    }
    for (Map.Entry<String, Long> entry : calls.entrySet()) {
      if (!known.contains(entry.getKey()) && 2 * entry.getValue() > all) {
        return entry.getKey();
      }
    }
    return null;
  }

  private static String version(CellFact cell) {
    return cell.dimensions().getOrDefault(PROMPT_VERSION, "unattributed");
  }

  private boolean hasNewVersion() {
    TreeSet<String> known = new TreeSet<>();
    before.forEach(cell -> known.add(version(cell)));
    return after.stream().anyMatch(cell -> !known.contains(version(cell)));
  }

  /** Cells of both sides with the amounts of a metric; null: cells do not have them. */
  @Nullable CellTable table(SeriesMetric metric) {
    List<String> dimensions = varying();
    ToDoubleFunction<CellFact> calls = cell -> (double) cell.calls();
    return switch (metric) {
      case SPEND_PER_HOUR -> table(dimensions, cell -> cell.cost().doubleValue(), null);
      case CALLS -> table(dimensions, calls, null);
      case COST_PER_CALL_P95 -> table(dimensions, cell -> cell.cost().doubleValue(), calls);
      case INPUT_TOKENS_PER_CALL_P95 ->
          table(dimensions, cell -> (double) cell.tokens(true), calls);
      case OUTPUT_TOKENS_PER_CALL_P95 ->
          table(dimensions, cell -> (double) cell.tokens(false), calls);
      case CACHE_HIT_RATIO ->
          table(
              dimensions,
              cell -> (double) cell.tokens(true) - cell.tokens().getOrDefault("in.cache_read", 0L),
              cell -> (double) cell.tokens(true));
      case ERROR_SHARE -> table(dimensions, cell -> (double) cell.errors(), calls);
      case UNPRICED_SHARE ->
          table(dimensions, cell -> (double) cell.calls() - cell.pricedCalls(), calls);
      case TOOL_LOOP_SHARE,
          FALLBACK_SHARE,
          RETRY_SHARE,
          TOOL_FAILURE_SHARE,
          LATENCY_US_P95,
          TTFT_US_P95,
          REFUSAL_SHARE,
          LENGTH_SHARE,
          CONTENT_FILTER_SHARE,
          EMPTY_RETRIEVAL_SHARE,
          SCORE,
          UNTAGGED_SHARE ->
          null; // cells do not say
    };
  }

  /** Dimensions of which more than one value was seen. */
  private List<String> varying() {
    Map<String, TreeSet<String>> values = new TreeMap<>();
    for (List<CellFact> side : List.of(before, after)) {
      for (CellFact cell : side) {
        cell.dimensions()
            .forEach(
                (label, value) -> values.computeIfAbsent(label, key -> new TreeSet<>()).add(value));
      }
    }
    boolean isSwap = hasNewVersion();
    return values.entrySet().stream()
        .filter(entry -> entry.getValue().size() > 1)
        .map(Map.Entry::getKey)
        .filter(label -> !(label.equals(PROMPT_VERSION) && isSwap))
        .toList();
  }

  private @Nullable CellTable table(
      List<String> dimensions,
      ToDoubleFunction<CellFact> value,
      @Nullable ToDoubleFunction<CellFact> count) {
    if (dimensions.isEmpty()) {
      return null;
    }
    CellTable table = new CellTable(dimensions, count != null);
    add(table, false, before, stepsBefore, value, count);
    add(table, true, after, stepsAfter, value, count);
    return table;
  }

  /** Amounts of a step of the same length on both sides: an hour's worth of what was before. */
  private void add(
      CellTable table,
      boolean isAfter,
      List<CellFact> cells,
      long steps,
      ToDoubleFunction<CellFact> value,
      @Nullable ToDoubleFunction<CellFact> count) {
    double scale = (double) stepsAfter / steps;
    for (CellFact cell : cells) {
      List<String> values =
          table.names().stream()
              .map(label -> cell.dimensions().getOrDefault(label, "unattributed"))
              .toList();
      table.add(
          isAfter,
          values,
          scale * value.applyAsDouble(cell),
          count == null ? 0 : scale * count.applyAsDouble(cell),
          (double) cell.calls());
    }
  }
}
