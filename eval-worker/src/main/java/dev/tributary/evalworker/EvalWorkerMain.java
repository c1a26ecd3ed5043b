package dev.tributary.evalworker;

import dev.tributary.runtime.run.ClientProcess;
import dev.tributary.runtime.run.ExitCode;

/** The worker as a process of its own. */
public final class EvalWorkerMain {
  private EvalWorkerMain() {}

  /** Arguments: none, or {@code --config FILE}. Exit codes: see {@link ExitCode}. */
  public static void main(String[] args) {
    System.exit(
        ClientProcess.run(
            EvalWorkerConfig.NAME, EvalWorkerConfig.allSettings(), EvalWorker::start, args));
  }
}
