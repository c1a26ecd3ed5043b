package dev.tributary.alertrouter;

import dev.tributary.alertrouter.core.PolicyJson;
import dev.tributary.alertrouter.core.RoutingTable;
import dev.tributary.alertrouter.core.Silence;
import dev.tributary.alertrouter.core.TeamRouting;
import dev.tributary.schemas.Manifest;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.ReferenceRow;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reference data as it comes: ownership rules and policies, in force from their manifest on. Every
 * router reads all of it, from the beginning. One thread.
 */
final class ReferenceFeed implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Set<ReferenceKind> OURS =
      Set.of(ReferenceKind.OWNERSHIP, ReferenceKind.POLICY);

  private final Consumer<String, byte[]> consumer;
  private final TopicPartition partition;
  private final Deserializer<Reference> decoder;
  private final AlertRouterMetrics metrics;
  private final Map<String, Reference> rows = new HashMap<>();
  private final Map<String, Manifest> manifests = new HashMap<>();
  private RoutingTable.ByTenant tables = RoutingTable.ByTenant.EMPTY;

  ReferenceFeed(
      Consumer<String, byte[]> consumer,
      String topic,
      Deserializer<Reference> decoder,
      AlertRouterMetrics metrics) {
    this.consumer = consumer;
    this.partition = new TopicPartition(topic, 0);
    this.decoder = decoder;
    this.metrics = metrics;
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
  }

  /** Reads up to the end as it is now: before this no alert can be routed. */
  void catchUp() {
    Long end = consumer.endOffsets(List.of(partition)).get(partition);
    while (end != null && consumer.position(partition) < end) {
      take(POLL);
    }
  }

  /** Takes what has come meanwhile; true where something else is in force. */
  boolean refresh() {
    return take(Duration.ZERO);
  }

  /** What is in force. */
  RoutingTable.ByTenant tables() {
    return tables;
  }

  private boolean take(Duration timeout) {
    Set<String> changed = new HashSet<>();
    for (ConsumerRecord<String, byte[]> record : consumer.poll(timeout)) {
      Reference row = decode(record);
      if (row != null && row.getKind() == ReferenceKind.MANIFEST && row.getManifest() != null) {
        manifests.put(row.getTenant(), row.getManifest());
        changed.add(row.getTenant());
      } else if (row != null && OURS.contains(row.getKind())) {
        rows.put(record.key(), row);
      } else if (record.value() == null) {
        rows.remove(record.key());
      }
    }
    changed.forEach(tenant -> tables = tables.with(tenant, table(tenant)));
    return !changed.isEmpty();
  }

  private @Nullable Reference decode(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      return null;
    }
    try {
      return decoder.deserialize(record.topic(), record.value());
    } catch (SerializationException e) {
      metrics.error("reference", e);
      return null;
    }
  }

  private RoutingTable table(String tenant) {
    Manifest manifest = manifests.get(tenant);
    List<RoutingTable.Owner> owners = new ArrayList<>();
    List<Silence> silences = new ArrayList<>();
    List<TeamRouting> teams = new ArrayList<>();
    for (Reference timeline : rows.values()) {
      if (manifest == null || !timeline.getTenant().equals(tenant)) {
        continue;
      }
      for (ReferenceRow row : timeline.getTimeline()) {
        if (isIn(row, manifest.getVersion())) {
          add(timeline, row, owners, silences, teams);
        }
      }
    }
    return new RoutingTable(owners, silences, teams);
  }

  private static boolean isIn(ReferenceRow row, long version) {
    return row.getAddedIn() <= version
        && (row.getWithdrawnIn() == null || version < row.getWithdrawnIn());
  }

  /** One that cannot be read must not silence the others. */
  private void add(
      Reference timeline,
      ReferenceRow row,
      List<RoutingTable.Owner> owners,
      List<Silence> silences,
      List<TeamRouting> teams) {
    Instant from = time(row.getEffectiveFromUs());
    Instant until = time(row.getEffectiveUntilUs());
    try {
      if (timeline.getKind() == ReferenceKind.OWNERSHIP) {
        RoutingTable.Owner owner =
            PolicyJson.owner(timeline.getId(), row.getPayloadJson(), from, until);
        if (owner != null) {
          owners.add(owner);
        }
      } else {
        PolicyJson.Policy policy =
            PolicyJson.policy(timeline.getId(), row.getPayloadJson(), from, until);
        policy.silence().ifPresent(silences::add);
        policy.team().ifPresent(teams::add);
      }
    } catch (IllegalArgumentException e) {
      metrics.policyRefused(timeline.getTenant(), String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Instant time(@Nullable Long us) {
    return us == null ? null : Instant.EPOCH.plus(us, ChronoUnit.MICROS);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
