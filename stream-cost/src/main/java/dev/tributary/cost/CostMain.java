package dev.tributary.cost;

import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.runtime.run.StreamsRunner;

/** The process: ledger to windows. */
public final class CostMain {
  /** The application. */
  public static final StreamsApp APP =
      new StreamsApp("cost", CostConfig.SETTINGS, CostTopology::build);

  private CostMain() {}

  /** Runs until a signal or a fault. */
  public static void main(String[] args) {
    System.exit(StreamsRunner.run(APP, args));
  }
}
