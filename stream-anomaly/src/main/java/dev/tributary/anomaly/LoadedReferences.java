package dev.tributary.anomaly;

import dev.tributary.anomaly.core.group.Owners;
import dev.tributary.anomaly.core.group.Owners.OwnerRule;
import dev.tributary.anomaly.core.series.PolicyRow;
import dev.tributary.anomaly.core.series.RuleBook;
import dev.tributary.anomaly.core.watch.QueuePolicy;
import dev.tributary.anomaly.core.watch.QueueRules;
import dev.tributary.runtime.reference.ReferenceData;
import dev.tributary.runtime.reference.ReferenceVersions;
import dev.tributary.schemas.Manifest;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Policies and owners in force, shared by all tasks of a topology; swapped as a whole when a
 * manifest comes. A version with a row that cannot be read, or with policies that contradict each
 * other, is refused whole: the one before stays in force.
 */
final class LoadedReferences implements ReferenceVersions {
  private static final Logger LOGGER = LoggerFactory.getLogger(LoadedReferences.class);

  /** What is in force for a tenant. */
  record Loaded(long version, RuleBook rules, QueueRules queues, Owners owners) {
    static final Loaded NONE = new Loaded(0, RuleBook.DEFAULTS, QueueRules.DEFAULTS, Owners.NONE);
  }

  private final Map<String, Loaded> byTenant = new ConcurrentHashMap<>();
  private final AnomalyMetrics metrics;

  LoadedReferences(AnomalyMetrics metrics) {
    this.metrics = metrics;
  }

  Loaded of(String tenant) {
    return byTenant.getOrDefault(tenant, Loaded.NONE);
  }

  /** Who owns what of a tenant at a time of its records. */
  Owners owners(String tenant, long atUs) {
    return of(tenant).owners().at(atUs);
  }

  @Override
  public long activeVersion(String tenant) {
    return of(tenant).version();
  }

  @Override
  public void use(String tenant, List<Reference> timelines, Manifest manifest) {
    useUpTo(tenant, timelines, manifest.getVersion());
  }

  @Override
  public void useUpTo(String tenant, List<Reference> timelines, long version) {
    List<PolicyRow> policies = new ArrayList<>();
    List<QueuePolicy> queues = new ArrayList<>();
    ReferenceData.forEachInForce(
        timelines,
        ReferenceKind.POLICY,
        version,
        (timeline, row) -> {
          PolicyRow policy = PolicyReader.readRow(name(timeline), row.getPayloadJson());
          if (policy != null) {
            policies.add(policy);
          }
          QueuePolicy queue = PolicyReader.readQueueRow(name(timeline), row.getPayloadJson());
          if (queue != null) {
            queues.add(queue);
          }
        });
    List<OwnerRule> owners = new ArrayList<>();
    ReferenceData.forEachInForce(
        timelines,
        ReferenceKind.OWNERSHIP,
        version,
        (timeline, row) -> {
          OwnerRule owner = OwnerReader.readRule(name(timeline), row.getPayloadJson());
          if (owner != null) {
            owners.add(owner.within(row.getEffectiveFromUs(), row.getEffectiveUntilUs()));
          }
        });
    byTenant.put(
        tenant,
        new Loaded(version, new RuleBook(policies), new QueueRules(queues), new Owners(owners)));
  }

  private static String name(Reference timeline) {
    return timeline.getKind() + " " + timeline.getId();
  }

  @Override
  public void refused(String tenant, String why) {
    metrics.referenceRefused();
    LOGGER
        .atError()
        .addKeyValue("tenant", tenant)
        .log("policies or owners are refused, those before stay in force: {}", why);
  }
}
