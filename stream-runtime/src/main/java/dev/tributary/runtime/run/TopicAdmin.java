package dev.tributary.runtime.run;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.TopicNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates topics of the catalogue on a cluster and checks those that exist. */
public final class TopicAdmin implements AutoCloseable {
  private static final long TIMEOUT_S = 30;
  private static final int LOOKS = 10;
  private static final long PAUSE_MS = 300;

  private final Admin admin;
  private final TopicNames names;
  private final int replicationFactor;
  private final int partitions;

  /**
   * An administrator of the cluster the settings name.
   *
   * @throws org.apache.kafka.common.KafkaException when no client can be made from the settings
   */
  public static TopicAdmin of(Settings settings) {
    return new TopicAdmin(
        Admin.create(ClientProperties.admin(settings)),
        new TopicNames(settings.get(CommonSettings.TOPIC_PREFIX)),
        settings.get(CommonSettings.REPLICATION_FACTOR),
        settings.get(CommonSettings.PARTITIONS));
  }

  /**
   * An administrator.
   *
   * @param admin closed with this
   * @param replicationFactor -1: the broker's default
   * @param partitions of every topic that may be scaled; 0: the catalogue's
   */
  public TopicAdmin(Admin admin, TopicNames names, int replicationFactor, int partitions) {
    this.admin = admin;
    this.names = names;
    this.replicationFactor = replicationFactor;
    this.partitions = partitions;
  }

  /** The partition count a topic is to have here. */
  public int partitionsOf(Topic<?, ?> topic) {
    return partitions == 0 || topic.isSinglePartition() ? topic.partitions() : partitions;
  }

  /** Creates those of the topics that do not exist; leaves the others as they are. */
  public void create(Collection<? extends Topic<?, ?>> topics) {
    create(topics, Map.of());
  }

  /**
   * Creates those of the topics that do not exist.
   *
   * @param overrides topic configuration that wins over the catalogue's, as {@code retention.ms=-1}
   *     for topics that are to hold old event times
   */
  public void create(Collection<? extends Topic<?, ?>> topics, Map<String, String> overrides) {
    List<NewTopic> wanted = new ArrayList<>();
    for (Topic<?, ?> topic : topics) {
      Map<String, String> config = new HashMap<>(topic.config());
      config.putAll(Topic.inSyncConfig(replicationFactor));
      config.putAll(overrides);
      Optional<Short> factor =
          replicationFactor == -1 ? Optional.empty() : Optional.of((short) replicationFactor);
      wanted.add(
          new NewTopic(names.of(topic), Optional.of(partitionsOf(topic)), factor).configs(config));
    }
    for (Map.Entry<String, KafkaFuture<Void>> created :
        admin.createTopics(wanted).values().entrySet()) {
      try {
        await(created.getValue());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw new TopicException("cannot create " + created.getKey() + ": " + e.getMessage(), e);
        }
      }
    }
  }

  /**
   * Checks that topics exist with their partition counts, and that every co-partitioned group has
   * one count, also with the members of the group that exist but are not asked for.
   *
   * @param group all topics that may share a group with those needed, usually the whole catalogue
   * @throws TopicException naming every problem
   */
  public void check(
      Collection<? extends Topic<?, ?>> needed, Collection<? extends Topic<?, ?>> group) {
    List<String> problems = problems(needed, group);
    // A topic that was just created is known to the broker that answers a moment later.
    for (int look = 1; look < LOOKS && !problems.isEmpty(); look++) {
      pause();
      problems = problems(needed, group);
    }
    if (!problems.isEmpty()) {
      throw new TopicException(problems);
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TopicException("interrupted while looking for topics", e);
    }
  }

  private List<String> problems(
      Collection<? extends Topic<?, ?>> needed, Collection<? extends Topic<?, ?>> group) {
    Map<String, Topic<?, ?>> asked = new LinkedHashMap<>();
    needed.forEach(topic -> asked.put(names.of(topic), topic));
    for (Topic<?, ?> topic : group) {
      if (topic.coPartitionGroup() != null) {
        asked.putIfAbsent(names.of(topic), topic);
      }
    }
    Map<String, Integer> found = partitionCounts(asked.keySet());
    List<String> problems = new ArrayList<>();
    for (Topic<?, ?> topic : needed) {
      String name = names.of(topic);
      Integer count = found.get(name);
      int wanted = partitionsOf(topic);
      if (count == null) {
        problems.add(name + " does not exist");
      } else if (count != wanted) {
        problems.add(name + " has " + count + " partitions, not " + wanted);
      }
    }
    problems.addAll(groupProblems(needed, asked, found));
    return problems;
  }

  private static List<String> groupProblems(
      Collection<? extends Topic<?, ?>> needed,
      Map<String, Topic<?, ?>> asked,
      Map<String, Integer> found) {
    Map<String, Map<String, Integer>> groups = new TreeMap<>();
    for (Topic<?, ?> topic : needed) {
      if (topic.coPartitionGroup() != null) {
        groups.put(topic.coPartitionGroup(), new TreeMap<>());
      }
    }
    found.forEach(
        (name, count) -> {
          Topic<?, ?> topic = asked.get(name);
          String group = topic == null ? null : topic.coPartitionGroup();
          Map<String, Integer> members = group == null ? null : groups.get(group);
          if (members != null) {
            members.put(name, count);
          }
        });
    List<String> problems = new ArrayList<>();
    groups.forEach(
        (group, members) -> {
          if (members.values().stream().distinct().count() > 1) {
            problems.add("co-partitioned by " + group + " but of different counts: " + members);
          }
        });
    return problems;
  }

  /** The partition counts of those of the topics that exist, by name. */
  private Map<String, Integer> partitionCounts(Collection<String> topics) {
    Map<String, Integer> counts = new HashMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> asked :
        admin.describeTopics(topics).topicNameValues().entrySet()) {
      try {
        counts.put(asked.getKey(), await(asked.getValue()).partitions().size());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw new TopicException("cannot describe " + asked.getKey() + ": " + e.getMessage(), e);
        }
      }
    }
    return counts;
  }

  /** The client behind it, for what is not here. */
  public Admin admin() {
    return admin;
  }

  private static <T> T await(KafkaFuture<T> future) throws ExecutionException {
    try {
      return future.get(TIMEOUT_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TopicException("interrupted while asking the cluster", e);
    } catch (TimeoutException e) {
      throw new TopicException("the cluster did not answer within " + TIMEOUT_S + " s", e);
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
