package dev.tributary.quality;

import java.util.Locale;

/** Answers of a gate, with the exit codes that pipelines know them by. */
public enum GateOutcome {
  PASS(0),
  FAIL(1),
  NOT_ENOUGH_DATA(2);

  private final int code;

  GateOutcome(int code) {
    this.code = code;
  }

  /** Exit code of the process. */
  public int code() {
    return code;
  }

  /** For people: lower case, words apart. */
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
