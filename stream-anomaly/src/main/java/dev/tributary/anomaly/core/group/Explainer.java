package dev.tributary.anomaly.core.group;

import dev.tributary.anomaly.core.explain.BucketCost;
import dev.tributary.anomaly.core.explain.CellCost;
import dev.tributary.anomaly.core.explain.CellTable;
import dev.tributary.anomaly.core.explain.CostSplit;
import dev.tributary.anomaly.core.explain.DominantSlice;
import dev.tributary.anomaly.core.explain.Factor;
import dev.tributary.anomaly.core.explain.Slice;
import dev.tributary.anomaly.core.explain.SliceSearch;
import dev.tributary.anomaly.core.series.Family;
import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.anomaly.core.series.SeriesMetric;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Says why a series moved: the exact split of the cost, the slice of cells that carries the change,
 * and what was new. Before is the hour before the first suspicious step, after is the episode.
 */
public final class Explainer {
  /** Causes that are told of a split: smaller ones are noise. */
  private static final double LEAST_SHARE = 0.1;

  /** Cells that moved less than this in all have no cause to be named. */
  private static final double LEAST_CHANGE = 0.2;

  private static final int MOST_SLICES = 3;
  private static final String PROMPT_VERSION = "prompt_version";

  private final List<CellFact> before;
  private final List<CellFact> after;
  private final long stepsBefore;
  private final long stepsAfter;

  /**
   * @param before cells of the series before
   * @param after cells of the series since
   */
  public Explainer(List<CellFact> before, List<CellFact> after) {
    this.before = before;
    this.after = after;
    this.stepsBefore = steps(before);
    this.stepsAfter = steps(after);
  }

  private static long steps(List<CellFact> cells) {
    return cells.stream().mapToLong(CellFact::startUs).distinct().count();
  }

  /** Causes, the most telling first; empty where the cells show no change. */
  public List<NamedCause> causes(Finding finding, List<Change> changes) {
    if (stepsBefore == 0 || stepsAfter == 0) {
      return List.of();
    }
    SeriesMetric metric = SeriesMetric.ofName(finding.metric());
    List<NamedCause> causes = new ArrayList<>();
    if (metric != null && metric.family() == Family.COST) {
      causes.addAll(split());
    }
    List<NamedCause> slices = metric == null ? List.of() : slices(metric);
    causes.addAll(slices);
    causes.addAll(news(changes, slices));
    return causes;
  }

  private List<NamedCause> split() {
    CostSplit split = CostSplit.of(costs(before, stepsAfter), costs(after, stepsBefore));
    CostSplit perStep = split.per(stepsBefore * stepsAfter);
    List<NamedCause> causes = new ArrayList<>();
    if (perStep.change().signum() == 0) {
      return causes;
    }
    double change = perStep.change().doubleValue();
    perStep.effects().entrySet().stream()
        .filter(effect -> effect.getValue().signum() != 0)
        .sorted(
            Comparator.comparing((Map.Entry<Factor, BigDecimal> e) -> e.getValue().abs())
                .reversed()
                .thenComparing(Map.Entry::getKey))
        .forEach(
            effect -> {
              double share = effect.getValue().doubleValue() / change;
              causes.add(
                  new NamedCause(
                      effect.getKey().name().toLowerCase(Locale.ROOT),
                      Map.of(),
                      effect.getValue(),
                      share,
                      Math.abs(share) >= LEAST_SHARE ? evidence(effect.getKey(), Map.of()) : ""));
            });
    return causes;
  }

  /** What moved, in words; over the cells of a slice. */
  String evidence(Factor factor, Map<String, String> slice) {
    Ratio calls = new Ratio(c -> (double) c.calls(), c -> 0, slice);
    Ratio tokens =
        new Ratio(c -> (double) c.tokens(true) + c.tokens(false), c -> (double) c.calls(), slice);
    Ratio price =
        new Ratio(
            c -> c.cost().doubleValue(), c -> (double) c.tokens(true) + c.tokens(false), slice);
    Ratio cache =
        new Ratio(
            c -> c.tokens().getOrDefault("in.cache_read", 0L), c -> (double) c.tokens(true), slice);
    return switch (factor) {
      case VOLUME -> "calls " + percent(calls.before / stepsBefore, calls.after / stepsAfter);
      case TOKENS_PER_CALL -> "tokens per call " + percent(tokens.before(), tokens.after());
      case PRICE -> "cost per token " + percent(price.before(), price.after());
      case CACHE ->
          String.format(
              Locale.ROOT,
              "cache hits from %.0f %% to %.0f %%",
              100 * cache.before(),
              100 * cache.after());
      case MIX -> "calls moved to dearer cells";
      case NEW -> "cells that were not there before";
      case GONE -> "cells that are there no more";
      case OTHER -> "cost without tokens";
    };
  }

  private static String percent(double before, double after) {
    return before > 0
        ? String.format(Locale.ROOT, "%+.0f %%", 100 * (after / before - 1))
        : "from nothing";
  }

  /** A ratio of sums over the cells of a slice, before and after. */
  private final class Ratio {
    private double before;
    private double after;
    private double countBefore;
    private double countAfter;

    Ratio(
        ToDoubleFunction<CellFact> value,
        ToDoubleFunction<CellFact> count,
        Map<String, String> slice) {
      for (CellFact cell : Explainer.this.before) {
        if (isIn(cell, slice)) {
          before += value.applyAsDouble(cell);
          countBefore += count.applyAsDouble(cell);
        }
      }
      for (CellFact cell : Explainer.this.after) {
        if (isIn(cell, slice)) {
          after += value.applyAsDouble(cell);
          countAfter += count.applyAsDouble(cell);
        }
      }
    }

    double before() {
      return countBefore > 0 ? before / countBefore : 0;
    }

    double after() {
      return countAfter > 0 ? after / countAfter : 0;
    }
  }

  private static boolean isIn(CellFact cell, Map<String, String> slice) {
    return slice.entrySet().stream()
        .allMatch(wanted -> wanted.getValue().equals(cell.dimensions().get(wanted.getKey())));
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
      sums.merge(key.toString(), cell, Explainer::plus);
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

  /**
   * The slices that carry the change. Where a prompt version is new, cells are compared without it:
   * the old one's cells are all gone and the new one's all new, whatever else moved; it is added to
   * the slice when it makes most of what the slice is now.
   */
  List<NamedCause> slices(SeriesMetric metric) {
    CellTable table = table(metric);
    List<NamedCause> causes = new ArrayList<>();
    if (table == null || table.relativeChange() < LEAST_CHANGE) {
      return causes;
    }
    Map<String, String> dominant = DominantSlice.find(table);
    if (!dominant.isEmpty()) {
      causes.add(slice(dominant, 1, "carries it by itself"));
      return causes;
    }
    for (Slice slice : SliceSearch.search(table)) {
      if (slice.isCause() && causes.size() < MOST_SLICES) {
        causes.add(
            slice(
                slice.values(),
                slice.share(),
                String.format(Locale.ROOT, "score %.2f", slice.score())));
      }
    }
    if (causes.isEmpty() && newVersion(Map.of()) != null) {
      causes.add(slice(Map.of(), 1, "is new everywhere"));
    }
    return causes;
  }

  private NamedCause slice(Map<String, String> values, double share, String evidence) {
    Map<String, String> named = new TreeMap<>(values);
    String version = newVersion(values);
    if (version != null) {
      named.put(PROMPT_VERSION, version);
    }
    return new NamedCause(NamedCause.SLICE, named, null, share, evidence);
  }

  /** A version that was not there before and makes most of a slice's calls now; null: none. */
  private @Nullable String newVersion(Map<String, String> slice) {
    TreeSet<String> known = new TreeSet<>();
    before.forEach(cell -> known.add(version(cell)));
    Map<String, Long> calls = new TreeMap<>();
    long all = 0;
    for (CellFact cell : after) {
      if (isIn(cell, slice)) {
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

  private @Nullable CellTable table(SeriesMetric metric) {
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
          count == null ? 0 : scale * count.applyAsDouble(cell));
    }
  }

  /** What was new, if it lies in what changed. */
  private static List<NamedCause> news(List<Change> changes, List<NamedCause> slices) {
    List<NamedCause> causes = new ArrayList<>();
    for (Change change : changes) {
      Map<String, String> slice = new TreeMap<>();
      slice.put(CellFact.FEATURE, change.feature());
      if (!change.kind().equals("rate_card")) {
        slice.put(change.kind(), change.value());
      }
      boolean isInSlice =
          slices.stream()
              .anyMatch(cause -> change.value().equals(cause.slice().get(change.kind())));
      causes.add(
          new NamedCause(
              change.kind(),
              slice,
              null,
              Double.NaN,
              (isInSlice ? "in the slice; " : "")
                  + change.value()
                  + " first seen "
                  + Times.clock(change.seenUs())));
    }
    return causes;
  }
}
