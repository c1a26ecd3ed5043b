package dev.tributary.evaldispatch.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.evaldispatch.core.Backlog.Waiting;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Jobs that wait, of one task and of all. */
class QueueBookTest {
  private static final Queue JUDGE =
      new Queue("default", "production", "blue", "faithfulness", "judge");
  private static final Queue FAST = new Queue("default", "staging", "blue", "refusal", "fast");
  private static final long MINUTE_US = 60_000_000;

  private final TreeMap<String, String> saved = new TreeMap<>();
  private final StateLog log =
      (key, value) -> {
        if (value == null) {
          saved.remove(key);
        } else {
          saved.put(key, value);
        }
      };

  @Test
  void backlog_answered_theNextOldestCountsThenOnceNothing() {
    Backlog backlog = new Backlog();
    backlog.add(JUDGE, 3 * MINUTE_US + 7);
    backlog.add(JUDGE, MINUTE_US);
    assertThat(backlog.take()).containsExactly(new Waiting(JUDGE, 2, MINUTE_US));

    backlog.remove(JUDGE, MINUTE_US);
    assertThat(backlog.take()).containsExactly(new Waiting(JUDGE, 1, 3 * MINUTE_US));

    backlog.remove(JUDGE, 3 * MINUTE_US + 7);
    assertThat(backlog.take()).containsExactly(new Waiting(JUDGE, 0, 0));
    assertThat(backlog.take()).isEmpty();
  }

  @Test
  void book_ofTwoPartitions_sumsJobsAndTakesTheOldest() {
    QueueBook book = new QueueBook(log);
    book.tell("0", new Waiting(JUDGE, 2, 5 * MINUTE_US));
    book.tell("1", new Waiting(JUDGE, 3, MINUTE_US));
    book.tell("1", new Waiting(FAST, 1, 2 * MINUTE_US));

    List<Waiting> expected =
        List.of(new Waiting(FAST, 1, 2 * MINUTE_US), new Waiting(JUDGE, 5, MINUTE_US));
    assertThat(book.take()).containsExactlyElementsOf(expected);
    // What waits is told again; a number told twice counts once.
    book.tell("1", new Waiting(JUDGE, 3, MINUTE_US));
    assertThat(book.take()).containsExactlyElementsOf(expected);
  }

  @Test
  void book_emptied_isSaidOnceAndForgotten() {
    QueueBook book = new QueueBook(log);
    book.tell("0", new Waiting(JUDGE, 2, MINUTE_US));
    book.tell("0", new Waiting(JUDGE, 0, 0));

    assertThat(book.take()).containsExactly(new Waiting(JUDGE, 0, 0));
    assertThat(book.take()).isEmpty();
    assertThat(saved).isEmpty();
  }

  @Test
  void book_restored_saysTheSame() {
    QueueBook book = new QueueBook(log);
    book.tell("0", new Waiting(JUDGE, 2, MINUTE_US));
    book.tell("1", new Waiting(FAST, 4, MINUTE_US));
    QueueBook restored = new QueueBook(StateLog.NONE);
    saved.forEach(restored::restore);

    assertThat(restored.take()).isEqualTo(book.take());
  }

  /** A task that lost its queue's end in a crash would leave it open for ever. */
  @Test
  void book_taskBeganAnew_itsQueuesAreEmptyUntilItTellsThem() {
    QueueBook book = new QueueBook(log);
    book.tell("0", new Waiting(JUDGE, 2, MINUTE_US));
    book.tell("1", new Waiting(JUDGE, 1, 2 * MINUTE_US));

    book.forget("0");

    assertThat(book.take()).containsExactly(new Waiting(JUDGE, 1, 2 * MINUTE_US));
  }

  @Test
  void book_tooManyQueues_countedAndLeftOut() {
    QueueBook book = new QueueBook(log);
    for (int i = 0; i < QueueBook.MOST_QUEUES + 5; i++) {
      book.tell(
          "0", new Waiting(new Queue("default", "production", "t" + i, "x", "fast"), 1, MINUTE_US));
    }

    assertThat(book.take()).hasSize(QueueBook.MOST_QUEUES);
    assertThat(book.takeRefused()).isEqualTo(5);
  }
}
