package dev.tributary.alertrouter.core;

import static dev.tributary.alertrouter.core.Notices.NOW;
import static dev.tributary.alertrouter.core.Notices.grouped;
import static dev.tributary.alertrouter.core.Notices.opened;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Desks with four routes, and what their receivers get. */
final class Desks {
  static final DeskRules RULES =
      new DeskRules(
          Duration.ofHours(1),
          Duration.ofMinutes(5),
          3,
          Duration.ofSeconds(1),
          Duration.ofSeconds(8),
          Duration.ofSeconds(60),
          List.of("fallback"));

  static final AlertDesk.Observer SILENT =
      new AlertDesk.Observer() {
        @Override
        public void unknownRoute(String route) {}

        @Override
        public void defaulted(String team) {}
      };

  private Desks() {}

  static AlertDesk of(DeliveryMemory memory, AlertDesk.Observer observer) {
    return new AlertDesk(
        RULES,
        Map.of(
            "hook", RouteKind.WEBHOOK,
            "slack", RouteKind.SLACK,
            "am", RouteKind.ALERTMANAGER,
            "fallback", RouteKind.WEBHOOK),
        memory,
        observer);
  }

  /** A desk of a team with these routes. */
  static AlertDesk of(DeliveryMemory memory, String... routes) {
    AlertDesk desk = of(memory, SILENT);
    desk.use(table(owner(routes)));
    return desk;
  }

  static RoutingTable.ByTenant table(RoutingTable table) {
    return RoutingTable.ByTenant.EMPTY.with("default", table);
  }

  static RoutingTable owner(String... routes) {
    return new RoutingTable(
        List.of(new RoutingTable.Owner("support", List.of(routes), null, null)),
        List.of(),
        List.of());
  }

  /**
   * Brings a new desk so far that e1 and e2 of group g are due together at the end of its window.
   */
  static Notification twoOfAGroup(AlertDesk desk) {
    desk.accept(grouped(opened("e0"), "g"), NOW);
    deliverAll(desk, NOW);
    desk.accept(grouped(opened("e1"), "g"), NOW);
    desk.accept(grouped(opened("e2"), "g"), NOW);
    return desk.due(NOW.plus(RULES.mergeWindow()), 10).get(0);
  }

  /** What a successor reads of a notification that was announced, and not answered. */
  static DeliveryMemory announced(AlertDesk desk, Notification next, Instant at) {
    DeliveryMemory read = new DeliveryMemory();
    desk.announcement(next, at).forEach(read::add);
    return read;
  }

  static List<String> deliverAll(AlertDesk from, Instant at) {
    List<String> told = new ArrayList<>();
    for (Notification next : from.due(at, 100)) {
      told.add(next.route() + " " + next.id());
      from.answered(next, new Answer.Received(), at, 0.5);
    }
    return told;
  }
}
