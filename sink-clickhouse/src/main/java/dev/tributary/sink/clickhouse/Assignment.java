package dev.tributary.sink.clickhouse;

import dev.tributary.sink.clickhouse.core.Intent;
import dev.tributary.sink.clickhouse.core.TopicLayout;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions this member owns. A new one is taken over from its committed offset and, where a
 * block is pending, with exactly that block's bounds; before anything of it is polled.
 */
final class Assignment implements ConsumerRebalanceListener {
  private static final Logger LOGGER = LoggerFactory.getLogger(Assignment.class);

  private final Consumer<byte[], byte[]> consumer;
  private final Map<String, TopicLayout> layouts;
  private final SinkMetrics metrics;
  private final LostRange lostRange;
  private final Map<TopicPartition, PartitionWork> work = new HashMap<>();

  /**
   * No partitions yet.
   *
   * @param layouts layouts by topic name on the cluster
   */
  Assignment(
      Consumer<byte[], byte[]> consumer,
      Map<String, TopicLayout> layouts,
      SinkMetrics metrics,
      LostRange lostRange) {
    this.consumer = consumer;
    this.layouts = Map.copyOf(layouts);
    this.metrics = metrics;
    this.lostRange = lostRange;
  }

  /** All partitions; a copy is not made. */
  Collection<PartitionWork> all() {
    return work.values();
  }

  @Nullable PartitionWork of(String topic, int partition) {
    return work.get(new TopicPartition(topic, partition));
  }

  /** Whether the state is that of the present assignment, not of one before it. */
  boolean isCurrent(PartitionWork candidate) {
    return work.get(candidate.partition()) == candidate;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    if (partitions.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> committed =
        consumer.committed(new HashSet<>(partitions));
    List<TopicPartition> fresh =
        partitions.stream().filter(partition -> committed.get(partition) == null).toList();
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(fresh);
    for (TopicPartition partition : partitions) {
      OffsetAndMetadata offset = committed.get(partition);
      long start = offset != null ? offset.offset() : at(beginnings, partition);
      Intent pending = offset == null ? null : Intent.parse(start, offset.metadata()).orElse(null);
      takeOver(partition, start, pending);
    }
    LOGGER.atInfo().addKeyValue("partitions", partitions.size()).log("partitions taken over");
  }

  private void takeOver(TopicPartition partition, long start, @Nullable Intent pending) {
    TopicLayout layout = layouts.get(partition.topic());
    if (layout == null) {
      throw new IllegalStateException("not subscribed to " + partition.topic());
    }
    work.put(
        partition, new PartitionWork(partition, layout, start, pending, metrics.input(partition)));
    consumer.seek(partition, start);
    if (pending != null) {
      LOGGER
          .atInfo()
          .addKeyValue("topic", partition.topic())
          .addKeyValue("partition", partition.partition())
          .addKeyValue("first", pending.first())
          .addKeyValue("last", pending.last())
          .log("a block was announced and may not be there: it is loaded again as announced");
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    partitions.forEach(this::release);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    partitions.forEach(this::release);
  }

  /** Nothing to hand over: whoever comes next finds the announced block. */
  private void release(TopicPartition partition) {
    PartitionWork released = work.remove(partition);
    if (released != null) {
      released.abandoned();
      metrics.forget(partition);
    }
  }

  private static long at(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    Long offset = offsets.get(partition);
    if (offset == null) {
      throw new IllegalStateException("Kafka names no first offset of " + partition);
    }
    return offset;
  }

  /**
   * Records went by retention before they were loaded. What was read before them is loaded first;
   * then the next poll says so again.
   */
  void lost(Map<TopicPartition, Long> positions) {
    Map<TopicPartition, Long> gaps = new HashMap<>(positions);
    work.forEach(
        (partition, each) -> {
          if (each.isUnderWay() && gaps.remove(partition) != null) {
            each.holdBeforeGap();
          }
        });
    if (gaps.isEmpty()) {
      return;
    }
    Map<TopicPartition, Long> ends = new HashMap<>(consumer.beginningOffsets(gaps.keySet()));
    refuseShortened(gaps, ends);
    // The rest of an announced block would get another token, and its records may be there.
    gaps.replaceAll(
        (partition, position) -> pending(partition).map(Intent::first).orElse(position));
    ends.replaceAll(
        (partition, beginning) ->
            pending(partition)
                .map(block -> Math.max(beginning, block.last() + 1))
                .orElse(beginning));
    Map<String, String> offsets = new TreeMap<>();
    gaps.forEach(
        (partition, position) ->
            offsets.put(partition.toString(), position + ".." + (at(ends, partition) - 1)));
    if (lostRange == LostRange.STOP) {
      throw new SinkException(
          "records went by retention before they were loaded: offsets "
              + offsets
              + "; "
              + SinkConfig.LOST_RANGE.key()
              + " = continue goes on with what is left");
    }
    LOGGER
        .atError()
        .addKeyValue("offsets", offsets)
        .log("records are lost; going on after the gap");
    gaps.forEach(
        (partition, position) -> {
          long end = at(ends, partition);
          metrics.lost(partition, end - position);
          release(partition);
          takeOver(partition, end, null);
        });
  }

  /** Offsets of a topic that was made anew name other records, under tokens that were used. */
  private static void refuseShortened(
      Map<TopicPartition, Long> positions, Map<TopicPartition, Long> beginnings) {
    Map<String, Long> beyond = new TreeMap<>();
    positions.forEach(
        (partition, position) -> {
          if (at(beginnings, partition) <= position) {
            beyond.put(partition.toString(), position);
          }
        });
    if (!beyond.isEmpty()) {
      throw new SinkException(
          "partitions end before what was loaded of them, at offsets "
              + beyond
              + ": a topic was made anew, or lost its end; another "
              + SinkConfig.GROUP.key()
              + " and "
              + SinkConfig.DATABASE.key()
              + " load what it has now");
    }
  }

  private Optional<Intent> pending(TopicPartition partition) {
    PartitionWork present = work.get(partition);
    return present == null ? Optional.empty() : present.load().pending();
  }
}
