package dev.tributary.sink.clickhouse;

import dev.tributary.sink.clickhouse.core.BlockData;
import dev.tributary.sink.clickhouse.core.TopicLayout;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What a block carries on its way: rows, and records that could not become rows. Filled by the
 * loading thread, then read by one inserting thread at a time.
 */
final class OpenBlock {
  private final BlockData data;
  private final List<ProducerRecord<byte[], byte[]>> deadLetters = new ArrayList<>();
  private int withoutRow;
  private int tombstones;
  private int refusals;
  private int attempts;
  private int failedLooks;
  private boolean hasSentDeadLetters;
  private boolean isQuarantined;

  OpenBlock(TopicLayout layout) {
    this.data = new BlockData(layout);
  }

  BlockData data() {
    return data;
  }

  /** Records taken, whatever became of them. */
  int records() {
    return data.rows() + deadLetters.size() + withoutRow + tombstones;
  }

  void addDeadLetter(ProducerRecord<byte[], byte[]> letter) {
    deadLetters.add(letter);
  }

  /** Letters that nobody has sent yet. */
  List<ProducerRecord<byte[], byte[]>> unsentDeadLetters() {
    return hasSentDeadLetters ? List.of() : deadLetters;
  }

  int deadLetters() {
    return deadLetters.size();
  }

  void sentDeadLetters() {
    hasSentDeadLetters = true;
  }

  void addWithoutRow() {
    withoutRow++;
  }

  int withoutRow() {
    return withoutRow;
  }

  void addTombstone() {
    tombstones++;
  }

  int tombstones() {
    return tombstones;
  }

  /** Counts an attempt that ClickHouse refused for the content; answers how many there were. */
  int refused() {
    return ++refusals;
  }

  /** Counts an attempt; answers how many there were. */
  int attempted() {
    return ++attempts;
  }

  /** Whether an attempt failed: nobody knows what of it is in ClickHouse. */
  boolean hasBeenAttempted() {
    return attempts > 0;
  }

  /** Looks for its rows that failed. */
  int failedLooks() {
    return failedLooks;
  }

  void lookFailed() {
    failedLooks++;
  }

  void quarantined() {
    isQuarantined = true;
  }

  boolean isQuarantined() {
    return isQuarantined;
  }
}
