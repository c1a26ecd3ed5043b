package dev.tributary.anomaly.scenario;

import dev.tributary.anomaly.scenario.ScenarioKit.Options;
import java.util.function.Function;

/**
 * Prints what is made of the scenario kit: {@code ScenarioBench [SEED ...]}. The first seed goes
 * through the topology and is explained; the others, and what is varied, through the rules alone,
 * which see the same windows. Constants were chosen on seeds 1 to 4.
 */
public final class ScenarioBench {
  private static final int SERIES = Integer.getInteger("tributary.kit.series", 60);
  private static final int WEEKS = Integer.getInteger("tributary.kit.weeks", 3);

  private ScenarioBench() {}

  /** Seeds, optional. */
  public static void main(String[] args) {
    long[] seeds =
        args.length == 0 ? new long[] {101, 102, 103, 104, 105, 106} : new long[args.length];
    for (int i = 0; i < args.length; i++) {
      seeds[i] = Long.parseLong(args[i]);
    }
    System.out.println(ScenarioTable.header());
    if (!Boolean.getBoolean("tributary.kit.rules")) {
      ScenarioTable table = print("2.2x to 10x", seeds[0], true, 2.2, 10, ScenarioKit::run);
      System.out.println('\n' + table.scenarios() + "\n\n" + ScenarioTable.header());
    }
    for (long seed : seeds) {
      print("rules, 2.2x to 10x", seed, true, 2.2, 10, ScenarioKit::judge);
    }
    print("rules, 2.0x to 2.2x", seeds[0], true, 2.0, 2.2, ScenarioKit::judge);
    print("rules, no season", seeds[0], false, 2.2, 10, ScenarioKit::judge);
    print("rules, nothing injected", seeds[0], true, 1, 1, ScenarioKit::judge);
  }

  private static ScenarioTable print(
      String name,
      long seed,
      boolean hasSeason,
      double least,
      double most,
      Function<Options, ScenarioTable> run) {
    ScenarioTable table = run.apply(new Options(0, SERIES, WEEKS, seed, hasSeason, least, most));
    System.out.println(table.row("seed " + seed + ", " + name));
    return table;
  }
}
