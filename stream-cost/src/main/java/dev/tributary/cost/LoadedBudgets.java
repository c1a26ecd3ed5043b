package dev.tributary.cost;

import dev.tributary.cost.core.Budget;
import dev.tributary.runtime.reference.ReferenceData;
import dev.tributary.runtime.reference.ReferenceVersions;
import dev.tributary.schemas.Manifest;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The budgets in force, shared by all tasks of a topology; swapped as a whole when a manifest
 * comes. A version with a budget that cannot be read, or by whose scope no spend is kept, is
 * refused whole: the one before stays in force.
 */
final class LoadedBudgets implements ReferenceVersions {
  private static final Logger LOGGER = LoggerFactory.getLogger(LoadedBudgets.class);

  /**
   * What is in force.
   *
   * @param generation grows with every change
   * @param bySpend budgets by the key of their spend
   */
  record Loaded(long generation, Map<String, List<Budget>> bySpend) {
    List<Budget> of(String spendKey) {
      return bySpend.getOrDefault(spendKey, List.of());
    }
  }

  private record Version(long number, List<Budget> budgets) {}

  private final CostMetrics metrics;
  private final BudgetScopes scopes;
  private final Map<String, Version> byTenant = new HashMap<>();
  private volatile Loaded loaded = new Loaded(0, Map.of());

  LoadedBudgets(CostMetrics metrics, BudgetScopes scopes) {
    this.metrics = metrics;
    this.scopes = scopes;
  }

  @Override
  public synchronized long activeVersion(String tenant) {
    Version version = byTenant.get(tenant);
    return version == null ? 0 : version.number();
  }

  @Override
  public void use(String tenant, List<Reference> timelines, Manifest manifest) {
    useUpTo(tenant, timelines, manifest.getVersion());
  }

  @Override
  public void useUpTo(String tenant, List<Reference> timelines, long version) {
    List<Budget> budgets = new ArrayList<>();
    ReferenceData.forEachInForce(
        timelines,
        ReferenceKind.BUDGET,
        version,
        (timeline, row) ->
            budgets.add(
                kept(
                    BudgetReader.readBudget(
                        "budget " + timeline.getId(), tenant, row.getPayloadJson()))));
    swap(tenant, version, budgets);
  }

  private Budget kept(Budget budget) {
    scopes
        .refusal(budget)
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(why);
            });
    return budget;
  }

  @Override
  public void refused(String tenant, String why) {
    metrics.referenceRefused();
    LOGGER
        .atError()
        .addKeyValue("tenant", tenant)
        .log("budgets are refused, those before stay in force: {}", why);
  }

  private synchronized void swap(String tenant, long version, List<Budget> budgets) {
    byTenant.put(tenant, new Version(version, List.copyOf(budgets)));
    Map<String, List<Budget>> bySpend = new HashMap<>();
    for (Version all : byTenant.values()) {
      for (Budget budget : all.budgets()) {
        bySpend.computeIfAbsent(budget.spendKey(), key -> new ArrayList<>()).add(budget);
      }
    }
    loaded = new Loaded(loaded.generation() + 1, bySpend);
  }

  Loaded current() {
    return loaded;
  }
}
