package dev.tributary.standalone.erasure;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.standalone.platform.PlatformException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/** Whether a consumer group has read what is in a topic now. */
final class GroupProgress implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Admin admin;

  private GroupProgress(Admin admin) {
    this.admin = admin;
  }

  static GroupProgress open(Settings settings) {
    return new GroupProgress(Admin.create(ClientProperties.admin(settings)));
  }

  /**
   * Waits until the group has committed every offset that is in the topic at this moment, those of
   * open transactions included: a producer's own progress may be known before its output is marked
   * as committed.
   *
   * @throws PlatformException when it has not within ten minutes, or Kafka does not answer
   */
  void awaitCaughtUp(String group, String topic) throws InterruptedException {
    try {
      Map<TopicPartition, Long> ends = ends(topic);
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!hasRead(group, ends)) {
        if (System.nanoTime() > deadline) {
          throw new PlatformException(
              "group " + group + " has not read " + topic + " within ten minutes; is it running?");
        }
        TimeUnit.MILLISECONDS.sleep(250);
      }
    } catch (ExecutionException e) {
      throw new PlatformException("Kafka: " + e.getCause(), e);
    }
  }

  /** Whether the group has committed what is before these offsets. */
  boolean hasRead(String group, Map<TopicPartition, Long> ends)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    return ends.entrySet().stream().noneMatch(end -> isBehind(committed.get(end.getKey()), end));
  }

  private static boolean isBehind(@Nullable OffsetAndMetadata committed, Map.Entry<?, Long> end) {
    return end.getValue() > 0 && (committed == null || committed.offset() < end.getValue());
  }

  /** Where the topic ends now, open transactions included. */
  Map<TopicPartition, Long> ends(String topic) throws ExecutionException, InterruptedException {
    TopicDescription description =
        Objects.requireNonNull(
            admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic), topic);
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    for (TopicPartitionInfo partition : description.partitions()) {
      latest.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest());
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin
        .listOffsets(latest)
        .all()
        .get()
        .forEach((partition, info) -> ends.put(partition, info.offset()));
    return ends;
  }

  @Override
  public void close() {
    admin.close();
  }
}
