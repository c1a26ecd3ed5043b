package dev.tributary.alertrouter.core;

import static dev.tributary.alertrouter.core.Desks.deliverAll;
import static dev.tributary.alertrouter.core.Desks.table;
import static dev.tributary.alertrouter.core.Notices.NOW;
import static dev.tributary.alertrouter.core.Notices.caused;
import static dev.tributary.alertrouter.core.Notices.grouped;
import static dev.tributary.alertrouter.core.Notices.opened;
import static dev.tributary.alertrouter.core.Notices.resolved;
import static dev.tributary.alertrouter.core.Notices.uncaused;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is collected, for how long, and what waits for what. */
final class DeskMergingTest {
  private static final Duration WINDOW = Desks.RULES.mergeWindow();
  private static final Instant END = NOW.plus(WINDOW);

  private final DeliveryMemory memory = new DeliveryMemory();
  private final AlertDesk desk = Desks.of(memory, "hook");

  private static List<String> ids(List<Notification> due) {
    return due.stream()
        .flatMap(next -> next.items().stream())
        .map(item -> item.content().episodeId())
        .toList();
  }

  /** The desk is asked many times a second; in between nothing is waiting. */
  @Test
  void due_askedWithinTheWindow_itStillCollects_untilItsEnd() {
    // Given
    desk.accept(grouped(opened("e1"), "g"), NOW);
    deliverAll(desk, NOW);
    desk.due(NOW.plusMillis(10), 10);

    // When
    desk.accept(grouped(opened("e2"), "g"), NOW.plusMillis(20));
    List<Notification> within = desk.due(END.minusMillis(1), 10);
    List<Notification> then = desk.due(END, 10);

    // Then
    assertThat(within).isEmpty();
    assertThat(ids(then)).containsExactly("e2");
  }

  @Test
  void due_nothingMoreOfTheCause_theNextOneGoesAtOnce() {
    // Given
    desk.accept(grouped(opened("e1"), "g"), NOW);
    deliverAll(desk, NOW);
    desk.due(END, 10);

    // When
    desk.accept(grouped(opened("e2"), "g"), END);

    // Then
    assertThat(ids(desk.due(END, 10))).containsExactly("e2");
  }

  @Test
  void due_moreThanOneNotificationHolds_theRestIsTheNext() {
    // Given
    desk.accept(grouped(opened("e0"), "g"), NOW);
    deliverAll(desk, NOW);
    for (String episode : List.of("e1", "e2", "e3", "e4")) {
      desk.accept(grouped(opened(episode), "g"), NOW);
    }

    // When
    List<Notification> full = desk.due(END, 10);
    desk.answered(full.get(0), new Answer.Received(), END, 0);
    List<Notification> rest = desk.due(END.plus(WINDOW), 10);

    // Then
    assertThat(ids(full)).containsExactly("e1", "e2", "e3");
    assertThat(ids(rest)).containsExactly("e4");
  }

  @Test
  void due_teamsOwnWindow_wins() {
    // Given
    TeamRouting wish =
        new TeamRouting("p", "support", List.of("hook"), null, Duration.ofSeconds(10));
    desk.use(table(new RoutingTable(List.of(), List.of(), List.of(wish))));
    desk.accept(grouped(opened("e1"), "g"), NOW);
    deliverAll(desk, NOW);
    desk.accept(grouped(opened("e2"), "g"), NOW);

    // Then
    assertThat(desk.due(NOW.plusSeconds(9), 10)).isEmpty();
    assertThat(ids(desk.due(NOW.plusSeconds(10), 10))).containsExactly("e2");
  }

  @Test
  void due_noCauseKnown_groupAloneHoldsThemTogether() {
    // Given
    desk.accept(uncaused(opened("e1")), NOW);
    deliverAll(desk, NOW);

    // When
    desk.accept(uncaused(grouped(opened("e2"), "e1")), NOW);
    desk.accept(uncaused(opened("e3")), NOW);

    // Then
    assertThat(ids(desk.due(NOW, 10))).containsExactly("e3");
  }

  /** By then another group may lead it, and another slice may carry it. */
  @Test
  void due_endReadsDifferently_stillWaitsForTheBeginning() {
    // Given
    desk.accept(caused(opened("e1"), "acme"), NOW);
    Notification beginning = desk.due(NOW, 10).get(0);
    desk.answered(beginning, new Answer.NotNow("IO", null), NOW, 0);

    // When
    desk.accept(caused(grouped(resolved("e1"), "e9"), "globex"), NOW);

    // Then
    assertThat(desk.due(NOW.plusMillis(100), 10)).isEmpty();
    assertThat(desk.due(NOW.plusSeconds(1), 10)).containsExactly(beginning);
  }

  @Test
  void announcement_beforeTheFirstAttemptOnly_keyNamesTheRoute() {
    // Given
    Notification merged = Desks.twoOfAGroup(desk);

    // When
    List<DeliveryEntry> first = desk.announcement(merged, END);
    desk.answered(merged, new Answer.NotNow("IO", null), END, 0);
    desk.due(END.plusSeconds(1), 10);
    List<DeliveryEntry> second = desk.announcement(merged, END.plusSeconds(1));

    // Then
    assertThat(first).hasSize(2);
    assertThat(second).isEmpty();
    assertThat(Notification.idOf("slack", merged.items())).isNotEqualTo(merged.id());
  }

  /**
   * One of two was announced and does not come again: the other waits a minute, then goes. Under
   * the key of both, a receiver that honours it would take the missing one for known.
   */
  @Test
  void due_announcedBefore_oneIsMissing_goesWithoutIt_underAKeyOfItsOwn_othersAfterwards() {
    // Given
    Notification merged = Desks.twoOfAGroup(desk);
    DeliveryMemory read = Desks.announced(desk, merged, END);
    AlertDesk successor = Desks.of(read, "hook");

    // When
    successor.accept(grouped(opened("e1"), "g"), NOW);
    successor.accept(grouped(opened("e3"), "g"), NOW);
    List<Notification> within = successor.due(NOW.plusSeconds(59), 10);
    List<Notification> then = successor.due(NOW.plusSeconds(60), 10);

    // Then
    assertThat(within).isEmpty();
    assertThat(ids(then)).containsExactly("e1");
    assertThat(then.get(0).id()).isNotEqualTo(merged.id());
    assertThat(successor.announcement(then.get(0), NOW.plusSeconds(60))).hasSize(1);
  }

  /** It was read late: behind others that waited, or from a partition that came later. */
  @Test
  void due_announcedBefore_missingOneComesLater_isToldUnderAKeyOfItsOwn() {
    // Given
    DeliveryMemory read = Desks.announced(desk, Desks.twoOfAGroup(desk), END);
    AlertDesk successor = Desks.of(read, "hook");
    successor.accept(grouped(opened("e1"), "g"), NOW);
    List<String> first = deliverAll(successor, NOW.plusSeconds(60));

    // When
    successor.accept(grouped(opened("e2"), "g"), NOW.plusSeconds(61));
    List<String> second = deliverAll(successor, NOW.plusSeconds(500));

    // Then
    assertThat(first).hasSize(1);
    assertThat(second).hasSize(1).doesNotContainAnyElementsOf(first);
  }

  /** What one alert linked is linked while it is collected, and not for ever. */
  @Test
  void due_afterTheCollection_causesThatOneAlertLinked_areApartAgain() {
    // Given
    desk.accept(caused(grouped(opened("e1"), "g1"), "acme"), NOW);
    deliverAll(desk, NOW);
    desk.due(END, 10);

    // When
    desk.accept(caused(grouped(opened("e2"), "g2"), "acme"), END);
    deliverAll(desk, END);
    desk.accept(caused(grouped(opened("e3"), "g1"), "globex"), END);

    // Then
    assertThat(ids(desk.due(END, 10))).containsExactly("e3");
  }

  /** A receiver that honours the key would never see the second of two that share one. */
  @Test
  void idOf_otherAlerts_isAnother_whateverTheOrder() {
    // Given
    List<Item> items =
        List.of("e1", "e2", "e3").stream()
            .map(id -> new Item(null, new Content.OfAlert(opened(id)), "hook", NOW))
            .toList();
    List<Item> two = items.subList(0, 2);

    // Then
    assertThat(Notification.idOf("hook", List.of(items.get(1), items.get(0))))
        .isEqualTo(Notification.idOf("hook", two));
    assertThat(Notification.idOf("hook", items.subList(1, 3)))
        .isNotEqualTo(Notification.idOf("hook", two));
    assertThat(Notification.idOf("hook", items)).isNotEqualTo(Notification.idOf("hook", two));
  }
}
