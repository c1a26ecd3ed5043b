package dev.tributary.cost;

import dev.tributary.cost.core.Budget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The budgets in force, shared by all tasks of a topology; swapped as a whole when a manifest
 * comes.
 */
final class LoadedBudgets {

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

  private final Map<String, List<Budget>> byTenant = new HashMap<>();
  private volatile Loaded loaded = new Loaded(0, Map.of());

  /** Puts a tenant's budgets in force. */
  synchronized void swap(String tenant, List<Budget> budgets) {
    byTenant.put(tenant, List.copyOf(budgets));
    Map<String, List<Budget>> bySpend = new HashMap<>();
    for (List<Budget> all : byTenant.values()) {
      for (Budget budget : all) {
        bySpend.computeIfAbsent(budget.spendKey(), key -> new ArrayList<>()).add(budget);
      }
    }
    loaded = new Loaded(loaded.generation() + 1, bySpend);
  }

  Loaded current() {
    return loaded;
  }
}
