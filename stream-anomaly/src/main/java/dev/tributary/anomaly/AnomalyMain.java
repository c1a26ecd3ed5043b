package dev.tributary.anomaly;

import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.runtime.run.StreamsRunner;

/** The process: windows to episodes with causes, and alerts for their owners. */
public final class AnomalyMain {
  /** The application. */
  public static final StreamsApp APP =
      new StreamsApp("anomaly", AnomalyConfig.SETTINGS, AnomalyTopology::build);

  private AnomalyMain() {}

  /** Runs until a signal or a fault. */
  public static void main(String[] args) {
    System.exit(StreamsRunner.run(APP, args));
  }
}
