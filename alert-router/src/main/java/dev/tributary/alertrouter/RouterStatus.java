package dev.tributary.alertrouter;

import org.jspecify.annotations.Nullable;

/**
 * What a router is doing.
 *
 * @param state where it is
 * @param pending alerts that wait, under way included
 * @param trouble what it waits for; null: nothing
 */
public record RouterStatus(State state, int pending, @Nullable String trouble) {

  /** Where a router is. */
  public enum State {
    /** No route is configured: it reads nothing. */
    IDLE,
    /** Joining the group, reading its memory. */
    STARTING,
    RUNNING,
    /** Closed. */
    STOPPED,
    /** A fault that needs somebody: see the trouble. */
    FAILED
  }
}
