package dev.tributary.alertrouter.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is to be told on one route about one cause: one notification at a time, in order. The first
 * goes at once; what comes within the window after it is collected and goes together.
 */
final class Lane {
  /** A notification that was announced before a restart, until its alerts have come again. */
  private static final class Awaited {
    private final int size;
    private Instant until;
    private final List<Item> items = new ArrayList<>();

    Awaited(int size, Instant until) {
      this.size = size;
      this.until = until;
    }

    boolean isComplete() {
      return items.size() >= size;
    }

    boolean isReady(Instant now) {
      return isComplete() || !now.isBefore(until);
    }
  }

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final String route;
  private final Duration window;
  private final int most;
  private final Map<String, Awaited> awaited = new HashMap<>();
  private final Set<String> keys = new HashSet<>();
  private final Deque<Item> held = new ArrayDeque<>();
  private Instant collectUntil = Instant.MIN;
  private @Nullable Notification current;

  /**
   * A lane.
   *
   * @param window how long is collected; zero: every item is a notification of its own
   */
  Lane(String route, Duration window, int most) {
    this.route = route;
    this.window = window;
    this.most = window.isZero() ? 1 : most;
  }

  /**
   * Takes an item.
   *
   * @param itsKeys what says that another item belongs here too
   * @param before the notification it was announced in; null: none
   */
  void add(Item item, List<String> itsKeys, DeliveryMemory.@Nullable Announced before) {
    keys.addAll(itsKeys);
    if (before == null) {
      held.add(item);
    } else {
      awaited
          .computeIfAbsent(
              before.id(), id -> new Awaited(before.size(), item.acceptedAt().plus(PATIENCE)))
          .items
          .add(item);
    }
  }

  /** The notification to send now; null: none. */
  @Nullable Notification due(Instant now, DeliveryMemory memory) {
    if (current == null) {
      current = next(now, memory);
    }
    return current != null && current.isDue(now) ? current : null;
  }

  private @Nullable Notification next(Instant now, DeliveryMemory memory) {
    for (Map.Entry<String, Awaited> entry : awaited.entrySet()) {
      if (entry.getValue().isReady(now)) {
        Awaited group = entry.getValue();
        awaited.remove(entry.getKey());
        return group.isComplete()
            ? notification(entry.getKey(), group.items, false, now, memory)
            : notification(group.items, now, memory);
      }
    }
    if (!awaited.isEmpty() || held.isEmpty() || now.isBefore(collectUntil)) {
      return null;
    }
    List<Item> items = new ArrayList<>();
    while (items.size() < most && !held.isEmpty()) {
      items.add(held.remove());
    }
    return notification(items, now, memory);
  }

  /**
   * One under a key that says which alerts it holds. Where others could join them after a restart,
   * that is written down first: an alert under two keys is told twice, and two notifications under
   * one key are one to a receiver that honours it.
   */
  private Notification notification(List<Item> items, Instant now, DeliveryMemory memory) {
    String id = items.size() == 1 ? items.get(0).content().id() : Notification.idOf(route, items);
    return notification(id, items, !window.isZero(), now, memory);
  }

  private Notification notification(
      String id, List<Item> items, boolean announce, Instant now, DeliveryMemory memory) {
    Map<String, Set<Severity>> severities = new HashMap<>();
    for (Item item : items) {
      String episode = item.content().episodeId();
      severities.put(episode, memory.openSeverities(episode, route));
    }
    return new Notification(id, route, items, severities, announce, now);
  }

  /** The current notification has come to its end. */
  void finished(Instant now) {
    current = null;
    collectUntil = now.plus(window);
  }

  /** The clock went back: what waits for a time waits as much longer as it was to, not more. */
  void wentBack(Duration by) {
    if (!collectUntil.equals(Instant.MIN)) {
      collectUntil = collectUntil.minus(by);
    }
    awaited.values().forEach(group -> group.until = group.until.minus(by));
    if (current != null) {
      current.wentBack(by);
    }
  }

  boolean isOf(List<String> wanted) {
    return wanted.stream().anyMatch(keys::contains);
  }

  boolean isCurrent(Notification notification) {
    return current == notification;
  }

  /** True where alerts of a notification that was announced before are collected here. */
  boolean awaits(String notificationId) {
    return awaited.containsKey(notificationId);
  }

  boolean holds(String episodeId) {
    return items().anyMatch(item -> item.content().episodeId().equals(episodeId));
  }

  /** What waits of an episode, the one that came last; null: nothing does. */
  @Nullable Item last(String episodeId) {
    return items()
        .filter(item -> item.content().episodeId().equals(episodeId))
        .reduce((first, second) -> second)
        .orElse(null);
  }

  /** What waits, of an episode in the order in which it came. */
  Stream<Item> items() {
    Stream<Item> sending = current == null ? Stream.empty() : current.items().stream();
    return Stream.concat(
        sending,
        Stream.concat(
            awaited.values().stream().flatMap(group -> group.items.stream()), held.stream()));
  }

  /** True: it may be forgotten. */
  boolean isIdle(Instant now) {
    return current == null && held.isEmpty() && awaited.isEmpty() && !now.isBefore(collectUntil);
  }

  boolean isUnderWay() {
    return current != null && current.isInFlight();
  }

  String route() {
    return route;
  }

  /** Who is spoken to; the targets of a route are one receiver's. */
  String receiver() {
    return RouteName.of(route).name();
  }
}
