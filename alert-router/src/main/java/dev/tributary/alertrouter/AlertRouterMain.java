package dev.tributary.alertrouter;

import dev.tributary.runtime.run.ClientProcess;
import dev.tributary.runtime.run.ExitCode;

/** The router as a process of its own. */
public final class AlertRouterMain {
  private AlertRouterMain() {}

  /** Arguments: none, or {@code --config FILE}. Exit codes: see {@link ExitCode}. */
  public static void main(String[] args) {
    System.exit(
        ClientProcess.run(
            AlertRouterConfig.NAME, AlertRouterConfig.allSettings(), AlertRouter::start, args));
  }
}
