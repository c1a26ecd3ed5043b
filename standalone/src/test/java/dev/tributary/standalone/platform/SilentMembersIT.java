package dev.tributary.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.testing.KafkaTestCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

/** After a kill the groups still have their members, and give nobody else their partitions. */
class SilentMembersIT {
  private static final Duration POLL = Duration.ofMillis(100);

  @Test
  void membersOfOurGroups_areRemoved_andNobodyElses() throws Exception {
    try (KafkaTestCluster cluster = KafkaTestCluster.start()) {
      Settings settings =
          Settings.of(cluster.settings("any"))
              .with(Map.of(CommonSettings.APPLICATION_ID_PREFIX.key(), "acme"));
      cluster.create("spans", 1);
      leaveSilently(cluster, "acme-sink");
      leaveSilently(cluster, "acmeteam");
      assertThat(members(cluster, "acme-sink")).isEqualTo(1);

      SilentMembers.remove(settings);

      assertThat(members(cluster, "acme-sink")).isZero();
      assertThat(members(cluster, "acmeteam")).isEqualTo(1);
      assertThatCode(() -> SilentMembers.remove(settings)).doesNotThrowAnyException();
    }
  }

  private static void leaveSilently(KafkaTestCluster cluster, String group) {
    Map<String, Object> properties =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            cluster.bootstrapServers(),
            ConsumerConfig.GROUP_ID_CONFIG,
            group);
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.subscribe(List.of("spans"));
    while (consumer.assignment().isEmpty()) {
      consumer.poll(POLL);
    }
    consumer.close(
        CloseOptions.groupMembershipOperation(
            CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
  }

  private static int members(KafkaTestCluster cluster, String group) throws Exception {
    return cluster
        .admin()
        .describeConsumerGroups(List.of(group))
        .describedGroups()
        .get(group)
        .get()
        .members()
        .size();
  }
}
