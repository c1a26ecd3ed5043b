package dev.tributary.standalone.correct;

import dev.tributary.attribution.AttributionMain;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.runtime.run.SettingsSerdes;
import dev.tributary.runtime.run.StreamsProperties;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.SinkConfig;
import dev.tributary.standalone.platform.PlatformException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** What every correction needs of the cluster: topics, the owner's progress and the loader's. */
public final class CorrectionClients implements AutoCloseable {
  private static final long POLL_MS = 200;

  private final Settings settings;
  private final TopicNames names;
  private final TopicSerdes serdes;
  private final Admin admin;
  private final Duration patience;

  private CorrectionClients(Settings settings, Duration patience) {
    this.settings = settings;
    this.names = new TopicNames(settings.get(CommonSettings.TOPIC_PREFIX));
    this.serdes = SettingsSerdes.of(settings);
    this.admin = Admin.create(ClientProperties.admin(settings));
    this.patience = patience;
  }

  /**
   * Clients for a cluster.
   *
   * @param patience how long to wait for the owner of the ledger, and for ClickHouse
   */
  public static CorrectionClients open(Settings settings, Duration patience) {
    return new CorrectionClients(settings, patience);
  }

  Settings settings() {
    return settings;
  }

  TopicSerdes serdes() {
    return serdes;
  }

  Admin admin() {
    return admin;
  }

  String name(Topic<?, ?> topic) {
    return names.of(topic);
  }

  TopicNames names() {
    return names;
  }

  /** A reader of a topic's committed records. */
  <V> TopicReader<V> reader(Topic<String, V> topic) {
    return new TopicReader<>(this, name(topic), serdes.value(topic).deserializer());
  }

  /** A reader of a topic that holds the same records under another name. */
  <V> TopicReader<V> reader(String topicName, Topic<String, V> like) {
    return new TopicReader<>(this, topicName, serdes.value(like).deserializer());
  }

  /** Partitions of a topic, ascending. */
  List<TopicPartition> partitions(String topic) {
    try {
      List<TopicPartition> partitions = new ArrayList<>();
      admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get()
          .values()
          .forEach(
              description ->
                  description
                      .partitions()
                      .forEach(
                          info -> partitions.add(new TopicPartition(topic, info.partition()))));
      partitions.sort(java.util.Comparator.comparingInt(TopicPartition::partition));
      return partitions;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("interrupted while asking for the partitions of " + topic, e);
    } catch (ExecutionException e) {
      throw new PlatformException("cannot describe topic " + topic + ": " + e.getCause(), e);
    }
  }

  /**
   * Where a topic ends, records of open transactions included: who has read up to here has seen
   * everything that was written before the call.
   */
  Map<TopicPartition, Long> ends(String topic) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions(topic).forEach(partition -> asked.put(partition, OffsetSpec.latest()));
    return offsets(asked);
  }

  Map<TopicPartition, Long> offsets(Map<TopicPartition, OffsetSpec> asked) {
    try {
      Map<TopicPartition, Long> ends = new HashMap<>();
      admin.listOffsets(asked).all().get().forEach((key, end) -> ends.put(key, end.offset()));
      return ends;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("interrupted while asking for offsets", e);
    } catch (ExecutionException e) {
      throw new PlatformException("cannot ask for offsets: " + e.getCause(), e);
    }
  }

  /** How many records before these offsets the ledger's owner has not applied. */
  long notApplied(Map<TopicPartition, Long> targets) {
    return missing(ownerGroup(), targets).values().stream().mapToLong(Long::longValue).sum();
  }

  private String ownerGroup() {
    return StreamsProperties.applicationId(AttributionMain.APP.name(), settings);
  }

  /** Waits until the ledger's owner has applied the commands before these offsets. */
  void awaitOwner(Map<TopicPartition, Long> targets) {
    String group = ownerGroup();
    await(group, targets, "the owner of the ledger (" + group + ") has not applied all commands");
  }

  /** Waits until everything in the ledger now is in ClickHouse, and answers where it ends. */
  void awaitClickHouse() {
    String group = settings.get(SinkConfig.GROUP);
    await(
        group,
        ends(name(Topics.LEDGER)),
        "not all entries of the ledger are in ClickHouse (loader " + group + ")");
  }

  private void await(String group, Map<TopicPartition, Long> targets, String complaint) {
    long deadline = System.nanoTime() + patience.toNanos();
    Map<TopicPartition, Long> missing = missing(group, targets);
    while (!missing.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new PlatformException(
            "%s after %d s; records missing by partition: %s"
                .formatted(complaint, patience.toSeconds(), missing));
      }
      pause();
      missing = missing(group, targets);
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("interrupted while waiting", e);
    }
  }

  /** How many records a group has not committed of those before the targets. */
  Map<TopicPartition, Long> missing(String group, Map<TopicPartition, Long> targets) {
    Map<TopicPartition, OffsetAndMetadata> committed;
    try {
      committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("interrupted while asking for the progress of " + group, e);
    } catch (ExecutionException e) {
      throw new PlatformException(
          "cannot ask for the progress of " + group + ": " + e.getCause(), e);
    }
    Map<TopicPartition, Long> missing =
        new TreeMap<>(
            java.util.Comparator.comparing(TopicPartition::topic)
                .thenComparingInt(TopicPartition::partition));
    targets.forEach(
        (partition, target) -> {
          OffsetAndMetadata at = committed.get(partition);
          long behind = target - (at == null ? 0 : at.offset());
          if (behind > 0) {
            missing.put(partition, behind);
          }
        });
    return missing;
  }

  @Override
  public void close() {
    admin.close();
    serdes.close();
  }
}
