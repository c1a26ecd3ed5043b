package dev.tributary.alertrouter.core;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Alerts that nobody is to be told about for a while.
 *
 * @param id name of the policy
 * @param kind why
 * @param about which alerts
 * @param from begin (inclusive); null: always
 * @param until end (exclusive); null: open
 * @param windows weekly windows in which alone it holds; empty: all the time
 */
public record Silence(
    String id,
    Kind kind,
    Matcher about,
    @Nullable Instant from,
    @Nullable Instant until,
    List<WeeklyWindow> windows) {

  /** Why nobody is told; also the reason under which the alert is counted. */
  public enum Kind {
    /** Somebody asked for quiet. */
    SILENCED,
    /** Planned work. */
    MAINTENANCE
  }

  /** Checks that the times fit each other. */
  public Silence {
    Objects.requireNonNull(id, "id");
    windows = List.copyOf(windows);
    if (from != null && until != null && !from.isBefore(until)) {
      throw new IllegalArgumentException("until: must be later than from");
    }
    if (kind == Kind.SILENCED && until == null && windows.isEmpty()) {
      throw new IllegalArgumentException("until: a silence needs an end");
    }
  }

  /** True where the alert is silenced at a time. */
  public boolean holds(Notice notice, Instant at) {
    return (from == null || !at.isBefore(from))
        && (until == null || at.isBefore(until))
        && (windows.isEmpty() || windows.stream().anyMatch(window -> window.contains(at)))
        && about.matches(notice);
  }
}
