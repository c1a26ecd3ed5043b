package dev.tributary.runtime.run;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** How far a consumer group is behind, in records that a committed reader would see offsets of. */
public final class GroupLag {
  private static final long TIMEOUT_S = 30;

  private GroupLag() {}

  /**
   * The lag of each partition the group has committed an offset for.
   *
   * @param group an application id or consumer group
   * @return empty when the group does not exist
   * @throws TopicException when the cluster does not answer
   */
  public static Map<TopicPartition, Long> of(Admin admin, String group) {
    try {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get(TIMEOUT_S, TimeUnit.SECONDS);
      Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
      committed.forEach((partition, offset) -> asked.put(partition, OffsetSpec.latest()));
      Map<TopicPartition, ListOffsetsResultInfo> ends =
          admin
              .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
              .all()
              .get(TIMEOUT_S, TimeUnit.SECONDS);
      Map<TopicPartition, Long> lag =
          new TreeMap<>(
              Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
      ends.forEach(
          (partition, end) -> {
            OffsetAndMetadata offset = committed.get(partition);
            if (offset != null) {
              lag.put(partition, Math.max(0, end.offset() - offset.offset()));
            }
          });
      return lag;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TopicException("interrupted while asking for the lag of " + group, e);
    } catch (ExecutionException | TimeoutException e) {
      throw new TopicException("cannot ask for the lag of " + group, e);
    }
  }
}
