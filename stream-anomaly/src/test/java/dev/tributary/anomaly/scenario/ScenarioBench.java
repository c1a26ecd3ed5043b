package dev.tributary.anomaly.scenario;

import dev.tributary.anomaly.scenario.ScenarioKit.Options;

/**
 * Prints what the topology makes of the whole scenario kit: {@code ScenarioBench [SEED ...]}. The
 * README's table is the default; constants were chosen on seed 1.
 */
public final class ScenarioBench {
  private static final int FEATURES = Integer.getInteger("tributary.kit.features", 60);
  private static final int WEEKS = Integer.getInteger("tributary.kit.weeks", 3);

  private ScenarioBench() {}

  /** Seeds, optional. */
  public static void main(String[] args) {
    long[] seeds = args.length == 0 ? new long[] {71, 72, 73} : new long[args.length];
    for (int i = 0; i < args.length; i++) {
      seeds[i] = Long.parseLong(args[i]);
    }
    System.out.println(ScenarioTable.header());
    for (long seed : seeds) {
      print("2.2x to 10x", new Options(FEATURES, WEEKS, seed, true, 2.2, 10));
    }
    if (Boolean.getBoolean("tributary.kit.short")) {
      return;
    }
    print("2.0x to 2.2x", new Options(FEATURES, WEEKS, seeds[0], true, 2.0, 2.2));
    print("no season", new Options(FEATURES, WEEKS, seeds[0], false, 2.2, 10));
    print("nothing injected", new Options(FEATURES, WEEKS, seeds[0], true, 1, 1));
  }

  private static void print(String name, Options options) {
    ScenarioTable table = ScenarioKit.run(options);
    System.out.println(table.row("seed " + options.seed() + ", " + name));
    System.err.println(table.causes());
  }
}
