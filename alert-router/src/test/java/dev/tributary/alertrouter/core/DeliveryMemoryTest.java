package dev.tributary.alertrouter.core;

import static dev.tributary.alertrouter.core.Notices.NOW;
import static dev.tributary.alertrouter.core.Notices.of;
import static dev.tributary.alertrouter.core.Notices.opened;
import static dev.tributary.alertrouter.core.Notices.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.alertrouter.core.DeliveryEntry.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the entries of the topic say. */
final class DeliveryMemoryTest {
  private static final String ROUTE = "hook";

  private final DeliveryMemory memory = new DeliveryMemory();

  private void add(Notice notice, Outcome outcome) {
    Content content = new Content.OfAlert(notice);
    Item item = new Item(null, content, ROUTE, NOW);
    Item other = new Item(null, new Content.OfAlert(opened("other")), ROUTE, NOW);
    List<Item> both = List.of(item, other);
    Notification merged =
        new Notification(Notification.idOf(ROUTE, both), ROUTE, both, Map.of(), true, NOW);
    memory.add(DeliveryEntry.of(content, ROUTE, outcome, null, merged, NOW));
  }

  @Test
  void announced_untilItIsSettled() {
    add(opened("e1"), Outcome.ANNOUNCED);
    assertThat(memory.announced("e1-OPENED-WARNING", ROUTE))
        .satisfies(known -> assertThat(known.size()).isEqualTo(2));

    add(opened("e1"), Outcome.DELIVERED);
    assertThat(memory.announced("e1-OPENED-WARNING", ROUTE)).isNull();
  }

  /** Two routers had the partition for a moment: the later entry says less than the earlier. */
  @Test
  void announced_afterItWasSettled_saysNothing() {
    add(opened("e1"), Outcome.DELIVERED);
    add(opened("e1"), Outcome.ANNOUNCED);
    assertThat(memory.announced("e1-OPENED-WARNING", ROUTE)).isNull();
    assertThat(memory.size()).isEqualTo(1);
  }

  @Test
  void openRoutes_fromTheDeliveryOfTheBeginning_toThatOfTheEnd() {
    add(opened("e1"), Outcome.FAILED);
    assertThat(memory.openRoutes("e1", NOW)).isEmpty();

    add(of("e1", EpisodeState.UPDATED, Severity.CRITICAL, NOW, List.of()), Outcome.DELIVERED);
    assertThat(memory.openRoutes("e1", NOW)).containsExactly(ROUTE);
    assertThat(memory.openSeverities("e1", ROUTE)).containsExactly(Severity.CRITICAL);

    add(resolved("e1"), Outcome.FAILED);
    assertThat(memory.openRoutes("e1", NOW)).containsExactly(ROUTE);

    add(resolved("e1"), Outcome.DELIVERED);
    assertThat(memory.openRoutes("e1", NOW)).isEmpty();
  }

  @Test
  void openRoutes_levelShift_isAnEnd() {
    add(opened("e1"), Outcome.DELIVERED);
    add(of("e1", EpisodeState.LEVEL_SHIFT, Severity.WARNING, NOW, List.of()), Outcome.DELIVERED);
    assertThat(memory.openRoutes("e1", NOW)).isEmpty();
  }

  @Test
  void forget_keepsWhatIsExactlyAsOld_forgetsOlder_withItsEpisode() {
    add(opened("e1"), Outcome.DELIVERED);

    memory.forget(NOW.plus(DeliveryMemory.KEPT));
    assertThat(memory.isSettled("e1-OPENED-WARNING", ROUTE)).isTrue();
    assertThat(memory.openRoutes("e1", NOW)).containsExactly(ROUTE);

    memory.forget(NOW.plus(DeliveryMemory.KEPT).plusMillis(1));
    assertThat(memory.isSettled("e1-OPENED-WARNING", ROUTE)).isFalse();
    assertThat(memory.openRoutes("e1", NOW)).isEmpty();
  }
}
