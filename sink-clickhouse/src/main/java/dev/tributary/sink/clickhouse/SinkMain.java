package dev.tributary.sink.clickhouse;

import dev.tributary.runtime.run.ClientProcess;
import dev.tributary.runtime.run.ExitCode;

/** The sink as a process of its own. */
public final class SinkMain {
  private SinkMain() {}

  /** Arguments: none, or {@code --config FILE}. Exit codes: see {@link ExitCode}. */
  public static void main(String[] args) {
    System.exit(
        ClientProcess.run(SinkConfig.NAME, SinkConfig.allSettings(), ClickHouseSink::start, args));
  }
}
