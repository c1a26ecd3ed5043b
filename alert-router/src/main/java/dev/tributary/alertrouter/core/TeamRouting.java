package dev.tributary.alertrouter.core;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a team wants to hear, and where.
 *
 * @param id name of the policy
 * @param team whose; {@code *} stands for any text
 * @param routes where; empty: as the alert or the ownership table says
 * @param least alerts below are left out; null: all are sent
 * @param mergeWindow how long alerts of one cause are collected after the first; null: the router's
 */
public record TeamRouting(
    String id,
    String team,
    List<String> routes,
    @Nullable Severity least,
    @Nullable Duration mergeWindow) {
  /** What the setting of the router allows, too: longer, and a restart makes alerts too old. */
  private static final Duration LONGEST_WINDOW = Duration.ofHours(1);

  /** Checks that it says something. */
  public TeamRouting {
    Objects.requireNonNull(id, "id");
    routes = List.copyOf(routes);
    if (routes.isEmpty() && least == null && mergeWindow == null) {
      throw new IllegalArgumentException("at least one of routes, min_severity, merge_window");
    }
    if (mergeWindow != null
        && (mergeWindow.isNegative() || mergeWindow.compareTo(LONGEST_WINDOW) > 0)) {
      throw new IllegalArgumentException("merge_window: " + mergeWindow + "; allowed: 0s to 1h");
    }
  }
}
