package dev.tributary.anomaly.scenario;

import dev.tributary.anomaly.core.group.CellFact;
import dev.tributary.anomaly.core.group.CellFacts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The explanation alone, on the kit's cells: {@code CauseKit [SEED [WINDOWS]]} prints for each
 * scenario how often its slice came first, after so many windows.
 */
public final class CauseKit {
  private static final int START = 2_000;
  private static final int BEFORE = 12;

  private CauseKit() {}

  /** Seed and windows of the episode, optional. */
  public static void main(String[] args) {
    long seed = args.length > 0 ? Long.parseLong(args[0]) : 1;
    int windows = args.length > 1 ? Integer.parseInt(args[1]) : 6;
    boolean isVerbose = args.length > 2;
    int right = 0;
    int all = 0;
    int named = 0;
    int doubled = 0;
    int doubledRight = 0;
    Map<Scenario, int[]> counts = new TreeMap<>();
    for (int number = 0; number < 80; number++) {
      KitSeries series = new KitSeries(seed, 10 * number + (number % 9 == 5 ? 4 : 0));
      Random random = series.random();
      KitFeature feature = series.feature();
      Scenario scenario = Scenario.of(Watched.SPEND).get(number % 9);
      double most = Math.max(2.2, Math.min(10, feature.most(scenario)));
      double factor = 2.2 * Math.pow(most / 2.2, random.nextDouble());
      Injection injection = new Injection(scenario, START, START + windows, factor);
      List<CellFact> before = facts(feature, START - 1 - BEFORE, START - 1, null, random);
      List<CellFact> after = facts(feature, START, START + windows, injection, random);
      List<Map<String, String>> slices = CellFacts.slices(before, after);
      Map<String, String> first = slices.isEmpty() ? Map.of() : slices.get(0);
      boolean isRight = KitVerdict.isRight(scenario, feature, first);
      int[] count = counts.computeIfAbsent(scenario, key -> new int[2]);
      boolean isDouble = cost(after) / windows >= 2 * cost(before) / BEFORE;
      doubled += isDouble ? 1 : 0;
      doubledRight += isDouble && isRight ? 1 : 0;
      count[0]++;
      count[1] += isRight ? 1 : 0;
      all++;
      right += isRight ? 1 : 0;
      if (isVerbose && !isRight) {
        System.out.printf(
            "%s factor %.1f calls %.0f wanted %s got %s%n",
            scenario, factor, feature.shape().calls(), feature.slice(scenario), slices);
      }
      List<CellFact> quiet = facts(feature, START, START + windows, null, random);
      named += CellFacts.slices(before, quiet).isEmpty() ? 0 : 1;
    }
    counts.forEach(
        (scenario, count) -> System.out.println(scenario + " " + count[1] + "/" + count[0]));
    System.out.printf(
        "seed %d, %d windows: right %d of %d, named for nothing %d; of those whose cost doubled %d of"
            + " %d%n",
        seed, windows, right, all, named, doubledRight, doubled);
  }

  private static double cost(List<CellFact> cells) {
    return cells.stream()
        .flatMap(cell -> cell.costs().values().stream())
        .mapToDouble(BigDecimal::doubleValue)
        .sum();
  }

  private static List<CellFact> facts(
      KitFeature feature, int from, int to, @Nullable Injection injection, Random random) {
    List<CellFact> facts = new ArrayList<>();
    for (int window = from; window < to; window++) {
      feature
          .draw(window, injection, random)
          .cells(feature)
          .forEach(cell -> facts.add(CellFacts.of(cell)));
    }
    return facts;
  }
}
