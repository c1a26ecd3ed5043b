package dev.tributary.anomaly.core.explain;

import java.util.Locale;

/**
 * Prints how often the search names the slices that were changed: {@code CauseBench [CASES
 * [SEED]]}. The README's table is 40 cases from seed 90000, which no constant was chosen on.
 */
public final class CauseBench {
  private static final double[] RESIDUALS = {0.03, 0.08, 0.15};

  private CauseBench() {}

  /** Cases per line and first seed, both optional. */
  public static void main(String[] args) {
    int cases = args.length > 0 ? Integer.parseInt(args[0]) : 40;
    long seed = args.length > 1 ? Long.parseLong(args[1]) : 90_000;
    synthetic("S", CauseCases.Shape.S, cases, seed);
    synthetic("L", CauseCases.Shape.L, cases, seed);
    for (double residual : RESIDUALS) {
      for (int layer = 1; layer <= 3; layer++) {
        CauseScore score = new CauseScore();
        for (int i = 0; i < cases; i++) {
          CauseCases.Case truth =
              CauseCases.squeeze(layer, 1 + i % 3, residual, seed + 1000L * layer + i);
          score.add(truth, SliceSearch.search(truth.table()));
        }
        System.out.printf(Locale.ROOT, "B residual %.2f layer %d: %s%n", residual, layer, score);
      }
    }
  }

  private static void synthetic(String name, CauseCases.Shape shape, int cases, long seed) {
    CauseScore score = new CauseScore();
    for (int i = 0; i < cases; i++) {
      CauseCases.Case truth = CauseCases.synthetic(shape, seed + i);
      score.add(truth, SliceSearch.search(truth.table()));
    }
    System.out.println(name + ": " + score);
  }
}
