package dev.tributary.console;

import dev.tributary.runtime.run.ClientProcess;
import dev.tributary.runtime.run.ExitCode;

/** The console as a process of its own. */
public final class ConsoleMain {
  private ConsoleMain() {}

  /** Arguments: none, or {@code --config FILE}. Exit codes: see {@link ExitCode}. */
  public static void main(String[] args) {
    System.exit(
        ClientProcess.run(ConsoleConfig.NAME, ConsoleConfig.allSettings(), Console::start, args));
  }
}
