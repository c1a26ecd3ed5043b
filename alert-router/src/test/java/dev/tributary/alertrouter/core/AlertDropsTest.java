package dev.tributary.alertrouter.core;

import static dev.tributary.alertrouter.core.Desks.deliverAll;
import static dev.tributary.alertrouter.core.Desks.owner;
import static dev.tributary.alertrouter.core.Desks.table;
import static dev.tributary.alertrouter.core.Notices.NOW;
import static dev.tributary.alertrouter.core.Notices.again;
import static dev.tributary.alertrouter.core.Notices.of;
import static dev.tributary.alertrouter.core.Notices.opened;
import static dev.tributary.alertrouter.core.Notices.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Why nobody is told of an alert, and what of it is written down. */
final class AlertDropsTest {
  private final DeliveryMemory memory = new DeliveryMemory();
  private final AlertDesk desk = Desks.of(memory, Desks.SILENT);

  @Test
  void accept_olderThanTheLimit_dropped() {
    Notice old =
        of("e1", EpisodeState.OPENED, Severity.CRITICAL, NOW.minusSeconds(3601), List.of("hook"));
    assertThat(desk.accept(old, NOW).ticket().drop()).isEqualTo(Ticket.Drop.TOO_OLD);
    assertThat(deliverAll(desk, NOW)).isEmpty();
  }

  @Test
  void accept_silenced_droppedAndWrittenDown_endIsStillTold() {
    // Given
    desk.use(table(owner("hook")));
    desk.accept(opened("e0"), NOW);
    deliverAll(desk, NOW);
    Silence silence =
        new Silence(
            "s",
            Silence.Kind.SILENCED,
            new Matcher(new TreeMap<>(Map.of("feature", "support-*", "team", "support"))),
            null,
            NOW.plusSeconds(60),
            List.of());
    desk.use(table(new RoutingTable(List.of(), List.of(silence), List.of())));

    // When
    AlertDesk.Accepted accepted = desk.accept(opened("e1"), NOW);
    Ticket end = desk.accept(resolved("e0"), NOW).ticket();
    Ticket afterwards = desk.accept(opened("e2"), NOW.plusSeconds(61)).ticket();

    // Then
    assertThat(accepted.ticket().drop()).isEqualTo(Ticket.Drop.SILENCED);
    assertThat(accepted.entries())
        .singleElement()
        .satisfies(entry -> assertThat(entry.reason()).isEqualTo("SILENCED"));
    assertThat(end.drop()).isNull();
    assertThat(afterwards.drop()).isNull();
  }

  @Test
  void accept_belowWhatTheTeamWants_dropped() {
    desk.use(
        table(
            new RoutingTable(
                List.of(),
                List.of(),
                List.of(new TeamRouting("p", "support", List.of(), Severity.CRITICAL, null)))));
    AlertDesk.Accepted accepted = desk.accept(opened("e1"), NOW);

    assertThat(accepted.ticket().drop()).isEqualTo(Ticket.Drop.LOW_SEVERITY);
    assertThat(accepted.entries())
        .extracting(DeliveryEntry::reason)
        .containsExactly("LOW_SEVERITY");
  }

  /** The warning was none for them; what becomes critical is told once, and so is its end. */
  @Test
  void accept_episodeThatBecomesCritical_isToldToWhomWantsCriticalOnes_once() {
    // Given
    desk.use(
        table(
            new RoutingTable(
                List.of(),
                List.of(),
                List.of(
                    new TeamRouting("p", "support", List.of("hook"), Severity.CRITICAL, null)))));
    desk.accept(opened("e1"), NOW);
    Notice critical =
        of("e1", EpisodeState.UPDATED, Severity.CRITICAL, NOW.minusSeconds(40), List.of());

    // When
    desk.accept(critical, NOW);
    List<String> told = deliverAll(desk, NOW);
    Ticket again = desk.accept(critical, NOW).ticket();
    Ticket end = desk.accept(resolved("e1"), NOW).ticket();
    Ticket endAgain = desk.accept(resolved("e1"), NOW).ticket();

    // Then
    assertThat(told).containsExactly("hook e1-UPDATED-CRITICAL");
    assertThat(again.drop()).isEqualTo(Ticket.Drop.REPEATED);
    assertThat(end.drop()).isNull();
    assertThat(deliverAll(desk, NOW.plus(Duration.ofMinutes(10))))
        .containsExactly("hook e1-RESOLVED-WARNING");
    assertThat(endAgain.isSettled()).isTrue();
  }

  /** Who looks for an alert that nobody got finds out why; and it is told once there is a route. */
  @Test
  void accept_noRoute_writtenDown_toldWhenItComesAgainWithOne() {
    // Given
    AlertDesk without = new AlertDesk(Desks.RULES, Map.of(), memory, Desks.SILENT);

    // When
    AlertDesk.Accepted accepted = without.accept(opened("e1"), NOW);
    accepted.entries().forEach(memory::add);
    Ticket again = desk.accept(opened("e1"), NOW).ticket();

    // Then
    assertThat(accepted.ticket().drop()).isEqualTo(Ticket.Drop.NO_ROUTE);
    assertThat(accepted.entries())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.reason()).isEqualTo("NO_ROUTE");
              assertThat(entry.outcome()).isEqualTo(DeliveryEntry.Outcome.DROPPED);
            });
    assertThat(again.drop()).isNull();
  }

  /** It was delivered, and stays delivered, however late it is read again. */
  @Test
  void accept_deliveredAndReadAgain_notWrittenDownAsDropped() {
    // Given
    Instant later = NOW.plus(Duration.ofHours(2));
    desk.accept(opened("e1"), NOW);
    deliverAll(desk, NOW);
    desk.accept(resolved("e1"), NOW);
    deliverAll(desk, later);

    // When
    AlertDesk.Accepted opening = desk.accept(opened("e1"), later);
    AlertDesk.Accepted end = desk.accept(resolved("e1"), later);

    // Then
    assertThat(opening.entries()).isEmpty();
    assertThat(end.entries()).isEmpty();
    assertThat(List.of(opening.ticket(), end.ticket()))
        .extracting(Ticket::drop)
        .containsOnly(Ticket.Drop.REPEATED);
  }

  @Test
  void accept_endOfWhatNobodyWasToldOf_writtenDown() {
    assertThat(desk.accept(resolved("e0"), NOW).entries())
        .extracting(DeliveryEntry::reason)
        .containsExactly("NOTHING_TO_RESOLVE");
  }
}
