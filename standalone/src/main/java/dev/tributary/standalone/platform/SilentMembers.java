package dev.tributary.standalone.platform;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.ClientProperties;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Members that an instance which was killed left in its groups. Their partitions would wait for a
 * session's time, up to 45 seconds, although nobody of them comes back: broker and applications
 * were one process.
 */
final class SilentMembers {
  private static final Logger LOG = LoggerFactory.getLogger(SilentMembers.class);

  /** Without an answer in this time the start goes on, and waits for the sessions instead. */
  private static final int PATIENCE_MS = 10_000;

  private static final ListGroupsOptions WITH_CLASSIC_ONES =
      new ListGroupsOptions().withTypes(Set.of(GroupType.CLASSIC));

  private SilentMembers() {}

  /**
   * Removes all members of the groups of this instance's applications, and of those whose names
   * begin as theirs do; to be called before they join. Somebody's who runs joins again. Groups of
   * others are left alone.
   */
  static void remove(Settings settings) {
    String prefix = settings.get(CommonSettings.APPLICATION_ID_PREFIX) + "-";
    Set<String> known = Set.copyOf(Lag.groups(settings).values());
    Properties properties = ClientProperties.admin(settings);
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS);
    try (Admin admin = Admin.create(properties)) {
      awaitCoordinators(admin, known);
      for (GroupListing group :
          admin.listGroups(WITH_CLASSIC_ONES).all().get(PATIENCE_MS, MILLISECONDS)) {
        boolean isOurs = group.groupId().startsWith(prefix) || known.contains(group.groupId());
        boolean isEmpty = group.groupState().orElse(GroupState.UNKNOWN) == GroupState.EMPTY;
        if (isOurs && !isEmpty) {
          remove(admin, group.groupId());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("members of a killed instance are not removed, their sessions have to end", e);
    }
  }

  private static void remove(Admin admin, String group)
      throws InterruptedException, TimeoutException {
    try {
      admin
          .removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
          .all()
          .get(PATIENCE_MS, MILLISECONDS);
      LOG.info("removed the members that a killed instance left in group {}", group);
    } catch (ExecutionException e) {
      LOG.warn("members of group {} are not removed, their sessions have to end", group, e);
    }
  }

  /** One that is still loading lists no groups; asked for the offsets of a group it waits. */
  private static void awaitCoordinators(Admin admin, Set<String> groups)
      throws ExecutionException, InterruptedException, TimeoutException {
    Map<String, ListConsumerGroupOffsetsSpec> all = new HashMap<>();
    groups.forEach(group -> all.put(group, new ListConsumerGroupOffsetsSpec()));
    admin.listConsumerGroupOffsets(all).all().get(PATIENCE_MS, MILLISECONDS);
  }
}
