package dev.tributary.alertrouter;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;

/**
 * Whether the group still counts us in. A process that stood still for longer than its session
 * (SIGSTOP, a machine asleep) goes on with alerts that a successor has delivered meanwhile, and
 * polls may come after sends. What the group accepts is a commit: within half a session of one,
 * nobody else has our partitions.
 */
final class Membership {
  private final Consumer<byte[], byte[]> consumer;
  private final Duration trust;
  private final Clock clock;
  private Instant provenAt = Instant.MIN;

  /**
   * Not proven yet.
   *
   * @param trust how long after a commit we are sure to be a member
   */
  Membership(Consumer<byte[], byte[]> consumer, Duration trust, Clock clock) {
    this.consumer = consumer;
    this.trust = trust;
    this.clock = clock;
  }

  /**
   * Commits.
   *
   * @throws org.apache.kafka.clients.consumer.CommitFailedException no member any more
   */
  void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    Instant before = clock.instant();
    consumer.commitSync(offsets);
    provenAt = before;
  }

  /**
   * Asks the group where its last answer is too old; false while the group changes.
   *
   * @param standing offsets of all our partitions as they are, which is what it is asked with
   * @throws org.apache.kafka.clients.consumer.CommitFailedException no member any more
   */
  boolean isSure(Supplier<Map<TopicPartition, OffsetAndMetadata>> standing) {
    Instant now = clock.instant();
    // A clock that was set back proves nothing.
    if (!now.isBefore(provenAt) && now.isBefore(end())) {
      return true;
    }
    Map<TopicPartition, OffsetAndMetadata> offsets = standing.get();
    if (offsets.isEmpty()) {
      return false; // nothing to ask with is nothing to be sure of
    }
    try {
      commit(offsets);
      return true;
    } catch (RebalanceInProgressException e) {
      return false;
    }
  }

  private Instant end() {
    return provenAt.equals(Instant.MIN) ? Instant.MIN : provenAt.plus(trust);
  }

  /** Partitions came or went: what was proven was of others. */
  void forget() {
    provenAt = Instant.MIN;
  }
}
