package dev.tributary.alertrouter.core;

/** What speaks at the other end. */
public enum RouteKind {
  /** Prometheus Alertmanager, API v2. It groups, inhibits and silences by itself. */
  ALERTMANAGER(false),
  /** Any HTTP endpoint; JSON, signed. */
  WEBHOOK(true),
  /** A hook that takes Slack's messages. */
  SLACK(true);

  private final boolean merging;

  RouteKind(boolean merging) {
    this.merging = merging;
  }

  /** True: alerts of one cause are collected; false: the receiver needs each one. */
  public boolean isMerging() {
    return merging;
  }
}
