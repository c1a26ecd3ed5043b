package dev.tributary.anomaly.core.group;

import dev.tributary.anomaly.core.explain.CellTable;
import dev.tributary.anomaly.core.explain.CostSplit;
import dev.tributary.anomaly.core.explain.DominantSlice;
import dev.tributary.anomaly.core.explain.Factor;
import dev.tributary.anomaly.core.explain.Slice;
import dev.tributary.anomaly.core.explain.SliceSearch;
import dev.tributary.anomaly.core.group.CellComparison.BucketShare;
import dev.tributary.anomaly.core.group.CellComparison.Ratio;
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

  /** A price bucket with so much of the change of a slice's cost is told with it. */
  private static final double MOST_OF_A_SLICE = 0.8;

  private final CellComparison cells;

  /**
   * @param before cells of the series before
   * @param after cells of the series since
   */
  public Explainer(List<CellFact> before, List<CellFact> after) {
    this.cells = new CellComparison(before, after);
  }

  /** Causes, the most telling first; without cells only what was new. */
  public List<NamedCause> causes(Finding finding, List<Change> changes) {
    if (cells.isOneSided()) {
      return news(changes, List.of()); // what is judged by the hour outlives its cells
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
    CostSplit perStep = cells.split();
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
                      Math.abs(share) >= LEAST_SHARE ? evidence(effect.getKey()) : ""));
            });
    return causes;
  }

  /** What moved, in words. */
  private String evidence(Factor factor) {
    Ratio calls = cells.perStep(c -> (double) c.calls());
    Ratio tokens =
        cells.ratio(c -> (double) c.tokens(true) + c.tokens(false), c -> (double) c.calls());
    Ratio price =
        cells.ratio(c -> c.cost().doubleValue(), c -> (double) c.tokens(true) + c.tokens(false));
    Ratio cache =
        cells.ratio(
            c -> c.tokens().getOrDefault("in.cache_read", 0L), c -> (double) c.tokens(true));
    return switch (factor) {
      case VOLUME -> "calls " + percent(calls.before(), calls.after());
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

  /**
   * The slices that carry the change. Where a prompt version is new, cells are compared without it:
   * the old one's cells are all gone and the new one's all new, whatever else moved; it is added to
   * the slice when it makes most of what the slice is now.
   */
  List<NamedCause> slices(SeriesMetric metric) {
    CellTable table = cells.table(metric);
    List<NamedCause> causes = new ArrayList<>();
    if (table == null || table.relativeChange() < LEAST_CHANGE) {
      return causes;
    }
    List<DominantSlice.Carrier> dominant = DominantSlice.find(table);
    if (!dominant.isEmpty()) {
      String evidence = dominant.size() == 1 ? "carries it by itself" : "carries it with others";
      dominant.forEach(one -> causes.add(slice(metric, one.values(), one.share(), evidence)));
      return causes;
    }
    List<Slice> found = SliceSearch.search(table);
    // All of the series moved: nothing narrower carries it.
    boolean isWhole = found.stream().anyMatch(slice -> slice.values().isEmpty());
    for (Slice slice : found) {
      if (!isWhole && slice.isCause() && causes.size() < MOST_SLICES) {
        causes.add(
            slice(
                metric,
                slice.values(),
                slice.share(),
                String.format(Locale.ROOT, "score %.2f", slice.score())));
      }
    }
    if (causes.isEmpty() && cells.newVersion(Map.of()) != null) {
      causes.add(slice(metric, Map.of(), 1, "is new everywhere"));
    }
    return causes;
  }

  private NamedCause slice(
      SeriesMetric metric, Map<String, String> values, double share, String evidence) {
    Map<String, String> named = new TreeMap<>(values);
    String version = cells.newVersion(values);
    if (version != null) {
      named.put(CellComparison.PROMPT_VERSION, version);
    }
    BucketShare most = metric.family() == Family.COST ? cells.bucket(values) : null;
    String ofBucket = most == null || most.share() < MOST_OF_A_SLICE ? "" : ofIt(most);
    return new NamedCause(NamedCause.SLICE, named, null, share, evidence + ofBucket);
  }

  private static String ofIt(BucketShare most) {
    return most.share() > 0.995
        ? ", all of it " + most.bucket()
        : String.format(Locale.ROOT, ", %.0f %% of it %s", 100 * most.share(), most.bucket());
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
      if (!change.subject().isEmpty()) {
        slice.put(change.subjectLabel(), change.subject());
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
                  + change.text()
                  + " first seen "
                  + Times.clock(change.seenUs())));
    }
    return causes;
  }
}
