package dev.tributary.attribution;

import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.runtime.run.StreamsRunner;

/** Runs attribution as a process of its own. */
public final class AttributionMain {
  /** The application: {@code llm.spans} to {@code llm.ledger}, {@code llm.traces} and more. */
  public static final StreamsApp APP =
      new StreamsApp(
          AttributionTopology.MODULE, AttributionConfig.SETTINGS, AttributionTopology::build);

  private AttributionMain() {}

  public static void main(String[] args) {
    System.exit(StreamsRunner.run(APP, args));
  }
}
