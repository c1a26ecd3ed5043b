package dev.tributary.sink.clickhouse;

import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.sink.clickhouse.core.BlockLimits;
import dev.tributary.sink.clickhouse.core.Intent;
import dev.tributary.sink.clickhouse.core.PartitionLoad;
import dev.tributary.sink.clickhouse.core.TopicLayout;
import java.util.ArrayDeque;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One assigned partition: its protocol state and the records that wait to be decoded. */
final class PartitionWork {
  private final TopicPartition partition;
  private final TopicLayout layout;
  private final PartitionLoad<OpenBlock> load;
  private final InputMetrics metrics;
  private final ArrayDeque<ConsumerRecord<byte[], byte[]>> queue = new ArrayDeque<>();
  private int inState;
  private long retryAtMs;
  private long lastCommitMs;
  private boolean isBeforeGap;
  private @Nullable OpenBlock filling;

  PartitionWork(
      TopicPartition partition,
      TopicLayout layout,
      long start,
      @Nullable Intent pending,
      InputMetrics metrics) {
    this.partition = partition;
    this.layout = layout;
    this.metrics = metrics;
    this.load = new PartitionLoad<>(start, pending, layout.version(), () -> new OpenBlock(layout));
  }

  TopicPartition partition() {
    return partition;
  }

  TopicLayout layout() {
    return layout;
  }

  PartitionLoad<OpenBlock> load() {
    return load;
  }

  ArrayDeque<ConsumerRecord<byte[], byte[]>> queue() {
    return queue;
  }

  /**
   * Moves waiting records into the open block until it is complete, or until one must wait for the
   * registry.
   */
  void fill(RecordDecoder decoder, BlockLimits limits, long nowMs) {
    int sinceMeasured = 0;
    while (!queue.isEmpty() && load.canTake()) {
      ConsumerRecord<byte[], byte[]> record = queue.peek();
      OpenBlock block = filling;
      if (block == null) {
        block = load.take(record.offset(), nowMs);
      }
      // Remembered while the registry does not answer: the record has joined the block already.
      filling = block;
      if (!decoder.add(record, layout, block)) {
        return;
      }
      filling = null;
      queue.remove();
      metrics.received();
      metrics.inState(1);
      inState++;
      // Measuring walks over the columns, so not after every record.
      boolean isMeasured = ++sinceMeasured % 256 == 0;
      load.sealIfDue(isMeasured ? block.data().bytes() : 0, nowMs, limits);
    }
    load.open().ifPresent(open -> load.sealIfDue(open.data().bytes(), nowMs, limits));
  }

  /** True while the record at the head of the queue has joined the open block without a row. */
  boolean isWaitingForSchema() {
    return filling != null;
  }

  /** A block has ended: counts what became of its records. */
  void ended(OpenBlock block) {
    int rows = block.data().rows();
    if (block.isQuarantined()) {
      repeat(rows, metrics::deadLettered);
    } else {
      metrics.sentPrimary(rows);
    }
    repeat(block.deadLetters(), metrics::deadLettered);
    repeat(block.withoutRow(), () -> metrics.dropped("NO_TABLE"));
    repeat(block.tombstones(), () -> metrics.dropped("TOMBSTONE"));
    metrics.inState(-block.records());
    inState -= block.records();
  }

  /** The partition is somebody else's now: what was read is read again there. */
  void abandoned() {
    repeat(inState, () -> metrics.dropped("REASSIGNED"));
    metrics.inState(-inState);
    inState = 0;
    queue.clear();
  }

  /** Records taken and not yet in ClickHouse, queued ones included. */
  long waiting() {
    return inState + (long) queue.size();
  }

  long bufferedBytes() {
    long bytes = load.open().map(block -> block.data().bytes()).orElse(0L);
    return bytes + load.moving().map(block -> block.payload().data().bytes()).orElse(0L);
  }

  /** The records after those that were read are gone; they are given up when those have gone. */
  void holdBeforeGap() {
    isBeforeGap = true;
  }

  /** Whether nothing more is read until what was read is in ClickHouse. */
  boolean isHeld() {
    return isBeforeGap && isUnderWay();
  }

  boolean isUnderWay() {
    return !queue.isEmpty() || load.isUnderWay();
  }

  void retryAt(long ms) {
    retryAtMs = ms;
  }

  /** Whether the pause after a failed attempt is over. */
  boolean isRetryDue(long nowMs) {
    return load.isFailed() && nowMs >= retryAtMs;
  }

  void committedAt(long nowMs) {
    lastCommitMs = nowMs;
  }

  long lastCommitMs() {
    return lastCommitMs;
  }

  private static void repeat(int times, Runnable action) {
    for (int i = 0; i < times; i++) {
      action.run();
    }
  }
}
