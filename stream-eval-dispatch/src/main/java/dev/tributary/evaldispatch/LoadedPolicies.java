package dev.tributary.evaldispatch;

import dev.tributary.evaldispatch.core.EvalPolicy;
import dev.tributary.runtime.reference.ReferenceData;
import dev.tributary.runtime.reference.ReferenceVersions;
import dev.tributary.schemas.Manifest;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Policies in force, shared by all tasks of a topology; swapped as a whole per tenant. A version
 * with a policy that cannot be read is refused whole: the one before stays in force.
 */
final class LoadedPolicies implements ReferenceVersions {
  private static final Logger LOGGER = LoggerFactory.getLogger(LoadedPolicies.class);

  private record Version(long number, List<EvalPolicy> policies) {}

  private final DispatchMetrics metrics;
  private volatile Map<String, Version> byTenant = Map.of();

  LoadedPolicies(DispatchMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public long activeVersion(String tenant) {
    Version version = byTenant.get(tenant);
    return version == null ? 0 : version.number();
  }

  @Override
  public void use(String tenant, List<Reference> timelines, Manifest manifest) {
    useUpTo(tenant, timelines, manifest.getVersion());
  }

  @Override
  public synchronized void useUpTo(String tenant, List<Reference> timelines, long version) {
    List<EvalPolicy> policies = new ArrayList<>();
    ReferenceData.forEachInForce(
        timelines,
        ReferenceKind.POLICY,
        version,
        (timeline, row) -> {
          EvalPolicy policy =
              PolicyReader.readPolicy(tenant, timeline.getId(), row.getPayloadJson());
          if (policy != null) {
            policies.add(policy);
          }
        });
    Map<String, Version> next = new HashMap<>(byTenant);
    next.put(tenant, new Version(version, List.copyOf(policies)));
    byTenant = Map.copyOf(next);
  }

  @Override
  public void refused(String tenant, String why) {
    metrics.referenceRefused();
    LOGGER
        .atError()
        .addKeyValue("tenant", tenant)
        .log("evaluation policies are refused, those before stay in force: {}", why);
  }

  List<EvalPolicy> of(String tenant) {
    Version version = byTenant.get(tenant);
    return version == null ? List.of() : version.policies();
  }

  @Nullable EvalPolicy find(String tenant, String id) {
    return of(tenant).stream().filter(policy -> policy.id().equals(id)).findFirst().orElse(null);
  }

  List<EvalPolicy> all() {
    List<EvalPolicy> all = new ArrayList<>();
    byTenant.values().forEach(version -> all.addAll(version.policies()));
    return all;
  }
}
