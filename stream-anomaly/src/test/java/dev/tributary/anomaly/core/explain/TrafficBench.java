package dev.tributary.anomaly.core.explain;

import java.util.List;
import java.util.Locale;

/**
 * Prints how often the search names what was changed in traffic, by kind: {@code TrafficBench
 * [CASES [SEED [KIND]]]}. Constants were chosen on seeds below 1 000.
 */
public final class TrafficBench {
  private TrafficBench() {}

  /** Cases per kind, first seed, one kind only; all optional. */
  public static void main(String[] args) {
    int cases = args.length > 0 ? Integer.parseInt(args[0]) : 25;
    long seed = args.length > 1 ? Long.parseLong(args[1]) : 70_000;
    List<CauseKind> kinds =
        args.length > 2 ? List.of(CauseKind.valueOf(args[2])) : List.of(CauseKind.values());
    double all = 0;
    for (CauseKind kind : kinds) {
      CauseScore score = new CauseScore();
      int named = 0;
      for (int i = 0; i < cases; i++) {
        CauseCases.Case truth = TrafficCases.of(kind, seed + i);
        List<Slice> found = SliceSearch.search(truth.table());
        score.add(truth, found);
        named += SliceSearch.search(TrafficCases.quiet(kind, seed + i)).isEmpty() ? 0 : 1;
        if (args.length > 2) {
          System.out.println(
              (seed + i)
                  + " "
                  + truth.table().size()
                  + " cells, wanted "
                  + truth.causes()
                  + " got "
                  + found.stream().filter(Slice::isCause).map(Slice::values).toList());
        }
      }
      all += score.f1() / kinds.size();
      System.out.println(kind + ": " + score + ", named for nothing " + named);
    }
    System.out.printf(Locale.ROOT, "mean of kinds %.3f%n", all);
  }
}
