package dev.tributary.anomaly.core.group;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Traces to open: the dearest call since, a typical one before and a typical one since, all of the
 * slice that is named first, else of all cells. Typical is, of the calls that cells have by chance,
 * the one whose cost is nearest to the mean cost of a call.
 */
final class ExampleTraces {
  private static final Comparator<ExampleCall> BY_COST =
      Comparator.comparing(ExampleCall::cost)
          .thenComparing(ExampleCall::traceId, Comparator.reverseOrder());

  private ExampleTraces() {}

  /**
   * Trace ids: dearest, typical before (left out where there was none), typical since. Empty where
   * no call since is known.
   */
  static List<String> of(List<CellFact> before, List<CellFact> after, List<NamedCause> causes) {
    Map<String, String> slice =
        causes.stream()
            .filter(cause -> cause.driver().equals(NamedCause.SLICE))
            .findFirst()
            .map(NamedCause::slice)
            .orElse(Map.of());
    List<CellFact> since = in(after, slice);
    ExampleCall dearest = calls(since, CellFact::dearest).stream().max(BY_COST).orElse(null);
    ExampleCall typical = typical(since);
    if (dearest == null || typical == null) {
      return List.of();
    }
    List<String> traces = new ArrayList<>();
    traces.add(dearest.traceId());
    ExampleCall typicalBefore = typical(ofOld(before, slice));
    if (typicalBefore != null) {
      traces.add(typicalBefore.traceId());
    }
    traces.add(typical.traceId());
    return traces;
  }

  private static List<CellFact> in(List<CellFact> cells, Map<String, String> slice) {
    return cells.stream().filter(cell -> cell.isIn(slice)).toList();
  }

  /** The slice as it was before: a prompt version that is new stands for those it succeeds. */
  private static List<CellFact> ofOld(List<CellFact> before, Map<String, String> slice) {
    List<CellFact> same = in(before, slice);
    if (!same.isEmpty()) {
      return same;
    }
    Map<String, String> older = new TreeMap<>(slice);
    older.remove(CellComparison.PROMPT_VERSION);
    return in(before, older);
  }

  private static @Nullable ExampleCall typical(List<CellFact> cells) {
    long priced = cells.stream().mapToLong(CellFact::pricedCalls).sum();
    double cost =
        cells.stream().map(CellFact::cost).reduce(BigDecimal.ZERO, BigDecimal::add).doubleValue();
    double mean = priced > 0 ? cost / priced : 0;
    return calls(cells, CellFact::byChance).stream()
        .min(
            Comparator.comparingDouble(
                    (ExampleCall call) -> Math.abs(call.cost().doubleValue() - mean))
                .thenComparing(ExampleCall::traceId))
        .orElse(null);
  }

  private static List<ExampleCall> calls(
      List<CellFact> cells, Function<CellFact, @Nullable ExampleCall> which) {
    return cells.stream().map(which).filter(Objects::nonNull).toList();
  }
}
