package dev.tributary.alertrouter.core;

import static dev.tributary.alertrouter.core.Desks.deliverAll;
import static dev.tributary.alertrouter.core.Desks.table;
import static dev.tributary.alertrouter.core.Notices.NOW;
import static dev.tributary.alertrouter.core.Notices.again;
import static dev.tributary.alertrouter.core.Notices.of;
import static dev.tributary.alertrouter.core.Notices.opened;
import static dev.tributary.alertrouter.core.Notices.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The exact limits at which an alert is told no more, and what is kept of one that was not. */
final class DeskBoundsTest {
  private final DeliveryMemory memory = new DeliveryMemory();
  private final AlertDesk desk = Desks.of(memory, "hook");

  private static Notice agedBy(Duration age) {
    return of("e1", EpisodeState.OPENED, Severity.WARNING, NOW.minus(age), List.of());
  }

  private static TeamRouting atLeast(Severity least) {
    return new TeamRouting("p", "support", List.of("hook"), least, null);
  }

  private static Silence quietUntil(Silence.Kind kind, Instant until) {
    Matcher support = new Matcher(new TreeMap<>(Map.of("team", "support")));
    return new Silence("s", kind, support, null, until, List.of());
  }

  @Test
  void accept_exactlyAsOldAsTheLimit_isTold() {
    Duration limit = Desks.RULES.ageLimit();
    assertThat(desk.accept(agedBy(limit), NOW).ticket().drop()).isNull();
    assertThat(desk.accept(agedBy(limit.plusNanos(1)), NOW).ticket().drop())
        .isEqualTo(Ticket.Drop.TOO_OLD);
  }

  @Test
  void accept_asSevereAsTheTeamWants_isTold() {
    desk.use(table(new RoutingTable(List.of(), List.of(), List.of(atLeast(Severity.WARNING)))));
    assertThat(desk.accept(opened("e1"), NOW).ticket().drop()).isNull();
  }

  /** Every attempt but one beyond the limit is made. */
  @Test
  void answered_nextAttemptExactlyAtTheEnd_isMade() {
    // Given
    desk.accept(opened("e1"), NOW);
    Notification next = desk.due(NOW, 10).get(0);
    Duration limit = Desks.RULES.giveUpAfter();

    // When
    AlertDesk.Verdict within =
        desk.answered(next, new Answer.NotNow("HTTP_429", limit), NOW, 0).verdict();
    List<Notification> last = desk.due(NOW.plus(limit), 10);
    AlertDesk.Verdict beyond =
        desk.answered(next, new Answer.NotNow("HTTP_429", null), NOW.plus(limit), 0).verdict();

    // Then
    assertThat(within).isEqualTo(AlertDesk.Verdict.RETRIED);
    assertThat(last).containsExactly(next);
    assertThat(beyond).isEqualTo(AlertDesk.Verdict.FAILED);
  }

  @Test
  void accept_inMaintenance_writtenDown_notToldWhenItComesAgainAfterwards() {
    // Given
    Instant end = NOW.plusSeconds(60);
    Silence work = quietUntil(Silence.Kind.MAINTENANCE, end);
    desk.use(table(new RoutingTable(List.of(), List.of(work), List.of())));

    // When
    AlertDesk.Accepted accepted = desk.accept(opened("e1"), NOW);
    Ticket again = desk.accept(opened("e1"), end).ticket();
    DeliveryMemory read = new DeliveryMemory();
    accepted.entries().forEach(read::add);
    Ticket afterRestart = Desks.of(read, "hook").accept(opened("e1"), end).ticket();

    // Then
    assertThat(accepted.ticket().drop()).isEqualTo(Ticket.Drop.MAINTENANCE);
    assertThat(accepted.entries()).extracting(DeliveryEntry::reason).containsExactly("MAINTENANCE");
    assertThat(again.drop()).isEqualTo(Ticket.Drop.REPEATED);
    assertThat(afterRestart.drop()).isEqualTo(Ticket.Drop.REPEATED);
  }

  @Test
  void accept_sameAlertWhileItIsOnItsWay_isToldOnce() {
    // Given
    desk.accept(opened("e1"), NOW);

    // When
    Ticket again = desk.accept(opened("e1"), NOW).ticket();

    // Then
    assertThat(again.drop()).isEqualTo(Ticket.Drop.REPEATED);
    assertThat(desk.pending()).isEqualTo(1);
  }

  /** The configuration may have changed since. */
  @Test
  void accept_endOfWhatARouteWasTold_thatIsNoMore_dropped() {
    // Given
    DeliveryEntry told =
        DeliveryEntry.of(
            new Content.OfAlert(opened("e1")),
            "gone",
            DeliveryEntry.Outcome.DELIVERED,
            null,
            null,
            NOW);
    memory.add(told);

    // Then
    assertThat(desk.accept(resolved("e1"), NOW).ticket().drop())
        .isEqualTo(Ticket.Drop.NOTHING_TO_RESOLVE);
  }

  /** Whose receiver is away is still to hear the end of what it was told, but no other. */
  @Test
  void accept_endOfWhatCameBackToAnother_isNotToldToTheOneBeforeAgain() {
    // Given
    desk.accept(opened("e1"), NOW);
    deliverAll(desk, NOW);
    desk.accept(resolved("e1"), NOW);
    Instant later = NOW.plus(Desks.RULES.mergeWindow());
    Notification end = desk.due(later, 10).get(0);
    desk.answered(end, new Answer.NotNow("HTTP_503", null), later, 0);
    desk.use(table(Desks.owner("am")));
    desk.accept(again(opened("e1")), later);
    List<String> back = deliverAll(desk, later);

    // When
    desk.accept(again(resolved("e1")), later);
    Ticket repeated = desk.accept(resolved("e1"), later).ticket();
    List<String> told = new ArrayList<>(deliverAll(desk, later.plusSeconds(10)));
    told.addAll(deliverAll(desk, later.plus(Desks.RULES.mergeWindow()).plusSeconds(10)));

    // Then
    assertThat(back).containsExactly("am e1-OPENED-WARNING:9");
    assertThat(told)
        .containsExactlyInAnyOrder("am e1-RESOLVED-WARNING:9", "hook e1-RESOLVED-WARNING");
    assertThat(repeated.drop()).isEqualTo(Ticket.Drop.REPEATED);
  }

  /** A restart reads the end anew, when what came back is known to have been told. */
  @Test
  void accept_endAfterARestart_isNotOfWhatCameBackSince() {
    // Given
    desk.accept(opened("e1"), NOW);
    deliverAll(desk, NOW);
    desk.use(table(Desks.owner("am")));
    desk.accept(cameBack(opened("e1")), NOW.plusSeconds(60));
    deliverAll(desk, NOW.plusSeconds(60));
    AlertDesk successor = Desks.of(memory, "am");

    // When
    successor.accept(resolved("e1"), NOW.plusSeconds(70));
    List<String> told = deliverAll(successor, NOW.plusSeconds(70));
    successor.accept(cameBack(resolved("e1")), NOW.plusSeconds(80));
    List<String> then = deliverAll(successor, NOW.plusSeconds(80));

    // Then
    assertThat(told).containsExactly("hook e1-RESOLVED-WARNING");
    assertThat(then).containsExactly("am e1-RESOLVED-INFO");
  }

  /** A minute later, which other severities tell apart here. */
  private static Notice cameBack(Notice notice) {
    Severity severity = notice.state() == EpisodeState.OPENED ? Severity.CRITICAL : Severity.INFO;
    return of(
        notice.episodeId(),
        notice.state(),
        severity,
        notice.createdAt().plusSeconds(60),
        List.of());
  }

  @Test
  void due_asManyAsMayBeUnderWay_theNextWhenOneIsAnswered() {
    // Given
    desk.accept(opened("e1"), NOW);
    desk.accept(opened("e2"), NOW);

    // When
    List<Notification> first = desk.due(NOW, 1);
    List<Notification> meanwhile = desk.due(NOW, 1);
    desk.answered(first.get(0), new Answer.Received(), NOW, 0);
    List<Notification> then = desk.due(NOW, 1);

    // Then
    assertThat(first).extracting(Notification::id).containsExactly("e1-OPENED-WARNING");
    assertThat(meanwhile).isEmpty();
    assertThat(then).extracting(Notification::id).containsExactly("e2-OPENED-WARNING");
    assertThat(desk.inFlight()).isEqualTo(1);
  }

  @Test
  void accept_summary_isNotForAlertmanager() {
    // Given
    AlertDesk machines = Desks.of(memory, "am");
    DayFigures figures = new DayFigures(LocalDate.parse("2026-03-03"));
    figures.addEpisodes("default", "support", 1, null);

    // When
    machines.accept(figures.summaries().get(0), NOW, NOW);

    // Then
    assertThat(deliverAll(machines, NOW)).isEmpty();
  }

  /** A day is told once, whoever asks again; the next day is another. */
  @Test
  void accept_summary_isToldOnce_andWrittenDownAsTheTeams() {
    // Given
    AlertDesk people = Desks.of(memory, "slack");
    Function<String, DaySummary> ofDay =
        day -> {
          DayFigures figures = new DayFigures(LocalDate.parse(day));
          figures.addEpisodes("default", "support", 1, null);
          return figures.summaries().get(0);
        };

    // When
    people.accept(ofDay.apply("2026-03-03"), NOW, NOW);
    people.accept(ofDay.apply("2026-03-03"), NOW, NOW);
    Notification first = people.due(NOW, 10).get(0);
    DeliveryEntry entry = people.answered(first, new Answer.Received(), NOW, 0).entries().get(0);
    people.accept(ofDay.apply("2026-03-03"), NOW, NOW);
    people.accept(ofDay.apply("2026-03-04"), NOW, NOW);

    // Then
    assertThat(entry.tenant()).isEqualTo("default");
    assertThat(entry.team()).isEqualTo("support");
    assertThat(entry.state()).isEqualTo("SUMMARY");
    assertThat(entry.severity()).isEqualTo(Severity.INFO);
    assertThat(entry.alertId()).isEqualTo("summary|default|support|2026-03-03");
    assertThat(people.pending()).isEqualTo(1);
    assertThat(deliverAll(people, NOW)).containsExactly("slack summary|default|support|2026-03-04");
  }

  /** What waits for the route is another episode's. */
  @Test
  void accept_endOfWhatNobodyWasToldOf_whileAnotherWaits_dropped() {
    // Given
    desk.accept(opened("e1"), NOW);

    // When
    Ticket end = desk.accept(resolved("e2"), NOW).ticket();

    // Then
    assertThat(end.drop()).isEqualTo(Ticket.Drop.NOTHING_TO_RESOLVE);
    assertThat(desk.pending()).isEqualTo(1);
  }

  @Test
  void pending_isCountedByRoute_sinceTheOneThatWaitsLongest() {
    // Given
    AlertDesk two = Desks.of(new DeliveryMemory(), "hook", "am");
    two.accept(opened("e1"), NOW);
    two.accept(opened("e2"), NOW.minusSeconds(5));

    // Then
    assertThat(two.pendingByRoute()).isEqualTo(Map.of("hook", 2L, "am", 2L));
    assertThat(two.oldestPending()).contains(NOW.minusSeconds(5));
    deliverAll(two, NOW);
    assertThat(two.oldestPending()).isEmpty();
  }
}
