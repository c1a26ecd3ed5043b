package dev.tributary.alertrouter;

import dev.tributary.alertrouter.core.Ticket;
import dev.tributary.runtime.metrics.InputMetrics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Alerts of one partition in their order, until all before them are settled. */
final class PartitionTrack {
  /**
   * A record that was read.
   *
   * @param record as it came
   * @param ticket of its alert; null: it is none, and was dealt with
   */
  record Tracked(ConsumerRecord<byte[], byte[]> record, @Nullable Ticket ticket) {
    boolean isSettled() {
      return ticket == null || ticket.isSettled();
    }
  }

  private final InputMetrics metrics;
  private final Deque<Tracked> open = new ArrayDeque<>();
  private final Set<Long> undelivered = new HashSet<>();
  private long next;
  private long committed;

  /**
   * Nothing read yet.
   *
   * @param first offset of the first record that will be added
   */
  PartitionTrack(InputMetrics metrics, long first) {
    this.metrics = metrics;
    this.next = first;
    this.committed = first;
  }

  void add(ConsumerRecord<byte[], byte[]> record, @Nullable Ticket ticket) {
    open.add(new Tracked(record, ticket));
    next = record.offset() + 1;
    metrics.received();
    metrics.inState(1);
  }

  /** The records of alerts that no route took and of which nobody was told yet, in order. */
  List<ConsumerRecord<byte[], byte[]>> newlyUndelivered() {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    for (Tracked tracked : open) {
      Ticket ticket = tracked.ticket();
      if (ticket != null && ticket.isUndelivered() && undelivered.add(tracked.record().offset())) {
        found.add(tracked.record());
      }
    }
    return found;
  }

  /** Takes what is settled off the front. */
  void settle() {
    while (!open.isEmpty() && open.peek().isSettled()) {
      Tracked done = open.remove();
      metrics.inState(-1);
      Ticket ticket = done.ticket();
      if (ticket == null) {
        metrics.deadLettered();
      } else if (ticket.drop() != null) {
        metrics.dropped(ticket.drop());
      } else if (ticket.isUndelivered()) {
        undelivered.remove(done.record().offset());
        metrics.deadLettered();
      } else {
        metrics.sentPrimary();
      }
    }
  }

  /** What was read and is not settled goes back to whoever reads next. */
  void giveUp() {
    open.forEach(
        tracked -> {
          metrics.inState(-1);
          metrics.dropped("REASSIGNED");
        });
    open.clear();
  }

  /** The offset to commit: the first that is not settled. */
  long settledUpTo() {
    return open.isEmpty() ? next : open.peek().record().offset();
  }

  boolean isToCommit() {
    return settledUpTo() > committed;
  }

  void committed() {
    committed = settledUpTo();
  }
}
