package dev.tributary.evaldispatch;

import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.runtime.run.StreamsRunner;

/** The process: closed traces to evaluation jobs, results to scores. */
public final class DispatchMain {
  /** The application. */
  public static final StreamsApp APP =
      new StreamsApp("eval-dispatch", DispatchConfig.SETTINGS, DispatchTopology::build);

  private DispatchMain() {}

  /** Runs until a signal or a fault. */
  public static void main(String[] args) {
    System.exit(StreamsRunner.run(APP, args));
  }
}
