package dev.tributary.runtime.run;

/** What a process says when it ends. */
public enum ExitCode {
  /** Stopped as asked, by signal or by code. */
  STOPPED(0),
  /** A fault while running: the log names it, its topic position and its task. */
  FAILED(1),
  /** The configuration cannot be used; one line per problem on standard error. */
  CONFIGURATION(2),
  /** Topics are missing or do not fit the catalogue, or the cluster could not be asked. */
  TOPICS(3);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** The number for the operating system. */
  public int code() {
    return code;
  }
}
