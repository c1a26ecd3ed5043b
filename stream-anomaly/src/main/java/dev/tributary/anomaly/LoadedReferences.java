package dev.tributary.anomaly;

import dev.tributary.anomaly.core.group.Owners;
import dev.tributary.anomaly.core.series.RuleBook;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Policies and owners in force, shared by all tasks of a topology; swapped as a whole when a
 * manifest comes.
 */
final class LoadedReferences {
  /** What is in force for a tenant. */
  record Loaded(RuleBook rules, Owners owners) {
    static final Loaded NONE = new Loaded(RuleBook.DEFAULTS, Owners.NONE);
  }

  private final Map<String, Loaded> byTenant = new ConcurrentHashMap<>();

  void swap(String tenant, Loaded loaded) {
    byTenant.put(tenant, loaded);
  }

  Loaded of(String tenant) {
    return byTenant.getOrDefault(tenant, Loaded.NONE);
  }
}
