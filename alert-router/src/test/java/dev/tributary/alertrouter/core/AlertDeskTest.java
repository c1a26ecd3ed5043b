package dev.tributary.alertrouter.core;

import static dev.tributary.alertrouter.core.Desks.deliverAll;
import static dev.tributary.alertrouter.core.Desks.owner;
import static dev.tributary.alertrouter.core.Desks.table;
import static dev.tributary.alertrouter.core.Notices.NOW;
import static dev.tributary.alertrouter.core.Notices.again;
import static dev.tributary.alertrouter.core.Notices.grouped;
import static dev.tributary.alertrouter.core.Notices.of;
import static dev.tributary.alertrouter.core.Notices.opened;
import static dev.tributary.alertrouter.core.Notices.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is told what, and when. */
final class AlertDeskTest {
  private final DeliveryMemory memory = new DeliveryMemory();
  private final List<String> unknown = new ArrayList<>();
  private final List<String> defaulted = new ArrayList<>();
  private final AlertDesk desk = desk(memory);

  private AlertDesk desk(DeliveryMemory remembered) {
    return Desks.of(
        remembered,
        new AlertDesk.Observer() {
          @Override
          public void unknownRoute(String route) {
            unknown.add(route);
          }

          @Override
          public void defaulted(String team) {
            defaulted.add(team);
          }
        });
  }

  @Test
  void accept_ownersRoutes_eachGetsIt() {
    // Given
    desk.use(table(owner("slack:#support", "am")));

    // When
    Ticket ticket = desk.accept(opened("e1"), NOW).ticket();
    List<String> told = deliverAll(desk, NOW);

    // Then
    assertThat(told)
        .containsExactlyInAnyOrder("slack:#support e1-OPENED-WARNING", "am e1-OPENED-WARNING");
    assertThat(ticket.isSettled()).isTrue();
    assertThat(ticket.drop()).isNull();
  }

  @Test
  void accept_statedRoutes_winOverOwners_andTheTeamsWishOverBoth() {
    // Given
    desk.use(table(owner("slack")));
    desk.accept(of("e1", EpisodeState.OPENED, Severity.INFO, NOW, List.of("hook")), NOW);
    List<String> stated = deliverAll(desk, NOW);
    desk.use(
        table(
            new RoutingTable(
                List.of(),
                List.of(),
                List.of(new TeamRouting("p", "sup*", List.of("am"), null, null)))));

    // When
    desk.accept(of("e2", EpisodeState.OPENED, Severity.INFO, NOW, List.of("hook")), NOW);
    List<String> wished = deliverAll(desk, NOW);

    // Then
    assertThat(stated).containsExactly("hook e1-OPENED-INFO");
    assertThat(wished).containsExactly("am e2-OPENED-INFO");
  }

  @Test
  void accept_unknownTeamAndRoute_defaultRoute_counted() {
    // Given
    desk.use(table(owner("pager")));

    // When
    desk.accept(opened("e1"), NOW);

    // Then
    assertThat(deliverAll(desk, NOW)).containsExactly("fallback e1-OPENED-WARNING");
    assertThat(unknown).containsExactly("pager");
    assertThat(defaulted).containsExactly("support");
  }

  @Test
  void accept_sameAlertAgain_dropped_alsoAfterARestart() {
    // Given
    DeliveryMemory restarted = new DeliveryMemory();
    desk.accept(opened("e1"), NOW);
    for (Notification next : desk.due(NOW, 10)) {
      desk.answered(next, new Answer.Received(), NOW, 0).entries().forEach(restarted::add);
    }

    // When
    Ticket again = desk.accept(opened("e1"), NOW).ticket();
    Ticket afterRestart = desk(restarted).accept(opened("e1"), NOW).ticket();
    restarted.forget(NOW.plus(DeliveryMemory.KEPT).plusSeconds(1));
    Ticket afterFiveWeeks = desk(restarted).accept(opened("e1"), NOW).ticket();

    // Then
    assertThat(again.drop()).isEqualTo(Ticket.Drop.REPEATED);
    assertThat(afterRestart.drop()).isEqualTo(Ticket.Drop.REPEATED);
    assertThat(afterFiveWeeks.drop()).isNull();
  }

  @Test
  void accept_end_goesWhereTheBeginningWent_howeverOld() {
    // Given
    desk.use(table(owner("am")));
    desk.accept(opened("e1"), NOW);
    deliverAll(desk, NOW);
    desk.use(table(owner("slack")));
    Instant later = NOW.plus(Duration.ofHours(5));

    // When
    Ticket end = desk.accept(resolved("e1"), later).ticket();
    Ticket ofNobody = desk.accept(resolved("e2"), later).ticket();

    // Then
    assertThat(end.drop()).isNull();
    assertThat(deliverAll(desk, later)).containsExactly("am e1-RESOLVED-WARNING");
    assertThat(ofNobody.drop()).isEqualTo(Ticket.Drop.NOTHING_TO_RESOLVE);
  }

  /** It is the same episode, and another beginning and end of it. */
  @Test
  void accept_episodeThatComesBack_isToldAgain_withItsEnd() {
    // Given
    desk.use(table(owner("am")));
    desk.accept(opened("e1"), NOW);
    deliverAll(desk, NOW);
    desk.accept(resolved("e1"), NOW);
    deliverAll(desk, NOW);

    // When
    Ticket back = desk.accept(again(opened("e1")), NOW).ticket();
    List<String> told = deliverAll(desk, NOW);
    Ticket twice = desk.accept(again(opened("e1")), NOW).ticket();
    Ticket end = desk.accept(again(resolved("e1")), NOW).ticket();

    // Then
    assertThat(back.drop()).isNull();
    assertThat(told).containsExactly("am e1-OPENED-WARNING:9");
    assertThat(twice.drop()).isEqualTo(Ticket.Drop.REPEATED);
    assertThat(end.drop()).isNull();
    assertThat(deliverAll(desk, NOW)).containsExactly("am e1-RESOLVED-WARNING:9");
  }

  @Test
  void accept_endWhileTheBeginningIsTriedAgain_waitsForIt() {
    // Given
    desk.use(table(owner("am")));
    desk.accept(opened("e1"), NOW);
    Notification first = desk.due(NOW, 10).get(0);
    desk.answered(first, new Answer.NotNow("HTTP_503", null), NOW, 0);

    // When
    desk.accept(resolved("e1"), NOW);
    List<String> meanwhile = deliverAll(desk, NOW.plusMillis(100));
    List<String> then = deliverAll(desk, NOW.plusSeconds(2));
    List<String> last = deliverAll(desk, NOW.plusSeconds(2));

    // Then
    assertThat(meanwhile).isEmpty();
    assertThat(then).containsExactly("am e1-OPENED-WARNING");
    assertThat(last).containsExactly("am e1-RESOLVED-WARNING");
  }

  @Test
  void due_sameCause_firstAtOnce_othersTogetherAfterTheWindow() {
    // Given
    desk.use(table(owner("hook")));
    desk.accept(opened("e1"), NOW);
    List<String> first = deliverAll(desk, NOW);
    List<Ticket> others = new ArrayList<>();
    for (String episode : List.of("e2", "e3")) {
      others.add(desk.accept(grouped(opened(episode), "e1"), NOW).ticket());
    }
    Ticket otherCause = desk.accept(opened("e4"), NOW).ticket();

    // When
    List<String> within = deliverAll(desk, NOW.plusSeconds(1));
    desk.accept(grouped(opened("e1b"), "e1"), NOW);
    Notification merged = desk.due(NOW.plusSeconds(301), 10).get(0);
    List<DeliveryEntry> announced = desk.announcement(merged, NOW);

    // Then
    assertThat(first).containsExactly("hook e1-OPENED-WARNING");
    assertThat(within).containsExactly("hook e4-OPENED-WARNING");
    assertThat(otherCause.isSettled()).isTrue();
    assertThat(merged.items()).hasSize(3);
    assertThat(announced).hasSize(3);
    desk.answered(merged, new Answer.Received(), NOW.plusSeconds(302), 0);
    assertThat(others).allMatch(Ticket::isSettled);
  }

  /** The receiver honours keys, so what was announced comes again under the same one. */
  @Test
  void due_announcedBeforeARestart_sameAlertsUnderTheSameKey() {
    // Given
    desk.use(table(owner("hook")));
    desk.accept(grouped(opened("e1"), "g"), NOW);
    deliverAll(desk, NOW);
    List<Notice> notices = List.of(grouped(opened("e2"), "g"), grouped(opened("e3"), "g"));
    notices.forEach(notice -> desk.accept(notice, NOW));
    Instant later = NOW.plusSeconds(300);
    Notification merged = desk.due(later, 10).get(0);
    DeliveryMemory read = new DeliveryMemory();
    desk.announcement(merged, later).forEach(read::add);

    // When
    AlertDesk successor = desk(read);
    successor.use(table(owner("hook")));
    notices.forEach(notice -> successor.accept(notice, later));
    successor.accept(grouped(opened("e5"), "g"), later);
    Notification again = successor.due(later, 10).get(0);

    // Then
    assertThat(again.id()).isEqualTo(merged.id()).startsWith("merged-");
    assertThat(again.items()).hasSize(2);
    assertThat(successor.announcement(again, later)).isEmpty();
  }

  @Test
  void due_alertmanager_neverMerged() {
    desk.use(table(owner("am")));
    desk.accept(grouped(opened("e1"), "g"), NOW);
    desk.accept(grouped(opened("e2"), "g"), NOW);
    assertThat(deliverAll(desk, NOW)).hasSize(2);
  }

  @Test
  void answered_notNow_pauseGrows_receiverMayAskForMore_thenGivenUp() {
    // Given
    desk.use(table(owner("hook")));
    Ticket ticket = desk.accept(opened("e1"), NOW).ticket();
    Notification next = desk.due(NOW, 10).get(0);

    // When
    AlertDesk.Judged first = desk.answered(next, new Answer.NotNow("IO", null), NOW, 1);
    List<Notification> early = desk.due(NOW.plusMillis(999), 10);
    desk.due(NOW.plusMillis(1000), 10);
    desk.answered(
        next, new Answer.NotNow("HTTP_429", Duration.ofSeconds(20)), NOW.plusSeconds(1), 0);
    List<Notification> asked = desk.due(NOW.plusSeconds(20), 10);
    desk.due(NOW.plusSeconds(21), 10);
    AlertDesk.Judged last =
        desk.answered(
            next, new Answer.NotNow("HTTP_429", Duration.ofSeconds(50)), NOW.plusSeconds(21), 0);

    // Then
    assertThat(first.verdict()).isEqualTo(AlertDesk.Verdict.RETRIED);
    assertThat(early).isEmpty();
    assertThat(asked).isEmpty();
    assertThat(last.verdict()).isEqualTo(AlertDesk.Verdict.FAILED);
    assertThat(last.entries())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.outcome()).isEqualTo(DeliveryEntry.Outcome.FAILED);
              assertThat(entry.reason()).isEqualTo("HTTP_429");
              assertThat(entry.attempts()).isEqualTo(3);
            });
    assertThat(ticket.isUndelivered()).isTrue();
  }

  @Test
  void answered_refusedByOne_deliveredByTheOther_isDelivered() {
    // Given
    desk.use(table(owner("hook", "am")));
    Ticket ticket = desk.accept(opened("e1"), NOW).ticket();

    // When
    for (Notification next : desk.due(NOW, 10)) {
      desk.answered(
          next,
          next.route().equals("am") ? new Answer.Received() : new Answer.Refused("HTTP_400"),
          NOW,
          0);
    }

    // Then
    assertThat(ticket.isSettled()).isTrue();
    assertThat(ticket.isUndelivered()).isFalse();
  }

  @Test
  void pause_staysBetweenHalfAndAll_andBelowTheMost() {
    assertThat(Desks.RULES.pause(1, 0)).isEqualTo(Duration.ofMillis(500));
    assertThat(Desks.RULES.pause(3, 1)).isEqualTo(Duration.ofSeconds(4));
    assertThat(Desks.RULES.pause(60, 1)).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void accept_summary_onceToPeople_neverToAlertmanager() {
    // Given
    desk.use(table(owner("slack", "am")));
    DayFigures figures = new DayFigures(LocalDate.parse("2026-03-03"));
    figures.addSpend(
        "default", "support", "a", LocalDate.parse("2026-03-03"), new BigDecimal("12.5"), 10, 1);
    figures.addSpend(
        "default", "support", "b", LocalDate.parse("2026-03-03"), new BigDecimal("30"), 10, 0);
    figures.addSpend(
        "default", "support", "a", LocalDate.parse("2026-03-02"), new BigDecimal("85"), 1, 0);
    DaySummary summary = figures.summaries().get(0);

    // When
    desk.accept(summary, NOW, NOW);
    desk.accept(summary, NOW, NOW);
    Notification told = desk.due(NOW, 10).get(0);
    desk.answered(told, new Answer.Received(), NOW, 0);
    desk.accept(summary, NOW, NOW);

    // Then
    assertThat(desk.due(NOW, 10)).isEmpty();
    assertThat(SlackBody.of(told, ""))
        .contains("$42.50 for 20 calls", "-50 % against the day before ($85.00)", "b $30.00");
    assertThat(WebhookBody.of(told, "")).contains("\"cost\":\"42.5\"", "\"unpriced_calls\":1");
  }
}
