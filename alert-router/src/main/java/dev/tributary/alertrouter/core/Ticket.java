package dev.tributary.alertrouter.core;

import org.jspecify.annotations.Nullable;

/** An alert on its way: what is still to be done for it. One thread. */
public final class Ticket {
  /** Why an alert has no effect. */
  public enum Drop {
    /** Its state is older than the age limit. */
    TOO_OLD,
    /** Every route has had it, or was given up and the alert dead-lettered where none had it. */
    REPEATED,
    /** A silence holds. */
    SILENCED,
    /** A maintenance window holds. */
    MAINTENANCE,
    /** Below what the team wants to hear. */
    LOW_SEVERITY,
    /** It ends an episode that nobody was told of. */
    NOTHING_TO_RESOLVE,
    /** There is no route, not even a default one. */
    NO_ROUTE
  }

  private final Notice notice;
  private int waiting;
  private int delivered;
  private int failed;
  private @Nullable Drop drop;

  Ticket(Notice notice) {
    this.notice = notice;
  }

  void dropped(Drop reason) {
    drop = reason;
  }

  void waits() {
    waiting++;
  }

  void settled(boolean isDelivered) {
    waiting--;
    wasSettled(isDelivered);
  }

  /** A route has had it, or was given up, before it came again. */
  void wasSettled(boolean isDelivered) {
    if (isDelivered) {
      delivered++;
    } else {
      failed++;
    }
  }

  /** The alert. */
  public Notice notice() {
    return notice;
  }

  /** True: nothing is left to do. */
  public boolean isSettled() {
    return waiting == 0;
  }

  /** Why it has no effect; null: it was to be sent. */
  public @Nullable Drop drop() {
    return drop;
  }

  /**
   * True: no route took it, and none is tried any more. Not of one that comes again: its dead
   * letter was written before anybody could know that it was given up.
   */
  public boolean isUndelivered() {
    return isSettled() && drop == null && delivered == 0 && failed > 0;
  }
}
