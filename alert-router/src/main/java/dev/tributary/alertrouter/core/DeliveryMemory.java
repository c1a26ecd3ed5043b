package dev.tributary.alertrouter.core;

import dev.tributary.alertrouter.core.DeliveryEntry.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What was delivered, for as long as a replay could bring it again. Filled from the entries of its
 * topic, in any order of alerts and in the order of entries of one alert. One thread.
 */
public final class DeliveryMemory {
  /** How long an episode is remembered; the retention of the topic. */
  public static final Duration KEPT = Duration.ofDays(35);

  private static final String CLOSED_SHIFT = EpisodeState.LEVEL_SHIFT.name();
  private static final String CLOSED = EpisodeState.RESOLVED.name();

  private record OnRoute(String id, String route) {}

  private record Settled(Outcome outcome, Instant at) {}

  /** An episode that was told on a route and is not over there. */
  private static final class Open {
    private final Set<Severity> severities = EnumSet.noneOf(Severity.class);

    /** Event time of the earliest state that was told. */
    private Instant since = Instant.MAX;
  }

  /**
   * A notification that was announced and of which nobody knows whether it was received.
   *
   * @param id its idempotency key
   * @param size alerts in it
   */
  record Announced(String id, int size) {}

  private final Map<OnRoute, Settled> settled = new HashMap<>();
  private final Map<OnRoute, Announced> announced = new HashMap<>();
  private final Map<String, Map<String, Open>> openRoutes = new HashMap<>();
  private final Map<String, Instant> lastOfEpisode = new HashMap<>();
  private final Map<String, Instant> lastOfAlert = new HashMap<>();

  /** Takes an entry of the topic, or one that is about to be written to it. */
  public void add(DeliveryEntry entry) {
    OnRoute key = new OnRoute(entry.alertId(), entry.route());
    if (entry.outcome() == Outcome.ANNOUNCED) {
      if (!settled.containsKey(key)) {
        announced.put(key, new Announced(entry.notificationId(), entry.notificationSize()));
      }
      return;
    }
    if (entry.outcome() == Outcome.DROPPED && !Ticket.Drop.isFinal(entry.reason())) {
      return; // noted for people: with a route, or another wish of its team, it is told
    }
    announced.remove(key);
    settled.put(key, new Settled(entry.outcome(), entry.at()));
    lastOfAlert.put(entry.alertId(), entry.at());
    if (entry.outcome() == Outcome.DELIVERED && !entry.episodeId().isEmpty()) {
      noteDelivered(entry);
    }
  }

  private void noteDelivered(DeliveryEntry entry) {
    lastOfEpisode.put(entry.episodeId(), entry.at());
    if (entry.state().equals(CLOSED) || entry.state().equals(CLOSED_SHIFT)) {
      Map<String, Open> routes = openRoutes.get(entry.episodeId());
      if (routes != null) {
        routes.remove(entry.route());
        if (routes.isEmpty()) {
          openRoutes.remove(entry.episodeId());
        }
      }
    } else {
      Open open =
          openRoutes
              .computeIfAbsent(entry.episodeId(), id -> new HashMap<>())
              .computeIfAbsent(entry.route(), route -> new Open());
      open.severities.add(entry.severity());
      if (entry.createdAt().isBefore(open.since)) {
        open.since = entry.createdAt();
      }
    }
  }

  /** True where it is known what became of an alert, on any route. */
  boolean hasOutcome(String alertId) {
    return lastOfAlert.containsKey(alertId);
  }

  /** True where the alert needs nothing more on the route; route empty: was not to be told. */
  public boolean isSettled(String alertId, String route) {
    return settled.containsKey(new OnRoute(alertId, route));
  }

  /** What became of an alert on a route in the end; null: nothing yet. */
  @Nullable Outcome outcome(String alertId, String route) {
    Settled known = settled.get(new OnRoute(alertId, route));
    return known == null ? null : known.outcome();
  }

  /** The announced notification that holds an alert; null: none. */
  @Nullable Announced announced(String alertId, String route) {
    return announced.get(new OnRoute(alertId, route));
  }

  /**
   * Routes on which an episode was opened and not closed, sorted.
   *
   * @param at event time; what came back after it was not told of then
   */
  Set<String> openRoutes(String episodeId, Instant at) {
    Set<String> routes = new TreeSet<>();
    openRoutes
        .getOrDefault(episodeId, Map.of())
        .forEach(
            (route, open) -> {
              if (!open.since.isAfter(at)) {
                routes.add(route);
              }
            });
    return routes;
  }

  /** The severities under which an episode was told on a route and is still open. */
  Set<Severity> openSeverities(String episodeId, String route) {
    Open known = openRoutes.getOrDefault(episodeId, Map.of()).get(route);
    return known == null ? EnumSet.noneOf(Severity.class) : EnumSet.copyOf(known.severities);
  }

  /** Forgets what is older than {@link #KEPT}. */
  public void forget(Instant now) {
    Instant before = now.minus(KEPT);
    settled.values().removeIf(known -> known.at().isBefore(before));
    lastOfAlert.values().removeIf(at -> at.isBefore(before));
    lastOfEpisode
        .entrySet()
        .removeIf(
            entry -> {
              if (!entry.getValue().isBefore(before)) {
                return false;
              }
              openRoutes.remove(entry.getKey());
              return true;
            });
  }

  /** Entries held. */
  public int size() {
    return settled.size() + announced.size();
  }
}
