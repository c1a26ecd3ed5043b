package dev.tributary.alertrouter.core;

import dev.tributary.alertrouter.core.DeliveryEntry.Outcome;
import dev.tributary.alertrouter.core.Ticket.Drop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides who is told what and when. An alert comes in by {@link #accept}; what is to be sent comes
 * out of {@link #due}; what came of it goes back by {@link #answered}. Entries that these answer
 * are to be written down before anything else is done: the memory is made of them after a restart.
 * One thread.
 */
public final class AlertDesk {
  /** What a desk notices beside; all are counters. */
  public interface Observer {
    /** A route that nobody has configured was named. */
    void unknownRoute(String route);

    /** A team without a route of its own: the default routes are used. */
    void defaulted(String team);
  }

  private final DeskRules rules;
  private final Map<String, RouteKind> kinds;
  private final DeliveryMemory memory;
  private final Observer observer;
  private final List<Lane> lanes = new ArrayList<>();
  private RoutingTable.ByTenant tables = RoutingTable.ByTenant.EMPTY;
  private int inFlight;
  private Instant lastSeen = Instant.MIN;

  /**
   * A desk.
   *
   * @param kinds what speaks at each configured route, by name
   */
  public AlertDesk(
      DeskRules rules, Map<String, RouteKind> kinds, DeliveryMemory memory, Observer observer) {
    this.rules = rules;
    this.kinds = Map.copyOf(kinds);
    this.memory = memory;
    this.observer = observer;
  }

  /** Puts other reference data in force; what waits already goes where it was to go. */
  public void use(RoutingTable.ByTenant other) {
    tables = other;
  }

  /**
   * An alert that was taken.
   *
   * @param ticket how far it is
   * @param entries to be written down
   */
  public record Accepted(Ticket ticket, List<DeliveryEntry> entries) {}

  /** Takes an alert. */
  public Accepted accept(Notice notice, Instant now) {
    noticeClock(now);
    Ticket ticket = new Ticket(notice);
    Content content = new Content.OfAlert(notice);
    Set<String> wanted = notice.state().isClosing() ? toldRoutes(notice) : Set.of();
    Optional<Drop> drop = dropReason(notice, !wanted.isEmpty(), now);
    if (drop.isEmpty() && !notice.state().isClosing()) {
      wanted = routes(notice.tenant(), notice.team(), notice.routes(), now);
      drop = wanted.isEmpty() ? Optional.of(Drop.NO_ROUTE) : Optional.empty();
    }
    if (drop.isPresent()) {
      // What became of it once is not said again in other words when it is read again.
      Drop reason = memory.hasOutcome(content.id()) ? Drop.REPEATED : drop.get();
      return dropped(ticket, content, reason, now);
    }
    for (String route : wanted) {
      Outcome before = memory.outcome(content.id(), route);
      if (before != null) {
        ticket.wasSettled(before == Outcome.DELIVERED);
      } else if (!isWaiting(route, content.id())) {
        ticket.waits();
        add(new Item(ticket, content, route, now));
      }
    }
    if (ticket.isSettled()) {
      ticket.dropped(Drop.REPEATED);
    }
    return new Accepted(ticket, List.of());
  }

  private Optional<Drop> dropReason(Notice notice, boolean isTold, Instant now) {
    RoutingTable table = tables.of(notice.tenant());
    if (notice.state().isClosing()) {
      // Whoever was told of the beginning is told of the end, however late and in any silence.
      return isTold ? Optional.empty() : Optional.of(Drop.NOTHING_TO_RESOLVE);
    }
    if (notice.createdAt().plus(rules.ageLimit()).isBefore(now)) {
      return Optional.of(Drop.TOO_OLD);
    }
    if (memory.isSettled(notice.alertId(), "")) {
      return Optional.of(Drop.REPEATED);
    }
    TeamRouting wish = table.team(notice.team());
    if (wish != null && wish.least() != null && notice.severity().compareTo(wish.least()) < 0) {
      return Optional.of(Drop.LOW_SEVERITY);
    }
    Silence silence = table.silence(notice, now);
    return silence == null
        ? Optional.empty()
        : Optional.of(silence.kind() == Silence.Kind.SILENCED ? Drop.SILENCED : Drop.MAINTENANCE);
  }

  private Accepted dropped(Ticket ticket, Content content, Drop reason, Instant now) {
    ticket.dropped(reason);
    if (!reason.isWrittenDown()) {
      return new Accepted(ticket, List.of());
    }
    DeliveryEntry entry = DeliveryEntry.of(content, "", Outcome.DROPPED, reason.name(), null, now);
    memory.add(entry);
    return new Accepted(ticket, List.of(entry));
  }

  /**
   * Routes on which the episode's beginning was told, or is on its way. Not those to which an
   * earlier end of it is on its way: it came back since, and others were told of that.
   */
  private Set<String> toldRoutes(Notice end) {
    Set<String> told = new LinkedHashSet<>(memory.openRoutes(end.episodeId(), end.createdAt()));
    for (Lane lane : lanes) {
      Item last = lane.last(end.episodeId());
      if (last == null || last.content().createdAt().isAfter(end.createdAt())) {
        continue;
      }
      if (last.content().isClosing() && !last.content().id().equals(end.alertId())) {
        told.remove(lane.route());
      } else {
        told.add(lane.route());
      }
    }
    told.removeIf(route -> kindOf(route) == null);
    return told;
  }

  private boolean isWaiting(String route, String alertId) {
    return lanes.stream()
        .filter(lane -> lane.route().equals(route))
        .flatMap(Lane::items)
        .anyMatch(item -> item.content().id().equals(alertId));
  }

  /** Configured routes of a team, the default ones where it has none. */
  private Set<String> routes(String tenant, String team, List<String> stated, Instant now) {
    Set<String> found = configured(tables.of(tenant).routes(team, stated, now));
    if (found.isEmpty()) {
      found = configured(rules.defaultRoutes());
      if (!found.isEmpty()) {
        observer.defaulted(team);
      }
    }
    return found;
  }

  private Set<String> configured(List<String> names) {
    Set<String> found = new LinkedHashSet<>();
    for (String name : names) {
      if (kindOf(name) == null) {
        observer.unknownRoute(name);
      } else {
        found.add(name);
      }
    }
    return found;
  }

  private @Nullable RouteKind kindOf(String route) {
    return kinds.get(RouteName.of(route).name());
  }

  private void add(Item item) {
    Duration window = Duration.ZERO;
    List<String> keys = List.of(item.route() + "|" + item.content().id());
    if (item.content() instanceof Content.OfAlert alert) {
      String tenant = item.content().tenant();
      if (isMerging(item.route())) {
        TeamRouting wish = tables.of(tenant).team(item.content().team());
        window =
            wish == null || wish.mergeWindow() == null ? rules.mergeWindow() : wish.mergeWindow();
        keys = alert.notice().causeKeys().stream().map(key -> item.route() + "|" + key).toList();
      } else {
        keys = List.of(item.route() + "|" + tenant + "|" + item.content().episodeId());
      }
    }
    DeliveryMemory.Announced before = memory.announced(item.content().id(), item.route());
    Lane lane = laneOf(item, keys, before);
    if (lane == null) {
      lane = new Lane(item.route(), window, rules.mergeMost());
      lanes.add(lane);
    }
    lane.add(item, keys, before);
  }

  private boolean isMerging(String route) {
    RouteKind kind = kindOf(route);
    return kind != null && kind.isMerging();
  }

  /**
   * What was announced together comes together, although the alert that linked it may be settled.
   * The end of an episode follows its beginning, although its cause may read differently by then.
   */
  private @Nullable Lane laneOf(
      Item item, List<String> keys, DeliveryMemory.@Nullable Announced before) {
    String episode = item.content().episodeId();
    Lane found = null;
    for (Lane lane : lanes) {
      // A notification of one alert has the alert's id, which is the same on every route.
      if (before != null && lane.route().equals(item.route()) && lane.awaits(before.id())) {
        return lane;
      }
    }
    for (Lane lane : lanes) {
      if (lane.route().equals(item.route()) && !episode.isEmpty() && lane.holds(episode)) {
        return lane;
      }
      if (found == null && lane.isOf(keys)) {
        found = lane;
      }
    }
    return found;
  }

  /**
   * Takes a team's day for its routes that people read; whoever has had it is left out.
   *
   * @param endOfDay event time
   */
  public void accept(DaySummary summary, Instant endOfDay, Instant now) {
    noticeClock(now);
    Content content = new Content.OfDay(summary, endOfDay);
    for (String route : routes(summary.tenant(), summary.team(), List.of(), now)) {
      if (isMerging(route)
          && !memory.isSettled(content.id(), route)
          && !isWaiting(route, content.id())) {
        add(new Item(null, content, route, now));
      }
    }
  }

  /**
   * What is to be sent now; it is under way from here on.
   *
   * @param most under way at a time
   */
  public List<Notification> due(Instant now, int most) {
    noticeClock(now);
    Turns turns = new Turns(lanes);
    List<Notification> found = new ArrayList<>();
    while (inFlight < most) {
      Notification next = turns.next(now, memory);
      if (next == null) {
        break;
      }
      next.send();
      inFlight++;
      found.add(next);
    }
    lanes.removeIf(lane -> lane.isIdle(now));
    return found;
  }

  /**
   * Notices a clock that went back, before a time of the new one is kept: what waits for a time of
   * the old one is moved, and what is of the new one already would be moved with it.
   */
  private void noticeClock(Instant now) {
    if (now.isBefore(lastSeen)) {
      Duration back = Duration.between(now, lastSeen);
      lanes.forEach(lane -> lane.wentBack(back));
    }
    lastSeen = now;
  }

  /** What must be written down before a notification is sent; empty: nothing. */
  public List<DeliveryEntry> announcement(Notification notification, Instant now) {
    return notification.needsAnnouncement()
        ? entries(notification, Outcome.ANNOUNCED, null, now)
        : List.of();
  }

  /** How an attempt ended. */
  public enum Verdict {
    DELIVERED,
    /** It is tried again. */
    RETRIED,
    /** It is given up. */
    FAILED
  }

  /**
   * What an answer means.
   *
   * @param verdict how the attempt ended
   * @param reason code; null where it was delivered
   * @param entries to be written down
   */
  public record Judged(Verdict verdict, @Nullable String reason, List<DeliveryEntry> entries) {}

  /**
   * Takes the answer to a notification.
   *
   * @param chance 0 (inclusive) to 1, for the pause
   */
  public Judged answered(Notification notification, Answer answer, Instant now, double chance) {
    noticeClock(now);
    inFlight--;
    if (answer instanceof Answer.Received) {
      return finished(notification, Verdict.DELIVERED, null, now);
    }
    if (answer instanceof Answer.Refused refused) {
      return finished(notification, Verdict.FAILED, refused.reason(), now);
    }
    Answer.NotNow notNow = (Answer.NotNow) answer;
    Duration pause = rules.pause(notification.attempts(), chance);
    Duration asked = notNow.after();
    if (asked != null && asked.compareTo(pause) > 0) {
      pause = asked;
    }
    Instant next = now.plus(pause);
    if (next.isAfter(notification.firstDue().plus(rules.giveUpAfter()))) {
      return finished(notification, Verdict.FAILED, notNow.reason(), now);
    }
    notification.tryAgainAt(next);
    return new Judged(Verdict.RETRIED, notNow.reason(), List.of());
  }

  private Judged finished(
      Notification notification, Verdict verdict, @Nullable String reason, Instant now) {
    boolean isDelivered = verdict == Verdict.DELIVERED;
    List<DeliveryEntry> entries =
        entries(notification, isDelivered ? Outcome.DELIVERED : Outcome.FAILED, reason, now);
    for (Item item : notification.items()) {
      if (item.ticket() != null) {
        item.ticket().settled(isDelivered);
      }
    }
    lanes.stream().filter(lane -> lane.isCurrent(notification)).forEach(lane -> lane.finished(now));
    return new Judged(verdict, reason, entries);
  }

  private List<DeliveryEntry> entries(
      Notification notification, Outcome outcome, @Nullable String reason, Instant now) {
    List<DeliveryEntry> entries = new ArrayList<>();
    for (Item item : notification.items()) {
      DeliveryEntry entry =
          DeliveryEntry.of(
              item.content(), notification.route(), outcome, reason, notification, now);
      memory.add(entry);
      entries.add(entry);
    }
    return entries;
  }

  /** True where the notification was given out by this desk and not answered. */
  public boolean isUnderWay(Notification notification) {
    return lanes.stream().anyMatch(lane -> lane.isCurrent(notification))
        && notification.isInFlight();
  }

  /** Notifications under way. */
  public int inFlight() {
    return inFlight;
  }

  /** What waits, under way included. */
  public int pending() {
    return (int) lanes.stream().flatMap(Lane::items).count();
  }

  /** What waits, by route. */
  public Map<String, Long> pendingByRoute() {
    Map<String, Long> counts = new LinkedHashMap<>();
    lanes.forEach(lane -> counts.merge(lane.route(), lane.items().count(), Long::sum));
    return counts;
  }

  /** When the longest waiting was taken; empty: nothing waits. */
  public Optional<Instant> oldestPending() {
    return lanes.stream().flatMap(Lane::items).map(Item::acceptedAt).min(Instant::compareTo);
  }
}
