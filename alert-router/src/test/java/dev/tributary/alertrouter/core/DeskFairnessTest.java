package dev.tributary.alertrouter.core;

import static dev.tributary.alertrouter.core.Notices.NOW;
import static dev.tributary.alertrouter.core.Notices.of;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests under way are few: a receiver that does not answer must not keep them from others. */
final class DeskFairnessTest {
  private static final int MOST = 2;

  private final AlertDesk desk = Desks.of(new DeliveryMemory(), "am");

  private void accept(String episode, String route) {
    desk.accept(
        of(episode, EpisodeState.OPENED, Severity.WARNING, NOW.minusSeconds(60), List.of(route)),
        NOW);
  }

  @Test
  void due_oneReceiverHangs_theOthersGetTheNextRequest() {
    // Given
    for (int i = 0; i < 5; i++) {
      accept("hangs-" + i, "am");
    }
    List<Notification> first = desk.due(NOW, MOST);
    accept("healthy", "slack:#ai");

    // When
    desk.answered(first.get(0), new Answer.NotNow("TIMEOUT", null), NOW.plusSeconds(10), 1);
    List<Notification> next = desk.due(NOW.plusSeconds(10), MOST);

    // Then
    assertThat(first).extracting(Notification::route).containsExactly("am", "am");
    assertThat(next).extracting(Notification::route).containsExactly("slack:#ai");
  }

  /** Channels of one hook are one receiver. */
  @Test
  void due_targetsOfOneRoute_shareItsTurn() {
    // Given
    for (int i = 0; i < 5; i++) {
      accept("slack-" + i, "slack:#channel" + i);
    }
    accept("other", "hook");

    // When
    List<Notification> next = desk.due(NOW, MOST);

    // Then
    assertThat(next).extracting(Notification::route).containsExactly("slack:#channel0", "hook");
  }

  @Test
  void due_nobodyElseWaits_oneReceiverGetsAll_inOrder() {
    // Given
    for (int i = 0; i < 3; i++) {
      accept("e" + i, "am");
    }

    // When
    List<Notification> next = desk.due(NOW, MOST);

    // Then
    assertThat(next)
        .extracting(Notification::id)
        .containsExactly("e0-OPENED-WARNING", "e1-OPENED-WARNING");
    assertThat(desk.due(NOW, MOST)).isEmpty();
  }
}
