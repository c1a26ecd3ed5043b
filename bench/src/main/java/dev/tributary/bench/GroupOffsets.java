package dev.tributary.bench;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.ClientProperties;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How far a topic is written, and how far a group has taken it. For one thread at a time. */
final class GroupOffsets implements AutoCloseable {
  private final Admin admin;
  private final String group;
  private final String topic;

  GroupOffsets(Settings settings, String group, String topic) {
    this.admin = Admin.create(ClientProperties.admin(settings));
    this.group = group;
    this.topic = topic;
  }

  /** The next offset of each partition. */
  Map<Integer, Long> ends() throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> asked =
        IntStream.range(0, Lab.PARTITIONS)
            .mapToObj(partition -> new TopicPartition(topic, partition))
            .collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest()));
    Map<Integer, Long> ends = new HashMap<>();
    admin
        .listOffsets(asked)
        .all()
        .get()
        .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
    return ends;
  }

  /** What the group has committed of each partition; nothing of those it has not begun. */
  Map<Integer, Long> committed() throws ExecutionException, InterruptedException {
    Map<Integer, Long> committed = new HashMap<>();
    for (Map.Entry<TopicPartition, OffsetAndMetadata> each :
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet()) {
      if (each.getKey().topic().equals(topic) && each.getValue() != null) {
        committed.put(each.getKey().partition(), each.getValue().offset());
      }
    }
    return committed;
  }

  /** Records up to some ends that are not committed. */
  static long behind(Map<Integer, Long> committed, Map<Integer, Long> ends) {
    long behind = 0;
    for (Map.Entry<Integer, Long> end : ends.entrySet()) {
      behind += Math.max(0, end.getValue() - committed.getOrDefault(end.getKey(), 0L));
    }
    return behind;
  }

  @Override
  public void close() {
    admin.close();
  }
}
