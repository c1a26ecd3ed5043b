package dev.tributary.anomaly.core.explain;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Slices found against slices changed, over many cases: F1 of the set, recall in the first k. */
final class CauseScore {
  private int hits;
  private int wrong;
  private int missed;
  private int exact;
  private int cases;
  private double recallAtTrue;

  void add(CauseCases.Case truth, List<Slice> found) {
    Set<Map<String, String>> causes =
        found.stream()
            .filter(Slice::isCause)
            .map(slice -> new TreeMap<>(slice.values()))
            .collect(Collectors.toSet());
    long hit = causes.stream().filter(truth.causes()::contains).count();
    hits += (int) hit;
    wrong += (int) (causes.size() - hit);
    missed += (int) (truth.causes().size() - hit);
    exact += causes.equals(truth.causes()) ? 1 : 0;
    cases++;
    long first =
        found.stream()
            .limit(truth.causes().size())
            .filter(slice -> truth.causes().contains(new TreeMap<>(slice.values())))
            .count();
    recallAtTrue += (double) first / truth.causes().size();
  }

  double f1() {
    return 2.0 * hits / Math.max(1, 2 * hits + wrong + missed);
  }

  /** Share of the cases in which exactly the changed slices were named. */
  double exact() {
    return (double) exact / cases;
  }

  /** Mean recall among as many first slices as were changed. */
  double recall() {
    return recallAtTrue / cases;
  }

  @Override
  public String toString() {
    return "F1 %.3f exact %.3f recall@k %.3f (%d cases, %d hits, %d wrong, %d missed)"
        .formatted(f1(), exact(), recall(), cases, hits, wrong, missed);
  }
}
