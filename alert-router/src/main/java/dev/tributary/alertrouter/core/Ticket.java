package dev.tributary.alertrouter.core;

import org.jspecify.annotations.Nullable;

/** An alert on its way: what is still to be done for it. One thread. */
public final class Ticket {
  /** Why an alert has no effect. */
  public enum Drop {
    /** Its state is older than the age limit. */
    TOO_OLD(Kept.NOTED),
    /** Every route has had it, or was given up and the alert dead-lettered where none had it. */
    REPEATED(Kept.NONE),
    /** A silence holds. */
    SILENCED(Kept.FINAL),
    /** A maintenance window holds. */
    MAINTENANCE(Kept.FINAL),
    /** Below what the team wants to hear. */
    LOW_SEVERITY(Kept.NOTED),
    /** It ends an episode that nobody was told of. */
    NOTHING_TO_RESOLVE(Kept.NOTED),
    /** There is no route, not even a default one. */
    NO_ROUTE(Kept.NOTED);

    private enum Kept {
      /** Not written down: what became of the alert stands there already. */
      NONE,
      /** Written down for people; where the alert is read again, it is judged anew. */
      NOTED,
      /** Written down, and stands when the alert is read again. */
      FINAL
    }

    private final Kept kept;

    Drop(Kept kept) {
      this.kept = kept;
    }

    boolean isWrittenDown() {
      return kept != Kept.NONE;
    }

    /**
     * True where an alert that was dropped for a reason is not looked at again.
     *
     * @param reason as written down; one that nobody knows is taken at its word
     */
    static boolean isFinal(@Nullable String reason) {
      for (Drop drop : values()) {
        if (drop.name().equals(reason)) {
          return drop.kept == Kept.FINAL;
        }
      }
      return true;
    }
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
