package dev.tributary.alertrouter.core;

import static dev.tributary.alertrouter.core.Desks.deliverAll;
import static dev.tributary.alertrouter.core.Notices.NOW;
import static dev.tributary.alertrouter.core.Notices.grouped;
import static dev.tributary.alertrouter.core.Notices.opened;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A clock that goes back: pauses are as long as they were to be, and not by a day longer. */
final class DeskClockTest {
  private static final Instant BACK = NOW.minus(Duration.ofDays(1));
  private static final Instant END = NOW.plus(Desks.RULES.mergeWindow());

  private final DeliveryMemory memory = new DeliveryMemory();
  private final AlertDesk desk = Desks.of(memory, "hook");

  @Test
  void due_triedAgain_afterThePauseByTheNewClock() {
    // Given
    desk.accept(opened("e1"), NOW);
    Notification next = desk.due(NOW, 10).get(0);
    desk.answered(next, new Answer.NotNow("IO", Duration.ofSeconds(20)), NOW, 0);
    desk.due(NOW.plusSeconds(1), 10);

    // When, Then: a second of the pause is over
    assertThat(desk.due(BACK, 10)).isEmpty();
    assertThat(desk.due(BACK.plusSeconds(18), 10)).isEmpty();
    assertThat(desk.due(BACK.plusSeconds(19), 10)).containsExactly(next);
    Answer.NotNow away = new Answer.NotNow("IO", Duration.ofSeconds(30));
    assertThat(desk.answered(next, away, BACK.plusSeconds(29), 0).verdict())
        .isEqualTo(AlertDesk.Verdict.RETRIED);
    desk.due(BACK.plusSeconds(59), 10);
    assertThat(desk.answered(next, away, BACK.plusSeconds(59), 0).verdict())
        .isEqualTo(AlertDesk.Verdict.FAILED);
  }

  @Test
  void due_collected_untilTheEndOfTheWindowByTheNewClock() {
    // Given
    desk.accept(grouped(opened("e1"), "g"), NOW);
    deliverAll(desk, NOW);
    desk.accept(grouped(opened("e2"), "g"), NOW);
    Duration window = Desks.RULES.mergeWindow();

    // When, Then
    assertThat(desk.due(BACK, 10)).isEmpty();
    assertThat(desk.due(BACK.plus(window).minusSeconds(1), 10)).isEmpty();
    assertThat(desk.due(BACK.plus(window), 10)).hasSize(1);
  }

  @Test
  void due_announcedBefore_waitsAMinuteByTheNewClock() {
    // Given
    DeliveryMemory read = Desks.announced(desk, Desks.twoOfAGroup(desk), END);
    AlertDesk successor = Desks.of(read, "hook");
    successor.accept(grouped(opened("e1"), "g"), NOW);
    successor.due(NOW, 10);

    // When, Then
    assertThat(successor.due(BACK, 10)).isEmpty();
    assertThat(successor.due(BACK.plusSeconds(60), 10)).hasSize(1);
  }

  /** The loop takes answers before it asks what is due. */
  @Test
  void answered_firstByTheNewClock_waitsAllOfItsPause() {
    // Given
    desk.accept(opened("e1"), NOW);
    Notification next = desk.due(NOW, 10).get(0);

    // When
    desk.answered(next, new Answer.NotNow("RATE_LIMITED", Duration.ofSeconds(20)), BACK, 0);

    // Then
    assertThat(desk.due(BACK.plusSeconds(19), 10)).isEmpty();
    assertThat(desk.due(BACK.plusSeconds(20), 10)).containsExactly(next);
  }

  @Test
  void answered_firstByTheNewClock_collectsForAllOfTheWindow() {
    // Given
    desk.accept(grouped(opened("e1"), "g"), NOW);
    Notification first = desk.due(NOW, 10).get(0);
    desk.accept(grouped(opened("e2"), "g"), NOW);
    Duration window = Desks.RULES.mergeWindow();

    // When
    desk.answered(first, new Answer.Received(), BACK, 0);

    // Then
    assertThat(desk.due(BACK.plus(window).minusSeconds(1), 10)).isEmpty();
    assertThat(desk.due(BACK.plus(window), 10)).hasSize(1);
  }

  @Test
  void accept_firstByTheNewClock_isWaitedForAllOfTheMinute() {
    // Given
    DeliveryMemory read = Desks.announced(desk, Desks.twoOfAGroup(desk), END);
    AlertDesk successor = Desks.of(read, "hook");
    successor.due(NOW, 10);

    // When
    successor.accept(grouped(opened("e1"), "g"), BACK);

    // Then
    assertThat(successor.due(BACK.plusSeconds(59), 10)).isEmpty();
    assertThat(successor.due(BACK.plusSeconds(60), 10)).hasSize(1);
  }
}
