package dev.tributary.alertrouter.core;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of an attempt. */
public sealed interface Answer {
  /** The receiver has it. */
  record Received() implements Answer {}

  /**
   * Nobody knows, or not now.
   *
   * @param reason a code
   * @param after how long the receiver asks to wait; null: it does not say
   */
  record NotNow(String reason, @Nullable Duration after) implements Answer {}

  /**
   * The receiver will never take it.
   *
   * @param reason a code
   */
  record Refused(String reason) implements Answer {}
}
