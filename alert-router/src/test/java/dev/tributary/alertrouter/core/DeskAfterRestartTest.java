package dev.tributary.alertrouter.core;

import static dev.tributary.alertrouter.core.Desks.deliverAll;
import static dev.tributary.alertrouter.core.Notices.NOW;
import static dev.tributary.alertrouter.core.Notices.caused;
import static dev.tributary.alertrouter.core.Notices.grouped;
import static dev.tributary.alertrouter.core.Notices.opened;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a desk makes of alerts that come again, by the memory of the one before it. */
final class DeskAfterRestartTest {
  private final DeliveryMemory written = new DeliveryMemory();

  /** Answers what is due by route and writes down what came of it. */
  private void answer(AlertDesk desk, String route, Answer answer) {
    for (Notification next : desk.due(NOW, 100)) {
      if (next.route().equals(route)) {
        desk.answered(next, answer, NOW, 0).entries().forEach(written::add);
      }
    }
  }

  /** The notification of e1 alone, which was announced and may have been sent. */
  private Notification announcedAlone() {
    AlertDesk before = Desks.of(new DeliveryMemory(), "hook");
    before.accept(caused(opened("e1"), "acme"), NOW);
    Notification alone = before.due(NOW, 10).get(0);
    before.announcement(alone, NOW).forEach(written::add);
    return alone;
  }

  /** Its dead letter was written before the failure was. */
  @Test
  void accept_failedBeforeOnEveryRoute_isNotTriedAgain() {
    // Given
    AlertDesk before = Desks.of(new DeliveryMemory(), "hook");
    before.accept(opened("e1"), NOW);
    answer(before, "hook", new Answer.Refused("HTTP_400"));

    // When
    AlertDesk successor = Desks.of(written, "hook");
    Ticket again = successor.accept(opened("e1"), NOW).ticket();

    // Then
    assertThat(again.drop()).isEqualTo(Ticket.Drop.REPEATED);
    assertThat(successor.pending()).isZero();
  }

  @Test
  void accept_failedBeforeOnOneRoute_failsOnTheOther_isUndelivered() {
    // Given
    AlertDesk before = Desks.of(new DeliveryMemory(), "hook", "am");
    before.accept(opened("e1"), NOW);
    answer(before, "am", new Answer.Refused("HTTP_400"));

    // When
    AlertDesk successor = Desks.of(written, "hook", "am");
    Ticket again = successor.accept(opened("e1"), NOW).ticket();
    answer(successor, "hook", new Answer.Refused("HTTP_400"));

    // Then
    assertThat(again.isUndelivered()).isTrue();
  }

  @Test
  void accept_deliveredBeforeOnOneRoute_failsOnTheOther_isDelivered() {
    // Given
    AlertDesk before = Desks.of(new DeliveryMemory(), "hook", "am");
    before.accept(opened("e1"), NOW);
    answer(before, "am", new Answer.Received());

    // When
    AlertDesk successor = Desks.of(written, "hook", "am");
    Ticket again = successor.accept(opened("e1"), NOW).ticket();
    answer(successor, "hook", new Answer.Refused("HTTP_400"));

    // Then
    assertThat(again.isSettled()).isTrue();
    assertThat(again.isUndelivered()).isFalse();
  }

  /**
   * What held them together was told before; without it they have no key in common. Under one key
   * in two requests, a receiver that honours it would never see the second.
   */
  @Test
  void due_announcedTogether_linkedByWhatWasToldBefore_comeTogether() {
    // Given
    AlertDesk before = Desks.of(new DeliveryMemory(), "hook");
    before.accept(caused(opened("e1"), "acme"), NOW);
    deliverAll(before, NOW);
    List<Notice> both =
        List.of(caused(grouped(opened("e2"), "e1"), "globex"), caused(opened("e3"), "acme"));
    both.forEach(notice -> before.accept(notice, NOW));
    Notification merged = before.due(NOW.plusSeconds(300), 10).get(0);
    before.announcement(merged, NOW).forEach(written::add);

    // When
    AlertDesk successor = Desks.of(written, "hook");
    both.forEach(notice -> successor.accept(notice, NOW));
    List<Notification> again = successor.due(NOW, 10);

    // Then
    assertThat(merged.items()).hasSize(2);
    assertThat(again)
        .singleElement()
        .satisfies(
            next -> {
              assertThat(next.id()).isEqualTo(merged.id());
              assertThat(next.items()).hasSize(2);
            });
  }

  /**
   * The receiver has the first alone, and nobody wrote that down. Under the key of a notification
   * of both, it would be told of the first twice.
   */
  @Test
  void due_sentAlone_notAnswered_comesAgainAlone_underItsKey() {
    // Given
    Notification alone = announcedAlone();

    // When
    AlertDesk successor = Desks.of(written, "hook");
    successor.accept(caused(opened("e1"), "acme"), NOW);
    successor.accept(caused(opened("e2"), "acme"), NOW);
    List<String> again = deliverAll(successor, NOW);

    // Then
    assertThat(again).containsExactly("hook " + alone.id());
  }

  /** Where alerts of two teams have one cause, either may be read first. */
  @Test
  void due_sentAlone_notAnswered_readAfterAnother_comesAgainUnderItsKey() {
    // Given
    Notification alone = announcedAlone();

    // When
    AlertDesk successor = Desks.of(written, "hook");
    successor.accept(caused(opened("e3"), "acme"), NOW);
    successor.accept(caused(opened("e2"), "acme"), NOW);
    successor.accept(caused(opened("e1"), "acme"), NOW);
    List<String> again = new ArrayList<>(deliverAll(successor, NOW));
    again.addAll(deliverAll(successor, NOW.plus(Desks.RULES.mergeWindow())));

    // Then
    assertThat(again).hasSize(2).contains("hook " + alone.id());
  }

  /** Each on its own route, although both may be awaited at the same time. */
  @Test
  void due_announcedOnTwoRoutes_eachComesAgainOnItsOwn() {
    // Given
    AlertDesk before = Desks.of(new DeliveryMemory(), "hook", "slack");
    before.accept(grouped(opened("e0"), "g"), NOW);
    deliverAll(before, NOW);
    List<Notice> both = List.of(grouped(opened("e1"), "g"), grouped(opened("e2"), "g"));
    both.forEach(notice -> before.accept(notice, NOW));
    List<Notification> merged = before.due(NOW.plusSeconds(300), 10);
    merged.forEach(next -> before.announcement(next, NOW).forEach(written::add));

    // When
    AlertDesk successor = Desks.of(written, "hook", "slack");
    both.forEach(notice -> successor.accept(notice, NOW));
    List<String> again = deliverAll(successor, NOW);

    // Then
    assertThat(merged).hasSize(2);
    assertThat(again)
        .containsExactlyInAnyOrderElementsOf(
            merged.stream().map(next -> next.route() + " " + next.id()).toList());
  }

  /** Alone, it has the same key on both. */
  @Test
  void due_announcedAloneOnTwoRoutes_comesAgainOnBoth() {
    // Given
    AlertDesk before = Desks.of(new DeliveryMemory(), "hook", "slack");
    before.accept(opened("e1"), NOW);
    List<Notification> alone = before.due(NOW, 10);
    alone.forEach(next -> before.announcement(next, NOW).forEach(written::add));

    // When
    AlertDesk successor = Desks.of(written, "hook", "slack");
    successor.accept(opened("e1"), NOW);
    List<Notification> again = successor.due(NOW, 10);

    // Then
    assertThat(alone).extracting(Notification::route).containsExactlyInAnyOrder("hook", "slack");
    assertThat(again).extracting(Notification::route).containsExactlyInAnyOrder("hook", "slack");
    assertThat(again).allSatisfy(next -> assertThat(next.items()).hasSize(1));
  }

  /** One that is read twice does not stand for the one that is still to come. */
  @Test
  void due_announcedTogether_oneComesTwice_waitsForTheOther() {
    // Given
    AlertDesk before = Desks.of(new DeliveryMemory(), "hook");
    Notification merged = Desks.twoOfAGroup(before);
    AlertDesk successor = Desks.of(Desks.announced(before, merged, NOW), "hook");

    // When
    successor.accept(grouped(opened("e1"), "g"), NOW);
    Ticket twice = successor.accept(grouped(opened("e1"), "g"), NOW).ticket();
    List<Notification> incomplete = successor.due(NOW, 10);
    successor.accept(grouped(opened("e2"), "g"), NOW);
    List<String> complete = deliverAll(successor, NOW);

    // Then
    assertThat(twice.drop()).isEqualTo(Ticket.Drop.REPEATED);
    assertThat(incomplete).isEmpty();
    assertThat(complete).containsExactly("hook " + merged.id());
  }
}
