package dev.tributary.alertrouter.core;

import java.util.Locale;

/** How urgent an alert is, ascending. */
public enum Severity {
  INFO,
  WARNING,
  CRITICAL;

  /**
   * The severity of a text in any case.
   *
   * @throws IllegalArgumentException for any other text
   */
  public static Severity of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  /** As it is written everywhere: in lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
