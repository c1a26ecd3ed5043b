package dev.tributary.normalize;

import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.runtime.run.StreamsRunner;

/** The application as a process of its own. */
public final class NormalizeMain {
  /** The application. */
  public static final StreamsApp APP =
      new StreamsApp(NormalizeMetrics.MODULE, NormalizeConfig.SETTINGS, NormalizeTopology::build);

  private NormalizeMain() {}

  /** Runs until a signal; {@code --config FILE} names a configuration file. */
  public static void main(String[] args) {
    System.exit(StreamsRunner.run(APP, args));
  }
}
