package dev.tributary.alertrouter.core;

import java.time.Duration;
import java.util.List;

/**
 * How a desk works.
 *
 * @param ageLimit an alert whose state is older is not told any more
 * @param mergeWindow how long alerts of one cause are collected after the first
 * @param mergeMost alerts in one notification
 * @param retryFirst pause after the first failed attempt; doubles
 * @param retryMost longest pause, unless the receiver asks for more
 * @param giveUpAfter how long a notification is tried
 * @param defaultRoutes routes of teams that have none
 */
public record DeskRules(
    Duration ageLimit,
    Duration mergeWindow,
    int mergeMost,
    Duration retryFirst,
    Duration retryMost,
    Duration giveUpAfter,
    List<String> defaultRoutes) {
  /** Copies the list. */
  public DeskRules {
    defaultRoutes = List.copyOf(defaultRoutes);
  }

  /**
   * The pause before the next attempt: doubling, between half of it and all of it by chance, so
   * that receivers that were away are not met by everybody at once.
   *
   * @param attempts made so far, at least 1
   * @param chance 0 (inclusive) to 1
   */
  public Duration pause(int attempts, double chance) {
    long most = retryMost.toMillis();
    long doubled = retryFirst.toMillis() << Math.min(attempts - 1, 20);
    long pause = doubled <= 0 ? most : Math.min(most, doubled);
    return Duration.ofMillis(pause / 2 + (long) (chance * (pause - pause / 2)));
  }
}
