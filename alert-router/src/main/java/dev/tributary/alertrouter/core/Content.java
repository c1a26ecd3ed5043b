package dev.tributary.alertrouter.core;

import java.time.Instant;

/** What is told. */
public sealed interface Content {
  /** Organisation. */
  String tenant();

  /** Owning team. */
  String team();

  /** Idempotency key of this one alone. */
  String id();

  /** The episode it is about; empty: none. */
  String episodeId();

  /** Its state as it is written: an episode's, or {@code SUMMARY}. */
  String state();

  /** How urgent. */
  Severity severity();

  /** Event time of what it says. */
  Instant createdAt();

  /** True: the episode is over. */
  boolean isClosing();

  /** An alert. */
  record OfAlert(Notice notice) implements Content {
    @Override
    public String tenant() {
      return notice.tenant();
    }

    @Override
    public String team() {
      return notice.team();
    }

    @Override
    public String id() {
      return notice.alertId();
    }

    @Override
    public String episodeId() {
      return notice.episodeId();
    }

    @Override
    public String state() {
      return notice.state().name();
    }

    @Override
    public Severity severity() {
      return notice.severity();
    }

    @Override
    public Instant createdAt() {
      return notice.createdAt();
    }

    @Override
    public boolean isClosing() {
      return notice.state().isClosing();
    }
  }

  /** A team's day; created when the day ended. */
  record OfDay(DaySummary summary, Instant createdAt) implements Content {
    static final String STATE = "SUMMARY";

    @Override
    public String tenant() {
      return summary.tenant();
    }

    @Override
    public String team() {
      return summary.team();
    }

    @Override
    public String id() {
      return summary.id();
    }

    @Override
    public String episodeId() {
      return "";
    }

    @Override
    public String state() {
      return STATE;
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }

    @Override
    public boolean isClosing() {
      return false;
    }
  }
}
